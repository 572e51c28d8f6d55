"""Near-duplicates in data files, without a recipe: Parquet is read and written column by column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.corpus import in_order
from mixer.phases.text_columns import TextColumns, guessed_columns, named_columns
from mixer.similarity.near_search import Leaders, find_leaders
from mixer.similarity.sketches import Piece, Texts
from mixer.storage import whole_file

_BATCH_ROWS = 8192


class Asked(NamedTuple):
    """`columns` None: by their names."""

    columns: TextColumns | None
    on: str
    threshold: float
    words: int
    threads: int


class ParquetTable:
    """The rows of Parquet files, one file after the other; `starts` int64 [files + 1]."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        counts = [pq.read_metadata(path).num_rows for path in paths]
        self.starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.schemas = [pq.read_schema(path) for path in paths]

    @property
    def rows(self) -> int:
        return int(self.starts[-1])

    def batches(
        self, number: int, columns: list[str] | None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Batches of one file, each with the number of its first row."""
        first = int(self.starts[number])
        with pq.ParquetFile(self.paths[number]) as file:
            for batch in file.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
                yield first, batch
                first += batch.num_rows


def near_in(table: ParquetTable, asked: Asked) -> Leaders:
    columns = [
        named_columns(asked.columns, schema, str(path))
        if asked.columns
        else guessed_columns(schema, str(path))
        for schema, path in zip(table.schemas, table.paths, strict=True)
    ]

    def pieces() -> Iterator[Piece]:
        for number, told in enumerate(columns):
            chosen = told.on(asked.on)
            for first, batch in table.batches(number, chosen.names):
                yield _piece(first, batch, chosen, asked.on)

    subset = np.repeat(np.arange(len(columns)), np.diff(table.starts))
    with TemporaryDirectory(prefix="mixer-dedup-") as scratch:
        texts = Texts(pieces(), subset, [], asked.threads, Path(scratch))
        rank, fixed = np.arange(table.rows), np.zeros(table.rows, bool)
        return find_leaders(texts, asked.words, asked.threshold, rank, fixed)


def _piece(first: int, batch: pa.RecordBatch, columns: TextColumns, on: str) -> Piece:
    return Piece(first, batch.num_rows, lambda: columns.segments(batch, on))


def write_kept(table: ParquetTable, kept: np.ndarray, out: Path, threads: int) -> None:
    """All kept rows as one Parquet file with the columns of the first file."""
    schema = table.schemas[0]
    with whole_file(out) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        for number in range(len(table.paths)):
            batches = table.batches(number, None)

            def chosen(one: tuple[int, pa.RecordBatch]) -> pa.RecordBatch:
                first, batch = one
                return batch.filter(pa.array(kept[first : first + batch.num_rows]))

            for batch in in_order(chosen, batches, threads):
                writer.write_batch(batch)
