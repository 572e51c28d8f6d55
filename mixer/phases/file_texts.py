"""Data files as texts to compare, without a recipe.

Parquet is read column by column. Of other files the columns of text go to a scratch Parquet file
first; with a format, its records do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.phases.json_columns import row_columns, write_columns
from mixer.phases.text_columns import TextColumns, guessed_columns, named_columns
from mixer.similarity.segments import record_segments
from mixer.similarity.sketches import Piece

BATCH_ROWS = 8192
_BUFFER_BYTES = 1 << 20


class Said(NamedTuple):
    """What a row says, as shown to a person."""

    prompt: str
    answers: tuple[str, ...]


class FileTexts(Protocol):
    """The texts of one file. `numbers` int64 [texts]: the row of the file, from 1, that a text is
    of, ascending; `read`: as what the file was read; `unread`: rows that could not be read, with
    the reason."""

    path: Path
    read: str
    numbers: np.ndarray
    unread: list[tuple[int, str]]

    def pieces(self, first: int, on: str) -> Iterator[Piece]: ...

    def said(self, texts: list[int]) -> dict[int, Said]: ...


class ColumnTexts:
    """`columns` of the Parquet file `table`, which holds the rows of `path`, or is it."""

    def __init__(self, path: Path, table: Path, columns: TextColumns, numbers: np.ndarray) -> None:
        self.path, self.table, self.columns, self.numbers = path, table, columns, numbers
        self.read = f"columns {columns}"
        self.unread: list[tuple[int, str]] = []

    def pieces(self, first: int, on: str) -> Iterator[Piece]:
        chosen = self.columns.on(on)
        for start, batch in _batches(self.table, chosen.names):
            yield _column_piece(first + start, batch, chosen, on)

    def said(self, texts: list[int]) -> dict[int, Said]:
        found = {}
        for number, row in _taken(self.table, self.columns.names, texts):
            found[number] = Said(*self.columns.said(row))
        return found


class RecordTexts:
    """The records in the Parquet files `shards` that a format made of `path`."""

    def __init__(self, path: Path, read: str, shards: list[Path], numbers: np.ndarray) -> None:
        self.path, self.read, self.shards, self.numbers = path, read, shards, numbers
        self.unread: list[tuple[int, str]] = []

    def pieces(self, first: int, on: str) -> Iterator[Piece]:
        for shard in self.shards:
            rows = 0
            for start, batch in _batches(shard, ["prompt", "answers"]):
                rows = start + batch.num_rows
                yield _record_piece(first + start, batch, on)
            first += rows

    def said(self, texts: list[int]) -> dict[int, Said]:
        found: dict[int, Said] = {}
        first = 0
        for shard in self.shards:
            rows = pq.read_metadata(shard).num_rows
            own = [text - first for text in texts if first <= text < first + rows]
            for number, row in _taken(shard, ["prompt", "answers"], own):
                answers = (_spoken(answer["messages"]) for answer in row["answers"])
                found[first + number] = Said(_spoken(row["prompt"]), tuple(answers))
            first += rows
        return found


def column_texts(path: Path, columns: TextColumns | None, scratch: Path) -> ColumnTexts:
    """`columns` None: by their names. InputError with file and row for what cannot be read."""
    if is_parquet(path):
        with reading(path):
            metadata = pq.read_metadata(path)
        schema, rows = metadata.schema.to_arrow_schema(), metadata.num_rows
        return ColumnTexts(path, path, _told(columns, schema, path), np.arange(1, rows + 1))
    schema = row_columns(path)
    told = _told(columns, schema, path)
    chosen = pa.schema([schema.field(name) for name in told.names])
    return ColumnTexts(path, scratch, told, write_columns(path, chosen, scratch))


def _told(columns: TextColumns | None, schema: pa.Schema, path: Path) -> TextColumns:
    if columns is None:
        return guessed_columns(schema, str(path))
    return named_columns(columns, schema, str(path))


@contextmanager
def opened_parquet(path: Path) -> Iterator[pq.ParquetFile]:
    """Read page by page: a column of one row group may hold all texts of a file."""
    with reading(path), pq.ParquetFile(path, buffer_size=_BUFFER_BYTES, pre_buffer=False) as file:
        yield file


def is_parquet(path: Path) -> bool:
    return path.suffix.lower() == ".parquet"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """What Arrow and Python say of a broken Parquet file, with the file's name."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0].removesuffix(".")
        raise InputError(f"{path} cannot be read as Parquet: {reason}") from error


def _batches(path: Path, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches, each with its first row; small enough that threads share them well."""
    first = 0
    with opened_parquet(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=columns, use_threads=False):
            yield first, batch
            first += batch.num_rows


def _taken(path: Path, columns: list[str], rows: list[int]) -> Iterator[tuple[int, Any]]:
    """Single rows as Python values."""
    for first, batch in _batches(path, columns):
        for row in rows:
            if first <= row < first + batch.num_rows:
                with reading(path):
                    values = batch.slice(row - first, 1).to_pylist()[0]
                yield row, values


def _column_piece(first: int, batch: pa.RecordBatch, columns: TextColumns, on: str) -> Piece:
    return Piece(first, batch.num_rows, lambda: columns.segments(batch, on))


def _record_piece(first: int, batch: pa.RecordBatch, on: str) -> Piece:
    chosen = np.ones(batch.num_rows, bool)
    return Piece(first, batch.num_rows, lambda: record_segments(batch, on, chosen))


def _spoken(messages: list[dict[str, str]]) -> str:
    return "\n\n".join(message["content"] or "" for message in messages)
