"""Data files as texts to compare, without a recipe.

Parquet is read column by column. Of other files the columns of text go to a scratch Parquet file
first; with a format, its records do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.phases.text_columns import TextColumns, guessed_columns, named_columns
from mixer.similarity.column_segments import is_chat
from mixer.similarity.segments import record_segments
from mixer.similarity.sketches import Piece
from mixer.sources.containers import Layout, RawRow, raw_rows

BATCH_ROWS = 8192


class Said(NamedTuple):
    """What a row says, as shown to a person."""

    prompt: str
    answers: tuple[str, ...]


class FileTexts(Protocol):
    """The texts of one file. `numbers` int64 [texts]: the row of the file, from 1, that a text is
    of, ascending; `unread`: rows that could not be read, with the reason."""

    path: Path
    numbers: np.ndarray
    unread: list[tuple[int, str]]

    def pieces(self, first: int, on: str) -> Iterator[Piece]: ...

    def said(self, texts: list[int]) -> dict[int, Said]: ...


class ColumnTexts:
    """`columns` of the Parquet file `table`, which holds the rows of `path`, or is it."""

    def __init__(self, path: Path, table: Path, columns: TextColumns, numbers: np.ndarray) -> None:
        self.path, self.table, self.columns, self.numbers = path, table, columns, numbers
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

    def __init__(
        self, path: Path, shards: list[Path], numbers: np.ndarray, unread: list[tuple[int, str]]
    ) -> None:
        self.path, self.shards, self.numbers, self.unread = path, shards, numbers, unread

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
    if path.suffix == ".parquet":
        schema = _schema(path)
        rows = pq.read_metadata(path).num_rows
        return ColumnTexts(path, path, _told(columns, schema, path), np.arange(1, rows + 1))
    found = _readable(path)
    first = next(found, None)
    if first is None:
        raise InputError(f"{path} holds no rows")
    schema = pa.schema(list(map(_field, *zip(*first.value.items(), strict=True))))
    told = _told(columns, schema, path)
    numbers = _write_columns(scratch, itertools.chain([first], found), schema, told.names)
    return ColumnTexts(path, scratch, told, numbers)


def _told(columns: TextColumns | None, schema: pa.Schema, path: Path) -> TextColumns:
    if columns is None:
        return guessed_columns(schema, str(path))
    return named_columns(columns, schema, str(path))


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"cannot read {path}: {str(error).splitlines()[0]}") from error


def _readable(path: Path) -> Iterator[RawRow]:
    for raw in raw_rows(str(path), Layout()):
        if raw.reason is not None:
            raise InputError(f"{path}:{raw.row}: {raw.reason}")
        if not isinstance(raw.value, dict):
            raise InputError(f"{path}:{raw.row}: a row must be an object, with named columns")
        yield raw


def _field(name: str, value: Any) -> tuple[str, pa.DataType]:
    """A chat where the first row has one; everything else is read as text."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        kind = pa.list_(pa.struct([(key, pa.string()) for key in value[0]]))
        return (name, kind if is_chat(kind) else pa.string())
    return (name, pa.string())


def _write_columns(
    to: Path, rows: Iterator[RawRow], schema: pa.Schema, names: list[str]
) -> np.ndarray:
    chosen = pa.schema([schema.field(name) for name in names])
    numbers: list[int] = []
    with pq.ParquetWriter(to, chosen, compression="lz4") as writer:
        while some := list(itertools.islice(rows, BATCH_ROWS)):
            numbers.extend(raw.row for raw in some)
            columns = [
                pa.array(
                    [_fitting(raw.value.get(field.name), field.type) for raw in some], field.type
                )
                for field in chosen
            ]
            writer.write_batch(pa.record_batch(columns, schema=chosen))
    return np.array(numbers, np.int64)


def _fitting(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_string(kind):
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()
    names = [field.name for field in kind.value_type]
    messages = value if isinstance(value, list) else []
    return [
        {name: _fitting(message.get(name), pa.string()) for name in names}
        for message in messages
        if isinstance(message, dict)
    ]


def _batches(path: Path, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches, each with its first row; small enough that threads share them well."""
    first = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=columns, use_threads=False):
            yield first, batch
            first += batch.num_rows


def _taken(path: Path, columns: list[str], rows: list[int]) -> Iterator[tuple[int, Any]]:
    """Single rows as Python values."""
    for first, batch in _batches(path, columns):
        for row in rows:
            if first <= row < first + batch.num_rows:
                yield row, batch.slice(row - first, 1).to_pylist()[0]


def _column_piece(first: int, batch: pa.RecordBatch, columns: TextColumns, on: str) -> Piece:
    return Piece(first, batch.num_rows, lambda: columns.segments(batch, on))


def _record_piece(first: int, batch: pa.RecordBatch, on: str) -> Piece:
    chosen = np.ones(batch.num_rows, bool)
    return Piece(first, batch.num_rows, lambda: record_segments(batch, on, chosen))


def _spoken(messages: list[dict[str, str]]) -> str:
    return "\n\n".join(message["content"] or "" for message in messages)
