"""A few rows of a file that stand for it: the first, and some spread over what follows.

The same rows every time: of what follows, every row is taken, then every second, every fourth …,
so that the number of rows need not be known beforehand.
"""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from mixer.sources.containers import raw_rows
from mixer.sources.raw_row import Layout, RawRow

FIRST_ROWS = 200
SPREAD_ROWS = 200
# What is looked at of a file; rows beyond it are not seen.
MAX_BYTES = 64 << 20
MAX_ROWS = 200_000


class Sample(NamedTuple):
    """`seen_rows` is how many rows were passed, all of the file's if it `is_whole`."""

    rows: list[RawRow]
    seen_rows: int
    is_whole: bool


def sampled_rows(path: str, layout: Layout) -> Sample:
    first: list[RawRow] = []
    spread: list[RawRow] = []
    stride, seen_rows, seen_bytes = 1, 0, 0
    with closing(raw_rows(path, layout)) as rows:  # type: ignore[type-var]  # a generator
        for row in rows:
            if seen_rows >= MAX_ROWS or seen_bytes >= MAX_BYTES:
                return Sample(first + spread, seen_rows, False)
            if seen_rows < FIRST_ROWS:
                first.append(row)
            elif (seen_rows - FIRST_ROWS) % stride == 0:
                spread.append(row)
                if len(spread) > SPREAD_ROWS:
                    spread, stride = spread[::2], stride * 2
            seen_rows += 1
            seen_bytes += len(row.raw or b"")
    return Sample(first + spread, seen_rows, True)
