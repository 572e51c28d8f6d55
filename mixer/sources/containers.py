"""Bytes → raw upstream rows: JSON lines, one JSON array or object, TSV, CSV, Parquet.

A row that cannot be cut out of its file is a RawRow with a `reason`; nothing raises for bad bytes.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import msgspec

from mixer.sources.opened import lines, opened, whole

MAX_LINE_BYTES = 64 << 20
MAX_DOCUMENT_BYTES = 1 << 30

NOT_JSON = (msgspec.DecodeError, ValueError, RecursionError)

_decoder = msgspec.json.Decoder()
_HEAD_BYTES = 1 << 16
_CONSTANT = re.compile(rb"NaN|Infinity")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class RawRow(NamedTuple):
    """`row` counts from 1 in its file (the line, or the place in the array). `raw` holds the
    upstream bytes, `value` the decoded row; with a `reason`, the row is unreadable."""

    row: int
    raw: bytes
    value: Any = None
    header: Any = None
    reason: str | None = None


class Layout(NamedTuple):
    """What a format says about its files: where rows stand in a JSON object; the columns of a TSV
    or CSV without a header line."""

    rows_at: str | None = None
    columns: tuple[str, ...] | None = None


def raw_rows(path: str, layout: Layout) -> Iterator[RawRow]:
    """All rows of a file; what is left of a file that breaks off is one row with the reason."""
    last = 0
    try:
        if path.lower().endswith(".parquet"):
            yield from _parquet(path)
            return
        with opened(path) as members:
            for name, stream in members:
                start = last
                for row in _member(name, stream, layout):
                    last = start + row.row
                    yield row._replace(row=last)
    except _BROKEN as error:
        yield RawRow(last + 1, b"", reason=f"the file breaks off after row {last}: {error}")


def _member(name: str, stream: IO[bytes], layout: Layout) -> Iterator[RawRow]:
    name = name.lower()
    if name.endswith(".csv"):
        return _comma_separated(stream, layout.columns)
    if name.endswith(".tsv") or (layout.columns and not name.endswith((".json", ".jsonl"))):
        return _tab_separated(stream, layout.columns)
    return _json(stream, layout.rows_at)


def _json(stream: IO[bytes], rows_at: str | None) -> Iterator[RawRow]:
    """Tells an array, one object and JSON lines apart by their bytes, not by the file's name."""
    head = stream.read(_HEAD_BYTES).removeprefix(_BYTE_ORDER_MARK)
    first, _, _ = head.lstrip().partition(b"\n")
    if rows_at or first.startswith(b"[") or first.rstrip() == b"{":
        return _document(head + whole(stream, MAX_DOCUMENT_BYTES), rows_at)
    return _json_lines(lines(stream, MAX_LINE_BYTES, head))


def _json_lines(found: Iterator[bytes]) -> Iterator[RawRow]:
    for number, line in enumerate(found, 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            reason = f"the line is longer than {MAX_LINE_BYTES >> 20} MiB"
            yield RawRow(number, line[:1000], reason=reason)
            continue
        try:
            yield RawRow(number, line, decoded(line))
        except NOT_JSON as error:
            yield RawRow(number, line, reason=f"not JSON: {error}")


def _document(text: bytes, rows_at: str | None) -> Iterator[RawRow]:
    """The items of a JSON array, of the array under `rows_at`, or one object as the only row."""
    if len(text) > MAX_DOCUMENT_BYTES:
        limit = f"{MAX_DOCUMENT_BYTES >> 30} GiB"
        reason = f"a JSON document above {limit}: write it as JSON lines"
        yield RawRow(1, text[:1000], reason=reason)
        return
    try:
        header, items = _items(text, rows_at)
    except NOT_JSON as error:
        yield RawRow(1, text[:1000], reason=f"not JSON: {error}")
        return
    for number, raw in enumerate(items, 1):
        data = bytes(raw)
        try:
            yield RawRow(number, data, decoded(data), header)
        except NOT_JSON as error:
            yield RawRow(number, data, reason=f"not JSON: {error}")


def decoded(text: bytes) -> Any:
    """JSON, and what Python's own writer adds to it: NaN and infinities are read as null.

    Super-NaturalInstructions' task603 has `"URL": [NaN]`; the standard library reads it at a
    quarter of the speed, so it is asked only where msgspec refuses.
    """
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        if not _CONSTANT.search(text):
            raise
        return json.loads(text, parse_constant=lambda name: None)


def _items(text: bytes, rows_at: str | None) -> tuple[Any, list[msgspec.Raw]]:
    try:
        return _raw_items(text, rows_at)
    except msgspec.DecodeError:
        if not _CONSTANT.search(text):
            raise
        return _raw_items(msgspec.json.encode(decoded(text)), rows_at)


def _raw_items(text: bytes, rows_at: str | None) -> tuple[Any, list[msgspec.Raw]]:
    if text.lstrip().startswith(b"["):
        return None, msgspec.json.decode(text, type=list[msgspec.Raw])
    if rows_at is None:
        return None, [msgspec.Raw(text.strip())]
    fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    if rows_at not in fields:
        raise msgspec.DecodeError(f"the object has no `{rows_at}`")
    items = msgspec.json.decode(fields.pop(rows_at), type=list[msgspec.Raw])
    return {key: msgspec.json.decode(value) for key, value in fields.items()}, items


def _tab_separated(stream: IO[bytes], columns: tuple[str, ...] | None) -> Iterator[RawRow]:
    """No quoting: a quote is a character. Without given columns, the first line names them."""
    for number, line in enumerate(lines(stream, MAX_LINE_BYTES), 1):
        try:
            fields = line.removeprefix(_BYTE_ORDER_MARK).decode().split("\t")
        except UnicodeDecodeError as error:
            yield RawRow(number, line, reason=f"not UTF-8: {error}")
            continue
        if columns is None:
            columns = tuple(fields)
        elif len(fields) != len(columns):
            reason = f"{len(fields)} columns, {len(columns)} expected ({', '.join(columns)})"
            yield RawRow(number, line, reason=reason)
        else:
            yield RawRow(number, line, dict(zip(columns, fields, strict=True)))


def _comma_separated(stream: IO[bytes], columns: tuple[str, ...] | None) -> Iterator[RawRow]:
    """Without given columns, the first row names them."""
    data = whole(stream, MAX_DOCUMENT_BYTES)
    if len(data) > MAX_DOCUMENT_BYTES:
        reason = f"a CSV file above {MAX_DOCUMENT_BYTES >> 30} GiB: write it as JSON lines"
        yield RawRow(1, b"", reason=reason)
        return
    try:
        text = data.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        yield RawRow(1, data[:1000], reason=f"not UTF-8: {error}")
        return
    rows = csv.reader(io.StringIO(text, newline=""))
    columns = tuple(next(rows, [])) if columns is None else columns
    for number, fields in enumerate(rows, 1):
        raw = ",".join(fields).encode()
        if len(fields) == len(columns):
            yield RawRow(number, raw, dict(zip(columns, fields, strict=True)))
        elif fields:
            reason = f"{len(fields)} columns, {len(columns)} expected ({', '.join(columns)})"
            yield RawRow(number, raw, reason=reason)


def _parquet(path: str) -> Iterator[RawRow]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1024):
                for value in batch.to_pylist():
                    number += 1
                    yield RawRow(number, msgspec.json.encode(value), value)
    except (pa.ArrowException, TypeError, UnicodeDecodeError) as error:
        yield RawRow(number + 1, b"", reason=f"the file breaks off after row {number}: {error}")
