"""The documented rows of each format as the bytes of files of each kind, to begin with."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from documented_rows import Documented, documented_rows

from mixer import formats

ENDINGS = (
    *(".jsonl", ".json", ".csv", ".tsv", ".parquet"),
    *(".jsonl.gz", ".jsonl.zst", ".json.bz2", ".jsonl.xz", ".zip"),
    *(".yaml", ".arrow", ".tables.zip", ".tar"),
)


def seeds() -> list[bytes]:
    """Inputs of the target `files`."""
    return [
        bytes([number, ending]) + written
        for number, name in enumerate(formats.names())
        for ending, written in enumerate(_files(name))
    ]


def _files(name: str) -> list[bytes]:
    """In the order of ENDINGS."""
    shown = documented_rows(name)
    rows = [each.row for each in shown]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    document = json.dumps(_document(name, shown)).encode()
    yaml = "".join(f"- {json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
    zstd = pa.compress(lines, "zstd", asbytes=True)
    plain = [lines, document, _table(name, rows, ","), _table(name, rows, "\t"), _parquet(rows)]
    packed = [gzip.compress(lines), zstd, bz2.compress(document), lzma.compress(lines)]
    table = plain[-1]
    zipped = [_zip({"a.jsonl": lines}), yaml, _arrow(table), _zip({"a.parquet": table, "b": lines})]
    return [*plain, *packed, *zipped, _tar({"a.parquet": table, "b": lines})]


def _document(name: str, shown: list[Documented]) -> Any:
    at = getattr(formats.load(name), "ROWS_AT", None)
    rows = [each.row for each in shown]
    return {**(shown[0].header or {}), at: rows} if at else rows


def _table(name: str, rows: list[dict[str, Any]], delimiter: str) -> bytes:
    columns = getattr(formats.load(name), "COLUMNS", None)
    names = columns or sorted({key for row in rows for key in row})
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    if columns is None:
        writer.writerow(names)
    for row in rows or [dict.fromkeys(names, "tea")]:
        writer.writerow([row.get(key, "") for key in names])
    return text.getvalue().encode()


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    """One row: those of several shapes make no table; of that, columns that Parquet can hold."""
    file = io.BytesIO()
    row = {key: value for key, value in (rows[0] if rows else {"input": "tea"}).items() if value}
    plain = {key: value for key, value in row.items() if "{}" not in json.dumps(value)}
    pq.write_table(pa.Table.from_pylist([plain]), file)
    return file.getvalue()


def _arrow(parquet: bytes) -> bytes:
    table = pq.read_table(io.BytesIO(parquet))
    file = io.BytesIO()
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def _zip(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def _tar(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()
