"""`mixer push`: a mixture on the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mixer.cli.options import FOLDER


@click.command()
@click.argument("mixture", type=FOLDER)
@click.argument("repository", metavar="REPO")
@click.option("--private/--public", default=True, show_default=True, help="Who may see it.")
@click.option("--yes-i-may-share", "may_share", is_flag=True, help="Where licences do not say so.")
@click.option("--revision", metavar="BRANCH", help="A branch that is there; default: main.")
@click.option("--message", metavar="TEXT", help="Of the commit.")
@click.option("--with-exports", is_flag=True, help="exports/ too, the same rows again.")
@click.option("--with-quarantine", is_flag=True, help="quarantine.parquet too: raw text.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes that check files; default: one a processor.",
)
def push(mixture: Path, repository: str, **options: Any) -> None:
    """Upload MIXTURE to the Hugging Face hub as the dataset REPO, in one commit.

    REPO is owner/name; it is made if it is not there, private unless --public. It then holds this
    mixture alone: files of an earlier one are deleted in the same commit. quarantine.parquet (raw
    text of rows that did not parse, with whatever made them fail) and exports/ stay here unless
    asked for. The token is that of `hf auth login` or HF_TOKEN.

    \b
    Example:
      mixer push mixtures/quickstart me/quickstart --dry-run
    """
    from mixer.push_verb import Asked, push

    push(mixture, repository, Asked(**options), click.echo)
