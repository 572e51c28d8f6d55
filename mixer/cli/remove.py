"""`mixer remove`: records taken out of a mixture."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import click

from mixer.cli.options import Share, workers_option


@click.command()
@click.argument("mixture", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--ids", type=click.File("rb"), help="Records: a file with one id a line, - is stdin."
)
@click.option("--source", help="All records of a source.")
@click.option("--match", metavar="REGEX", help="All whose text it matches (RE2; (?i): any case).")
@click.option("--near", type=Share(0.1, 1), help="And what is so similar to them.")
@click.option("--out", type=click.Path(path_type=Path), help="A new folder; MIXTURE stays.")
@click.option("--dry-run", is_flag=True, help="Say what would go, write nothing.")
@workers_option
def remove(  # noqa: PLR0913 - one parameter an option
    mixture: Path,
    ids: IO[bytes] | None,
    source: str | None,
    match: str | None,
    near: float | None,
    out: Path | None,
    dry_run: bool,
    workers: int | None,
) -> None:
    """Take records out of MIXTURE: data, ledger, quarantine, card, exports and lock follow.

    All other rows stay in their places. removals/0001.json in the mixture certifies what went.

    \b
    Example:
      mixer remove mixtures/quickstart --ids ids.txt --near 0.8
      mixer remove mixtures/quickstart --match '(?i)jane doe' --dry-run
    """
    if sum(each is not None for each in (ids, source, match)) != 1:
        raise click.UsageError("give one of --ids, --source and --match")
    from mixer.engines.local import local_engine
    from mixer.phases.asked import read_ids
    from mixer.phases.removal import Request
    from mixer.remove import plan, remove, told
    from mixer.report.removal import print_removed, print_what_is_left

    named = read_ids(ids.read(), "--ids") if ids else []
    kind: Any = "ids" if ids else "source" if source is not None else "match"
    request = Request(kind, source or match or "", named, near)
    with local_engine(workers) as engine:
        found = plan(mixture, request, engine) if dry_run else remove(mixture, request, out, engine)
    print_removed(told(found), f"would be removed from {mixture}" if dry_run else f"{mixture}")
    if not dry_run:
        print_what_is_left(told(found), out or mixture, found.path)
