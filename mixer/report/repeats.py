"""What `mixer dedup` found: rows by file, which file repeats which, and pairs to read."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mixer.report.pairs import Side, side_by_side
from mixer.report.tables import print_table

_MOST_OVERLAPS = 20


class Shown(NamedTuple):
    """A pair, the row that goes and the one that stays."""

    similarity: float
    goes: Side
    stays: Side


class FileRows(NamedTuple):
    """How many rows a file has, and which of them go. Those that could not be read, with the
    reason, and those that say nothing in what is compared (`silent`) stay."""

    path: str
    rows: int
    gone: list[int]
    unread: list[tuple[int, str]]
    silent: list[int]


class Told(NamedTuple):
    """overlap: int64 [files, files], rows of the one that go for a row of the other."""

    files: list[FileRows]
    overlap: np.ndarray
    shown: list[Shown]


def print_repeats(told: Told) -> None:
    for shown in told.shown:
        print(f"similarity {shown.similarity:.3f}: the left row goes, the right one stays")
        print(side_by_side(shown.goes, shown.stays))
        print()
    rows = [
        [
            file.path,
            f"{file.rows:,}",
            f"{len(file.gone):,}",
            f"{file.rows - len(file.gone):,}",
            f"{len(file.gone) / max(1, file.rows):.1%}",
        ]
        for file in told.files
    ]
    print_table(["file", "rows", "go", "stay", "share that goes"], rows, "near-duplicates")
    if len(told.files) > 1:
        _print_overlap(told)
    for file in told.files:
        if file.unread:
            row, reason = file.unread[0]
            print(f"{len(file.unread):,} rows could not be read: {file.path}:{row}: {reason}")
        if file.silent:
            print(
                f"{len(file.silent):,} rows say nothing in what is compared, and stay: "
                f"{file.path}:{file.silent[0]}"
            )


def _print_overlap(told: Told) -> None:
    """The pairs of files that share most."""
    names = [file.path for file in told.files]
    order = np.argsort(-told.overlap.ravel(), kind="stable")
    shared = [divmod(int(place), len(names)) for place in order if told.overlap.flat[place]]
    lines = [
        [names[one], f"{told.overlap[one, other]:,}", names[other]]
        for one, other in shared[:_MOST_OVERLAPS]
    ]
    print_table(["of this file", "rows repeat", "this one"], lines, "overlap")
    if len(shared) > _MOST_OVERLAPS:
        print(f"and {len(shared) - _MOST_OVERLAPS:,} more pairs of files: --json lists all")


def as_json_value(told: Told) -> Any:
    return {
        "files": [
            {
                "file": file.path,
                "rows": file.rows,
                "go": len(file.gone),
                "stay": file.rows - len(file.gone),
                "rows_that_go": file.gone,
                "unread": [{"row": row, "reason": reason} for row, reason in file.unread],
                "silent": len(file.silent),
            }
            for file in told.files
        ],
        "overlap": told.overlap.tolist(),
        "pairs": [
            {
                "similarity": shown.similarity,
                "goes": {"file": shown.goes.path, "row": shown.goes.row},
                "stays": {"file": shown.stays.path, "row": shown.stays.row},
            }
            for shown in told.shown
        ],
    }
