"""Rows of TSV and CSV files, each with its own bytes.

TSV knows no quoting: a quote is a character. CSV is RFC 4180: what stands between quotes may hold
commas, line breaks and doubled quotes; a quote that is closed too early makes a bad row. Where a
quote is never closed, the row that opens it is bad, and reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from mixer.sources import raw_row
from mixer.sources.json_text import BYTE_ORDER_MARK
from mixer.sources.raw_row import RawRow, too_long
from mixer.sources.stream import Readable
from mixer.sources.window import Window, lines, newline_of

Columns = tuple[str, ...]

# So many bytes may be read a second time for each that is read once, and no more.
_AGAIN, _AGAIN_BYTES = 4, 32 << 20


def tab_separated(stream: Readable, head: bytes, columns: Columns | None) -> Iterator[RawRow]:
    """Without given columns, the first line names them."""
    for number, line in enumerate(_lines(stream, head, ends_in_cr=False), 1):
        try:
            fields = line.removeprefix(BYTE_ORDER_MARK).decode().split("\t")
        except UnicodeDecodeError as error:
            columns = columns or ()
            yield RawRow(number, line, None, None, f"not UTF-8: {error}", "", number)
            continue
        if columns is None:
            columns = tuple(fields)
        elif len(line) > raw_row.MAX_ROW_BYTES:
            excerpt, reason = too_long(line)
            yield RawRow(number, excerpt, None, None, reason, "", number)
        else:
            yield _row(number, line, columns, fields)


def comma_separated(stream: Readable, head: bytes, columns: Columns | None) -> Iterator[RawRow]:
    """Without given columns, the first row names them. Rows are counted from behind it."""
    number = 0
    head = head.removeprefix(BYTE_ORDER_MARK)
    reader = _CsvRows(_lines(stream, head, ends_in_cr=True), columns)
    for raw, fields, reason in reader:
        if columns is None and reason is None:
            columns = reader.columns = tuple(fields) or None
            continue
        number += 1
        columns = reader.columns = columns or ()
        if reason is not None:
            yield RawRow(number, raw, None, None, reason, "", number)
        elif fields:
            yield _row(number, raw, columns, fields)


def _lines(stream: Readable, head: bytes, ends_in_cr: bool) -> Iterator[bytes]:
    """With the CR of a CR LF, or without."""
    found = lines(Window(stream, head), raw_row.MAX_ROW_BYTES, newline_of(head), ends_in_cr)
    return (line for line, _, _ in found)


def _row(number: int, raw: bytes, columns: Columns, fields: list[str]) -> RawRow:
    reason = _misfit(columns, fields)
    if reason is not None:
        return RawRow(number, raw, None, None, reason, "", number)
    value = dict(zip(columns, fields, strict=True))
    return RawRow(number, raw, value, None, None, "", number)


def _misfit(columns: Columns, fields: list[str]) -> str | None:
    if len(fields) != len(columns):
        return f"{len(fields)} columns, {len(columns)} expected ({', '.join(columns)})"
    if len(set(columns)) == len(columns):
        return None
    twice = next(name for name in columns if columns.count(name) > 1)
    return f"two columns have one name: {twice!r}"


class _CsvRows:
    """(raw, fields, reason) of each row. The csv module reads the lines of one row; those of a row
    that is none are given back, all but the first."""

    def __init__(self, found: Iterator[bytes], columns: Columns | None) -> None:
        self.columns = columns
        self._found = found
        self._given_back: deque[bytes] = deque()
        self._lines: list[bytes] = []
        self._is_text = True
        self._read_bytes = 0
        self._again_bytes = 0

    def __iter__(self) -> Iterator[tuple[bytes, list[str], str | None]]:
        # The limit holds for all of the process: other readers of CSV keep theirs.
        before = csv.field_size_limit(raw_row.MAX_ROW_BYTES)
        try:
            while (row := self._next()) is not None:
                yield row
        finally:
            csv.field_size_limit(before)

    def _next(self) -> tuple[bytes, list[str], str | None] | None:
        self._lines = []
        self._is_text = True
        fields: list[str] = []
        reason = None
        try:
            fields = next(csv.reader(self._texts(), strict=True))
        except StopIteration:
            return None
        except csv.Error as error:
            reason = f"not CSV: {error}"
        if reason is None and not self._is_text:
            reason = "not UTF-8"
        if len(self._lines) > 1:
            reason = reason or (_misfit(self.columns, fields) if self.columns else None)
            if reason is not None:
                self._give_back()
        raw = b"\n".join(self._lines).removesuffix(b"\r")
        if len(raw) > raw_row.MAX_ROW_BYTES:
            raw, reason = too_long(raw)
        return raw, fields, reason

    def _texts(self) -> Iterator[str]:
        """Lines up to the bound of a row; where they end inside quotes, the csv module says so."""
        left = raw_row.MAX_ROW_BYTES
        while left >= 0:
            if self._given_back:
                line = self._given_back.popleft()
            elif (found := next(self._found, None)) is not None:
                line = found
            else:
                return
            left -= len(line) + 1
            self._read_bytes += len(line)
            self._lines.append(line)
            yield self._text(line)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError:
            self._is_text = False
            return line.decode(errors="surrogateescape") + "\n"

    def _give_back(self) -> None:
        """So that rows which a quote has swallowed are found; not where most is read again."""
        again = sum(map(len, self._lines[1:]))
        if self._again_bytes + again < _AGAIN * self._read_bytes + _AGAIN_BYTES:
            self._again_bytes += again
            self._read_bytes -= again
            self._given_back.extendleft(reversed(self._lines[1:]))
            del self._lines[1:]
