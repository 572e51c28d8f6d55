"""Rows of JSON, CSV or TSV → columns of text and of chats in a scratch Parquet file.

Rows of one file need not have the same columns: all of them are looked at before any is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.similarity.column_segments import MESSAGE_FIELDS, is_message
from mixer.sources.containers import raw_rows
from mixer.sources.raw_row import Layout, RawRow

_BATCH_ROWS = 8192
_MOST_COLUMNS = 1000


def row_columns(path: Path) -> pa.Schema:
    """A column that holds a chat or a message in some row is one; every other is text. InputError
    with the row where one cannot be read, or where there is none."""
    found: dict[str, set[str]] = {}
    chats: set[str] = set()
    row = 0
    for raw in _readable(path):
        row = raw.row
        for name, value in raw.value.items():
            fields = found.setdefault(name, set())
            if isinstance(value, dict):
                fields.update(MESSAGE_FIELDS & value.keys())
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                chats.add(name)
                fields.update(MESSAGE_FIELDS & value[0].keys())
        if len(found) > _MOST_COLUMNS:
            raise InputError(f"{path}:{row}: more than {_MOST_COLUMNS:,} columns so far")
    if not row:
        raise InputError(f"{path} holds no rows")
    return pa.schema([_field(name, fields, name in chats) for name, fields in found.items()])


def write_columns(path: Path, chosen: pa.Schema, to: Path) -> np.ndarray:
    """int64: the numbers of the rows."""
    numbers: list[int] = []
    rows = _readable(path)
    with pq.ParquetWriter(to, chosen, compression="lz4") as writer:
        while some := list(itertools.islice(rows, _BATCH_ROWS)):
            numbers.extend(raw.row for raw in some)
            columns = [
                pa.array([_fitting(raw.value.get(name), kind) for raw in some], kind)
                for name, kind in zip(chosen.names, chosen.types, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=chosen))
    return np.array(numbers, np.int64)


def _readable(path: Path) -> Iterator[RawRow]:
    for raw in raw_rows(str(path), Layout()):
        if raw.reason is not None:
            raise InputError(f"{path}:{raw.row}: {raw.reason}")
        if not isinstance(raw.value, dict):
            raise InputError(f"{path}:{raw.row}: a row must be an object, with named columns")
        yield raw


def _field(name: str, fields: set[str], chat: bool) -> pa.Field:
    kind = pa.struct([(field, pa.large_string()) for field in sorted(fields)])
    if not is_message(kind):
        return pa.field(name, pa.large_string())
    return pa.field(name, pa.list_(kind) if chat else kind)


def _fitting(value: Any, kind: pa.DataType) -> Any:
    """Text where text is meant; of a chat its messages, and nothing of what is none."""
    if value is None:
        return None
    if pa.types.is_large_string(kind):
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()
    if pa.types.is_list(kind):
        messages = value if isinstance(value, list) else [value]
        return [_fitting(each, kind.value_type) for each in messages]
    if isinstance(value, dict):
        return {name: _fitting(value.get(name), pa.large_string()) for name in kind.names}
    content = next(name for name in kind.names if name in ("content", "value"))
    return {content: _fitting(value, pa.large_string())}
