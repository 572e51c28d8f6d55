"""Files → raw upstream rows: JSON in all its shapes, TSV, CSV, YAML, Parquet, Arrow; compressed, or
in archives.

A row that cannot be cut out of its file is a RawRow with a `reason`; nothing raises for bad bytes.
What a file is, its first bytes say where they can; text is told apart by the file's name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

from msgspec.structs import replace

from mixer.errors import InputError
from mixer.sources.archives import Member
from mixer.sources.arrow_rows import is_table, table_rows
from mixer.sources.delimited import comma_separated, tab_separated
from mixer.sources.json_rows import json_rows
from mixer.sources.opened import BROKEN, members, opened, plain_name
from mixer.sources.raw_row import MAX_ROW_BYTES, Layout, RawRow
from mixer.sources.stream import HEAD_BYTES, Stream
from mixer.sources.text_encoding import Utf8, wide_encoding
from mixer.sources.window import CHUNK_BYTES
from mixer.sources.yaml_rows import yaml_rows

_JSON_ENDINGS = (".json", ".jsonl", ".ndjson")


def raw_rows(path: str, layout: Layout) -> Iterator[RawRow]:
    """All rows of a file; what is left of a file that breaks off is one row with the reason."""
    last = 0
    with opened(path) as file:
        if is_table(head := file.peek()):
            yield from table_rows(file, head)
            return
        found = members(file, path)
        member: Member | None = None
        while True:
            try:
                following = next(found, None)
            except BROKEN as error:
                if member is None or not _has_told(member):
                    yield _breaks_off(path, last, error)
                return
            if following is None:
                return
            member = following
            rows = _member_rows(path, member, layout)
            if not member.name:
                yield from rows
                return
            before = last
            for row in rows:
                last = before + row.row
                yield replace(row, row=last, member=member.name)


def _has_told(member: Member) -> bool:
    """Whether the rows of a member ended with what broke its archive."""
    if member.reason is not None or member.packed is None:
        return False
    return member.packed.failure is not None


def _member_rows(path: str, member: Member, layout: Layout) -> Iterator[RawRow]:
    if member.reason is not None:
        yield RawRow(1, b"", reason=member.reason, member_row=1)
        return
    head = member.stream.peek()
    if is_table(head):
        yield from _held_table(path, member, head)
        return
    text = member.stream
    encoding = wide_encoding(head)
    if encoding is not None:
        text = Stream(Utf8(text, encoding))
    # What stands before a failure is read to its end, as far as it came.
    text = Stream(text, CHUNK_BYTES, quiet=True)
    last = 0
    for row in _text_rows(text, member.name or path, layout):
        last = row.row
        yield row
    if isinstance(text.failure, BROKEN):
        yield _breaks_off(path, last, text.failure)
    elif text.failure is not None:
        raise text.failure


def _text_rows(text: Stream, name: str, layout: Layout) -> Iterator[RawRow]:
    head = text.read(HEAD_BYTES)
    name = plain_name(name).lower()
    if name.endswith(".csv"):
        return comma_separated(text, head, layout.columns)
    if name.endswith((".yaml", ".yml")):
        return yaml_rows(text, head)
    if name.endswith(".tsv") or (layout.columns and not name.endswith(_JSON_ENDINGS)):
        return tab_separated(text, head, layout.columns)
    return json_rows(text, head, layout.rows_at)


def _held_table(path: str, member: Member, head: bytes) -> Iterator[RawRow]:
    """Tables are read from their end: one that is packed is kept in a temporary file."""
    with SpooledTemporaryFile(max_size=MAX_ROW_BYTES) as held:
        try:
            shutil.copyfileobj(member.stream, held, CHUNK_BYTES)
        except BROKEN as error:
            yield _breaks_off(path, 0, error)
        else:
            held.seek(0)
            yield from table_rows(held, head)


def _breaks_off(path: str, last: int, error: Exception) -> RawRow:
    """Of bytes that are wrong; InputError where they cannot be had at all."""
    if isinstance(error, OSError) and error.errno is not None:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    reason = f"the file breaks off after row {last}: {error}"
    return RawRow(last + 1, b"", reason=reason, member_row=last + 1)
