"""What a step that compares records with one another gets: keys of all rows, text part by part.

Text is read a row group at a time, on several threads, and never kept: kernels turn it into hashes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

P = TypeVar("P")
R = TypeVar("R")


class Part(NamedTuple):
    """One row group of a Parquet file; its rows are first … first + rows of the corpus."""

    path: str
    group: int
    first: int
    rows: int

    @property
    def span(self) -> slice:
        return slice(self.first, self.first + self.rows)

    def read(self, columns: Sequence[str]) -> pa.RecordBatch:
        """All rows of the part, dropped ones too."""
        with pq.ParquetFile(self.path) as file:
            table = file.read_row_group(self.group, columns=list(columns), use_threads=False)
        columns_of = [table.column(name).combine_chunks() for name in table.schema.names]
        return pa.RecordBatch.from_arrays(columns_of, schema=table.schema)


def parts_of(paths: Sequence[str], first: int = 0) -> list[Part]:
    """The row groups of Parquet files, numbered on from row `first`."""
    parts = []
    for path in paths:
        with pq.ParquetFile(path) as file:
            for group in range(file.metadata.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                parts.append(Part(path, group, first, rows))
                first += rows
    return parts


def in_order(work: Callable[[P], R], items: Iterable[P], threads: int) -> Iterator[R]:
    """`work` on each item; a few are under way at a time, results come in the order of items. The
    work should spend its time where the GIL is released."""
    if threads == 1:
        yield from map(work, items)
        return
    under_way: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) > 2 * threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@dataclass(frozen=True)
class Corpus:
    """All records of a build in canonical order, which is their priority.

    keys: uint64 [rows, 2], fingerprints; kept: bool [rows], those that take part; source, subset:
    int64 [rows], codes (of `source_names`; of a source's own division); number: a column of numbers
    as float64 [rows], NaN where there is none; scratch: a folder for files that do not outlive a
    step.
    """

    parts: list[Part]
    keys: np.ndarray
    kept: np.ndarray
    source: np.ndarray
    source_names: list[str]
    subset: np.ndarray
    number: Callable[[str], np.ndarray]
    threads: int
    scratch: Path

    @property
    def rows(self) -> int:
        return len(self.kept)

    def map(self, work: Callable[[P], R], items: Sequence[P]) -> list[R]:
        return list(in_order(work, items, self.threads))


@dataclass(frozen=True)
class Found:
    """What a dedup step found. `witness` is int64 [rows]: the kept row that a row repeats, or -1,
    or the number of rows + a place in `outside`, ids of records that are not of the build;
    `similarity` float64 [rows], NaN where there is no witness. A row with a witness goes, for
    `why`; where there is a `reason` (int [rows], a place in `reasons`, or -1), those rows go
    instead. `notes` are sentences for the card."""

    witness: np.ndarray
    similarity: np.ndarray
    why: str = "repeats a kept record"
    reason: np.ndarray | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
