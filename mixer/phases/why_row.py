"""What became of an upstream row: every record made of it, or its place in quarantine."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.phases.accounts import files_read, ledger_of, read_summary
from mixer.phases.upstream import RowPlace

_MOST_NAMED = 10


def ids_of_row(mixture: Path, source: str, row: int, file: str | None) -> list[str]:
    """The ids in the ledger that were made of the row; MixerError where it made none, or several
    files have such a row and none is named."""
    ledger = ledger_of(mixture)
    names = [each.name for each in read_summary(mixture).sources]
    if source not in names:
        raise MixerError(f"no source {source!r} in {mixture}: {did_you_mean(source, names)}")
    labels = [each.file for each in files_read(mixture, source)]
    if file is not None and file not in labels:
        raise MixerError(f"no file {file!r} of {source}: {did_you_mean(file, labels)}")
    labels = labels if file is None else [file]
    found = _by_file(ledger, source, row, labels)
    if len(found) > 1:
        raise MixerError(
            f"{len(found):,} files of {source} have a row {row}: name one with --file: "
            f"{_named(list(found))}"
        )
    if not found:
        raise MixerError(_made_nothing(mixture, RowPlace(source, _named(labels), row), file))
    return next(iter(found.values()))


def _by_file(ledger: Path, source: str, row: int, labels: list[str]) -> dict[str, list[str]]:
    """Ids by file, for the files that have any."""
    pattern = rf"^{re.escape(source)}/.*:{row}(:\d+)?$"
    with pq.ParquetFile(ledger) as opened:
        ids: list[str] = []
        for batch in opened.iter_batches(columns=["id"]):
            column = batch.column("id")
            ids += column.filter(pc.match_substring_regex(column, pattern)).to_pylist()
    found: dict[str, list[str]] = {}
    for label in labels:
        start = f"{source}/{label}:{row}"
        own = [each for each in ids if each == start or _is_part(each, start)]
        if own:
            found[label] = own
    return found


def _is_part(identity: str, start: str) -> bool:
    """Whether it is one of several records of the row `start`."""
    return identity.startswith(f"{start}:") and identity[len(start) + 1 :].isdecimal()


def _made_nothing(mixture: Path, place: RowPlace, file: str | None) -> str:
    own = [each for each in files_read(mixture, place.source) if file in (None, each.file)]
    records = sum(each.records for each in own)
    quarantined = sum(each.quarantined for each in own)
    return (
        f"no record was made of row {place.row} of {place.source}/{place.file}, and it is not in "
        f"quarantine; {records:,} records and {quarantined:,} quarantined rows are of "
        f"{'this file' if len(own) == 1 else 'these files'} (rows count from 1; in JSON lines and "
        "tables without a header the row is the line)"
    )


def _named(labels: list[str]) -> str:
    shown = ", ".join(labels[:_MOST_NAMED])
    more = len(labels) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown
