"""The rows of one JSON object: the items of its list under a known key; the rest is their header.

What follows the list belongs to the header too, so a large object is read twice: first for its
header, then for its rows. Above 64 MiB it is kept on disk in between, in a temporary file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import numpy as np
from msgspec.structs import replace

from mixer.errors import BadRow
from mixer.sources import raw_row
from mixer.sources.json_items import Items
from mixer.sources.json_kernel import AT, CLOSED, OBJECT_END, SPAN, START, STATE, find_items
from mixer.sources.json_text import decoded_alone
from mixer.sources.raw_row import EXCERPT_BYTES, RawRow
from mixer.sources.stream import Readable
from mixer.sources.window import CHUNK_BYTES, Window

_KEY = re.compile(rb'[\s,]*("(?:[^"\\]|\\.)*+")\s*:\s*(?=\S)')
_BLANK = b" \t\r\n,"
_KEPT_BYTES = 8 << 20


def object_rows(stream: Readable, head: bytes, rows_at: str) -> Iterator[RawRow]:
    """With what broke the object, if anything did, as a bad row at the end."""
    with SpooledTemporaryFile(max_size=raw_row.MAX_ROW_BYTES) as held:
        held.write(head)
        shutil.copyfileobj(stream, held, CHUNK_BYTES)
        # A file of usual size is read once: its rows wait for the end of the header.
        kept: list[RawRow] | None = [] if held.tell() <= _KEPT_BYTES else None
        header: dict[str, Any] = {}
        fault: str | None = None
        try:
            for part in _parts(held, rows_at):
                if not isinstance(part, RawRow):
                    fault = fault or _add(header, *part)
                elif kept is not None:
                    kept.append(part)
        except BadRow as error:
            fault = fault or str(error)
        header.pop(rows_at, None)
        number = 0
        for row in _rows(held, rows_at) if kept is None else kept:
            number = row.row
            yield replace(row, header=header)
        if fault is not None:
            yield RawRow(number + 1, head[:EXCERPT_BYTES], reason=fault, member_row=number + 1)


def _rows(held: IO[bytes], rows_at: str) -> Iterator[RawRow]:
    """Up to what broke the object, which is told already."""
    try:
        yield from (part for part in _parts(held, rows_at) if isinstance(part, RawRow))
    except BadRow:
        return


def _add(header: dict[str, Any], key: str, value: bytes) -> str | None:
    """What is wrong with a member of the object, if anything is."""
    if key in header:
        return f"a key stands twice: `{key[:100]}`"
    try:
        header[key] = decoded_alone(value)
    except BadRow as error:
        return str(error)
    return None


def _parts(held: IO[bytes], rows_at: str) -> Iterator[tuple[str, bytes] | RawRow]:
    """Each row, and each other member of the object: its key, and the text of its value."""
    held.seek(0)
    members = _Members(Window(held))
    number, listed = 0, False
    while (key := members.key()) is not None:
        if key == rows_at and members.next() == b"[":
            items = Items(members.window, members.at + 1, number=number)
            yield from items.rows()
            if not items.state[CLOSED]:
                return
            members.at, number, listed = int(items.state[AT]), items.number, True
        else:
            yield key, members.value(key)
    if not listed:
        raise BadRow(f"not JSON: the object has no `{rows_at}`")
    members.at += 1
    if members.next():
        raise BadRow("something follows the object: give each object a file of its own")


class _Members:
    """A place in the object, at which its members are read one after the other."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.at = 0
        if self.next() != b"{":
            raise BadRow("not JSON: an object is expected")
        self.at += 1

    def next(self) -> bytes:
        """The character that comes next, white space and commas passed over."""
        while not (rest := self.window.data[self.at : self.at + 1].strip(_BLANK)):
            if self.at < len(self.window.data):
                self.at += 1
            elif not self._more():
                return b""
        return rest

    def key(self) -> str | None:
        """The next key, None at the end of the object."""
        if self.next() == b"}":
            return None
        while not (match := _KEY.match(self.window.data, self.at)):
            if len(self.window.data) - self.at > CHUNK_BYTES or not self._more():
                raise BadRow("not JSON: a key is expected")
        self.at = match.end()
        return str(decoded_alone(match[1]))

    def value(self, key: str) -> bytes:
        """The text of the next value."""
        state, spans = np.zeros(STATE, np.int64), np.zeros((1, SPAN), np.int64)
        state[AT] = state[START] = self.at
        while not find_items(_view(self.window.data), state, spans, OBJECT_END):
            if len(self.window.data) - self.at > raw_row.MAX_ROW_BYTES:
                raise BadRow(f"the field `{key[:100]}` is too long")
            if not self._more(state):
                raise BadRow(f"not JSON: the file ends inside the field `{key[:100]}`")
        start, end = spans[0, :2].tolist()
        # The bracket that ends the object is left for the next look.
        self.at = end if state[CLOSED] else int(state[AT])
        return self.window.data[start:end]

    def _more(self, state: np.ndarray | None = None) -> bool:
        if state is not None:
            state[AT] -= self.at
            state[START] -= self.at
        done, self.at = self.at, 0
        return self.window.more(done)


def _view(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8)
