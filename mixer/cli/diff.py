"""`mixer diff`: two mixtures compared."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import FOLDER


@click.command()
@click.argument("before", type=FOLDER)
@click.argument("after", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Compare two built mixtures: rows that left, came and stayed, shares by column.

    \b
    Example:
      mixer diff mixtures/last-week mixtures/quickstart
    """
    from mixer.phases.diff import difference
    from mixer.report.diff import print_difference

    found = difference(before, after)
    if as_json:
        print_json(found)
    else:
        print_difference(found)
