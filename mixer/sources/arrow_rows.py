"""Rows of Parquet files, Arrow files and Arrow streams, as plain values: what JSON has no word for
becomes text.

See mixer/sources/plain_value.py; maps are lists of pairs. A value that cannot be converted makes a
bad row, the others of its file are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds

from mixer.sources.plain_value import plain_value
from mixer.sources.raw_row import RawRow

PARQUET, ARROW_FILE, ARROW_STREAM = b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff"
UNREADABLE = (pa.ArrowException, ValueError, OverflowError)

_BATCH_ROWS = 1024
_BUFFER_BYTES = 1 << 20


def is_table(head: bytes) -> bool:
    return head.startswith((PARQUET, ARROW_FILE, ARROW_STREAM))


def table_rows(file: IO[bytes], head: bytes) -> Iterator[RawRow]:
    """Of a seekable file."""
    number = 0
    batches = _batches(file, head)
    while True:
        try:
            batch = next(batches, None)
        except (OSError, *UNREADABLE) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            ending = f"the file breaks off after row {number}: {_first_line(error)}"
            yield RawRow(number + 1, b"", reason=ending, member_row=number + 1)
            return
        if batch is None:
            return
        for value, reason in _values(batch):
            number += 1
            raw = None if reason is None else b""
            yield RawRow(number, raw, value, None, reason, "", number)


def _batches(file: IO[bytes], head: bytes) -> Iterator[pa.RecordBatch]:
    if head.startswith(PARQUET):
        # Page by page: a column of one row group may hold all texts of a file.
        with pq.ParquetFile(file, buffer_size=_BUFFER_BYTES, pre_buffer=False) as parquet:
            yield from parquet.iter_batches(_BATCH_ROWS, use_threads=False)
    elif head.startswith(ARROW_FILE):
        with pa.ipc.open_file(file) as arrow:
            for number in range(arrow.num_record_batches):
                yield from _cut(arrow.get_batch(number))
    else:
        with pa.ipc.open_stream(file) as arrow:
            for batch in arrow:
                yield from _cut(batch)


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, _BATCH_ROWS):
        yield batch.slice(start, _BATCH_ROWS)


def _values(batch: pa.RecordBatch) -> Iterator[tuple[Any, str | None]]:
    """Each row's value, or why it has none."""
    reason = _bad_names(batch.schema)
    if reason is not None:
        yield from ((None, reason) for _ in range(batch.num_rows))
        return
    try:
        values = _converted(batch)
    except UNREADABLE:
        for row in range(batch.num_rows):
            yield _alone(batch.slice(row, 1))
    else:
        yield from ((value, None) for value in values)


def _bad_names(schema: pa.Schema) -> str | None:
    try:
        names = schema.names
    except UnicodeDecodeError as error:
        return f"a column's name is not UTF-8: {error}"
    twice = next((name for name in names if names.count(name) > 1), None)
    return None if twice is None else f"two columns have one name: {twice!r}"


def _converted(batch: pa.RecordBatch) -> list[Any]:
    # Offsets of a damaged Arrow file may point anywhere.
    batch.validate(full=True)
    values: list[Any] = batch.to_pylist()
    if all(_is_plain(kind) for kind in batch.schema.types):
        return values
    return [plain_value(value) for value in values]


def _alone(row: pa.RecordBatch) -> tuple[Any, str | None]:
    try:
        return _converted(row)[0], None
    except UNREADABLE as error:
        return None, f"a value that cannot be read: {_first_line(error)}"


def _is_plain(kind: pa.DataType) -> bool:
    """Whether Python's values of a type are JSON's."""
    if kinds.is_dictionary(kind):
        return _is_plain(kind.value_type)
    if kinds.is_struct(kind):
        return all(_is_plain(kind.field(number).type) for number in range(kind.num_fields))
    if kinds.is_list(kind) or kinds.is_large_list(kind):
        return _is_plain(kind.value_type)
    text = kinds.is_string(kind) or kinds.is_large_string(kind)
    number = kinds.is_integer(kind) or kinds.is_float32(kind) or kinds.is_float64(kind)
    return bool(text or number or kinds.is_boolean(kind) or kinds.is_null(kind))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
