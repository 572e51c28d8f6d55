"""`mixer guess`: which format a file has."""

from __future__ import annotations

import click

from mixer.cli.json_answer import print_json


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def guess(files: tuple[str, ...], as_json: bool) -> None:
    """Find out the format of each FILE (also folders and patterns; `-`: what is piped in).

    Shows which formats parse how many of the rows, which fields they read and which at most go to
    meta, three rows as they are read, and a recipe to start from. Of formats that fit equally well
    all are named, with what tells them apart. Exit code 1 if none fits half of the rows.

    \b
    Example:
      mixer guess my.jsonl
      mixer guess data/ more/*.parquet
    """
    from mixer.guess_verb import check_fit, guess
    from mixer.report.guess import as_json_value, print_guess

    told = guess(list(files))
    if as_json:
        print_json(as_json_value(told))
    elif told.groups or len(told.files) > 1:
        print_guess(told)
    check_fit(told)
