"""`mixer dedup`: near-duplicates in data files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import Share


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--format", "format_name", help="Format of the files, see `mixer formats`.")
@click.option(
    "--prompt", multiple=True, metavar="COLUMN", help="Column of the prompt; again: more."
)
@click.option("--answer", multiple=True, metavar="COLUMN", help="Column of an answer; again: more.")
@click.option("--on", type=click.Choice(["record", "prompt", "answer"]), default="record")
@click.option("--threshold", type=Share(0.1, 1), default=0.8, show_default=True)
@click.option("--keep", type=click.Choice(["priority", "longest"]), default="priority")
@click.option("--show", type=click.IntRange(0), default=0, help="So many pairs, least alike first.")
@click.option("--pairs", type=click.Path(path_type=Path), help="Save all pairs, to cut again.")
@click.option("--out", type=click.Path(path_type=Path), help="Rows that stay: a file or folder.")
@click.option("--workers", type=click.IntRange(1), help="Threads; default: one a processor.")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def dedup(files: tuple[Path, ...], out: Path | None, as_json: bool, **options: Any) -> None:
    """Near-duplicates in FILES (`-`: what is piped in): whose prompts and answers are each alike.

    Earlier files and rows stay (--keep priority), and a row goes only for one that stays. Columns
    are told by their names, by --prompt and --answer, or by --format. Without --out nothing is
    written. With --pairs, a run at a higher --threshold has nothing to compare again.

    \b
    Example:
      mixer dedup my.jsonl more.parquet --show 5 --out clean
      mixer dedup my.jsonl --on prompt --threshold 0.7 --pairs my.pairs.parquet
    """
    from mixer.dedup_verb import dedup_files
    from mixer.report.repeats import as_json_value, print_repeats

    if options["format_name"] and (options["prompt"] or options["answer"]):
        raise click.UsageError("--format says what prompt and answer are: leave --prompt away")
    told = dedup_files(list(files), out, options)
    if as_json:
        print_json(as_json_value(told))
    else:
        print_repeats(told)
    if out is not None:
        click.echo(f"written to {out}", err=as_json)
