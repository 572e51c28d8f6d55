"""What `mixer dedup` found: rows by file, which file repeats which, and pairs to read."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mixer.report.pairs import Side, side_by_side
from mixer.report.tables import print_table


class Shown(NamedTuple):
    """A pair, the row that goes and the one that stays."""

    similarity: float
    goes: Side
    stays: Side


class FileRows(NamedTuple):
    """How many rows a file has, and how many go; those that could not be read stay."""

    path: str
    rows: int
    gone: int
    unread: list[tuple[int, str]]


class Told(NamedTuple):
    """overlap: int64 [files, files], texts of the one that repeat a text of the other."""

    files: list[FileRows]
    overlap: np.ndarray
    shown: list[Shown]


def print_repeats(told: Told) -> None:
    for shown in told.shown:
        print(f"similarity {shown.similarity:.3f}: the left row goes, the right one stays")
        print(side_by_side(shown.goes, shown.stays))
        print()
    rows = [
        [path, f"{count:,}", f"{gone:,}", f"{count - gone:,}", f"{gone / max(1, count):.1%}"]
        for path, count, gone, _ in told.files
    ]
    print_table(["file", "rows", "go", "stay", "share that goes"], rows, "near-duplicates")
    if len(told.files) > 1:
        names = [path for path, *_ in told.files]
        lines = [
            [name, *(f"{rows:,}" for rows in line.tolist())]
            for name, line in zip(names, told.overlap, strict=True)
        ]
        print_table(["rows of … repeat", *names], lines, "overlap")
    for path, _, _, unread in told.files:
        if unread:
            row, reason = unread[0]
            print(f"{len(unread):,} rows could not be read and stay: {path}:{row}: {reason}")


def as_json_value(told: Told) -> Any:
    return {
        "files": [
            {
                "file": path,
                "rows": rows,
                "go": gone,
                "stay": rows - gone,
                "unread": [{"row": row, "reason": reason} for row, reason in unread],
            }
            for path, rows, gone, unread in told.files
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
