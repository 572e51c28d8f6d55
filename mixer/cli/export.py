"""`mixer export`: a mixture for another tool."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.options import FOLDER


@click.command()
@click.argument("mixture", type=FOLDER)
@click.option("--to", "name", required=True, type=click.Choice(["huggingface", "parquet", "jsonl"]))
@click.argument("out", type=click.Path(path_type=Path))
def export(mixture: Path, name: str, out: Path) -> None:
    """Write MIXTURE for another tool into the folder OUT.

    \b
    huggingface  DatasetDict for datasets.load_from_disk
    parquet      plain Parquet files, a folder a configuration
    jsonl        JSON lines, a file a configuration
    \b
    Example:
      mixer export mixtures/quickstart --to jsonl /tmp/quickstart-jsonl
    """
    from mixer.pipeline import export

    export(mixture, name, out)
    click.echo(f"written to {out}")
