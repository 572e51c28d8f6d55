"""`mixer inspect`: category statistics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import workers_option
from mixer.errors import MixerError

if TYPE_CHECKING:
    from mixer.phases.inspect import Inspected


@click.command()
@click.argument("path", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--by", multiple=True, metavar="COLUMN", help="At most twice: a cross-table.")
@click.option("--unsure", type=click.IntRange(1), help="So many rows with uncertain labels.")
@click.option("--format", "format_name", help="Format of data files, see `mixer formats`.")
@click.option("--language/--no-language", default=True, help="Identify languages of data files.")
@workers_option
@click.option("--json", "as_json", is_flag=True, help="Tables as JSON.")
def inspect(  # noqa: PLR0913 - one parameter an option
    path: Path,
    by: tuple[str, ...],
    unsure: int | None,
    format_name: str | None,
    language: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Category statistics of PATH: a mixture, a working folder, or data files with --format (`-`:
    what is piped in).

    With --unsure the rows whose task type and form the model is least certain of, least certain
    first, to be judged by reading; alone, or after the tables of --by.

    \b
    Example:
      mixer inspect mixtures/quickstart --by form --by source
      mixer inspect mixtures/quickstart --unsure 20
      mixer inspect my.jsonl --format messages
    """
    if len(by) > 2:
        raise click.UsageError("--by may be given at most twice")
    from mixer.report import inspect as report
    from mixer.report.unsure import print_unsure

    found = _inspected(path, (format_name, language), workers, unsure or 0)
    tables = report.tables(found.frame, by) if by or unsure is None else {}
    if as_json:
        told = report.as_json(tables)
        print_json(told if unsure is None else {**told, "unsure": found.unsure})
        return
    report.print_tables(tables, found.frame)
    if unsure is not None:
        print_unsure(found.unsure)


def _inspected(
    path: Path, data: tuple[str | None, bool], workers: int | None, unsure: int
) -> Inspected:
    """`data`: the format of data files, and whether to identify their languages."""
    from mixer.engines.local import local_engine
    from mixer.phases.inspect import inspect_files, inspect_mixture, inspect_work
    from mixer.pipeline import is_mixture

    format_name, language = data
    if format_name:
        with local_engine(workers or 1) as engine:
            return inspect_files(str(path), format_name, engine, language, unsure)
    if is_mixture(path):
        return inspect_mixture(path, unsure)
    if (path / "read").is_dir():
        return inspect_work(path, unsure)
    raise MixerError(
        f"{path} is neither a mixture nor a working folder: for data, add --format; "
        f"try: mixer guess {path}"
    )
