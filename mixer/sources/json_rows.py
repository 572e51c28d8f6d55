"""JSON lines, one list, one object or several, told apart by their bytes, not by a file's name."""

from __future__ import annotations

from collections.abc import Iterator

from mixer.errors import BadRow
from mixer.sources import raw_row
from mixer.sources.json_items import Items
from mixer.sources.json_kernel import BARE, LIST_END
from mixer.sources.json_object import object_rows
from mixer.sources.json_text import BYTE_ORDER_MARK, decoded
from mixer.sources.raw_row import RawRow, too_long
from mixer.sources.stream import Readable
from mixer.sources.window import Window, lines, newline_of


def json_rows(stream: Readable, head: bytes, rows_at: str | None) -> Iterator[RawRow]:
    """`head`: what was read of the stream already, more than a little if there is more."""
    head = head.removeprefix(BYTE_ORDER_MARK)
    newline = newline_of(head)
    text = head.lstrip()
    first, line_end, _ = text.partition(newline)
    if text.startswith(b"["):
        return _list_rows(Window(stream, head), len(head) - len(text) + 1)
    if rows_at is not None:
        return object_rows(stream, head, rows_at)
    # The first line of an object that is written over several.
    if text.startswith(b"{") and line_end and first.rstrip().endswith((b"{", b"[", b",")):
        return Items(Window(stream, head), 0, BARE).rows()
    return _line_rows(Window(stream, head), newline)


def _list_rows(window: Window, at: int) -> Iterator[RawRow]:
    items = Items(window, at, LIST_END)
    yield from items.rows()
    while items.goes_on_behind():
        yield from items.rows()


def _line_rows(window: Window, newline: bytes) -> Iterator[RawRow]:
    longest = raw_row.MAX_ROW_BYTES
    for number, (line, keys, depth) in enumerate(lines(window, longest, newline), 1):
        if not line or line.isspace():
            continue
        if len(line) > longest:
            excerpt, reason = too_long(line)
            yield RawRow(number, excerpt, None, None, reason, "", number)
            continue
        try:
            value = decoded(line, keys, depth)
        except BadRow as error:
            yield RawRow(number, line, None, None, str(error), "", number)
        else:
            yield RawRow(number, line, value, None, None, "", number)
