"""`mixer why`: the fate and lineage of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import FOLDER


@click.command()
@click.argument("mixture", type=FOLDER)
@click.argument("identity", metavar="[ID]", required=False)
@click.option("--source", help="Of the upstream row, in place of ID.")
@click.option("--row", type=click.IntRange(1), help="Its number in its file, from 1.")
@click.option("--file", metavar="LABEL", help="Its file, where the source has several.")
@click.option(
    "--data",
    type=FOLDER,
    help="Folder with upstream's files; default: where the recipe finds them.",
)
@click.option("--json", "as_json", is_flag=True, help="The story as JSON; of a row, a list.")
def why(mixture: Path, identity: str | None, data: Path | None, as_json: bool, **row: Any) -> None:
    """Tell the fate and lineage of the record ID of MIXTURE, or of all records made of an upstream
    row, and show that row where its file is at hand and unchanged.

    \b
    Example:
      mixer why mixtures/quickstart my-instructions/alpaca/my_instructions.json:3
      mixer why mixtures/quickstart --source dolly --row 3
    """
    from mixer.phases.why import story, told, with_upstream
    from mixer.phases.why_row import ids_of_row

    by_row = row["source"] is not None and row["row"] is not None
    if by_row == (identity is not None) or (identity and any(row.values())):
        raise click.UsageError("give an ID, or --source and --row (and --file)")
    ids = [identity] if identity else ids_of_row(mixture, row["source"], row["row"], row["file"])
    found = [with_upstream(mixture, story(mixture, each), data) for each in ids]
    if as_json:
        print_json(found[0] if identity else found)
    else:
        click.echo("\n\n".join(told(each) for each in found))
