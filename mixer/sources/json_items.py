"""The items of a JSON list, or values one after the other, cut out of a stream as it comes.

A list that is broken goes on behind the break: where the text of an item is no JSON, the next place
that looks like the beginning of a row (`{` and the first key, as in rows before) begins one.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

import numpy as np

from mixer.errors import BadRow
from mixer.sources import raw_row
from mixer.sources.json_kernel import AT, BARE, CLOSED, LIST_END, SPAN, START, STATE, find_items
from mixer.sources.json_text import decoded, decoded_alone
from mixer.sources.raw_row import RawRow, too_long
from mixer.sources.window import Window

_MOST_SPANS = 4096
_BLANK = b" \t\r\n"
_OPENING = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"')
_OPENINGS = 8
_ROWS_TO_LEARN, _TO_LEARN_BYTES = 100, 1 << 16
# So many bytes may be looked at again for each that is read, and no more: see _short_look.
_AGAIN, _AGAIN_BYTES = 4, 32 << 20


class Openings:
    """How rows begin: `{`, white space and the first key of those read so far."""

    def __init__(self) -> None:
        self._found: dict[bytes, None] = {}
        self._next: re.Pattern[bytes] | None = None

    def note(self, text: bytes) -> None:
        opening = _OPENING.search(text)
        if opening and len(self._found) < _OPENINGS and opening[0] not in self._found:
            self._found[opening[0]] = None
            known = b"|".join(map(re.escape, self._found))
            self._next = re.compile(rb"[,}\]]\s*(" + known + rb")")

    def after(self, data: bytes, start: int, end: int) -> int | None:
        """Where the next row begins inside data[start:end]."""
        if self._next is None:
            self.note(data[start : start + _TO_LEARN_BYTES])
        match = self._next.search(data, start, end) if self._next else None
        return match.start(1) if match else None


class Items:
    """Reads from `at` in the window on, up to `closer`; rows are counted on from `number`."""

    def __init__(self, window: Window, at: int, closer: int = LIST_END, number: int = 0) -> None:
        self.window = window
        self.number = number
        self.state = np.zeros(STATE, np.int64)
        self._closer = closer
        self._openings = Openings()
        self._spans = np.zeros((_MOST_SPANS, SPAN), np.int64)
        self._at_once = _MOST_SPANS
        self._again = 0
        self._empty = True
        self.go_on(at)

    def go_on(self, at: int) -> None:
        """Begins an item at `at`, whatever was found around it."""
        self._again += max(0, int(self.state[AT]) - at)
        self.state[:] = 0
        self.state[AT] = self.state[START] = at

    def rows(self) -> Iterator[RawRow]:
        """All rows up to the end of the list, or of the stream."""
        while True:
            begins = self._short_look()
            if begins is not None:
                self.number += 1
                yield from self._broken(int(self.state[START]), begins)
                continue
            view = np.frombuffer(self.window.data, np.uint8)
            found = find_items(view, self.state, self._spans[: self._at_once], self._closer)
            self._at_once = min(2 * self._at_once, _MOST_SPANS)
            if found:
                yield from self._judged(self._spans[:found].tolist())
            elif self.state[CLOSED]:
                return
            elif len(self.window.data) - self.state[START] > raw_row.MAX_ROW_BYTES:
                yield from self._too_long()
            elif not self._more() and (yield from self._last()):
                return

    def goes_on_behind(self) -> bool:
        """Whether anything but white space follows the end; a list that follows is read on."""
        at = int(self.state[AT])
        while not (rest := self.window.data[at:].lstrip(_BLANK)):
            if not self.window.more(len(self.window.data)):
                return False
            at = 0
        at = len(self.window.data) - len(rest)
        self._empty = rest.startswith(b"[")
        self.state[AT] = at
        self.go_on(at + self._empty)
        return True

    def _more(self) -> bool:
        start = int(self.state[START])
        self.state[AT] -= start
        self.state[START] = 0
        return self.window.more(start)

    def _short_look(self) -> int | None:
        """Where the next row begins, if too much was looked at in vain: where rows lack their ends,
        each is looked for up to the end of all that is held. A file full of those is cut at what
        looks like a beginning."""
        start = int(self.state[START])
        if self._again < _AGAIN * (self.window.before + start) + _AGAIN_BYTES:
            return None
        return self._openings.after(self.window.data, start, len(self.window.data))

    def _judged(self, spans: list[list[int]]) -> Iterator[RawRow]:
        data = self.window.data
        for start, end, keys, depth in spans:
            text = data[start:end].strip(_BLANK)
            if not text:
                yield from self._nothing(data, start, end)
                continue
            self.number += 1
            self._empty = False
            try:
                _check_length(text)
                value = decoded(text, keys, depth)
            except BadRow as error:
                begins = self._openings.after(data, start, end)
                if begins is not None:
                    yield from self._broken(start, begins)
                    return
                yield self._bad(text[: raw_row.MAX_ROW_BYTES], str(error))
            else:
                if self.number <= _ROWS_TO_LEARN:
                    self._openings.note(text)
                yield RawRow(self.number, text, value, None, None, "", self.number)

    def _nothing(self, data: bytes, start: int, end: int) -> Iterator[RawRow]:
        """Between two commas, or between a comma and the end; an empty list has none."""
        if self._closer != BARE and (not self._empty or data[end : end + 1] == b","):
            self.number += 1
            yield self._bad(data[max(0, start - 1) : end + 1], "not JSON: a comma without a row")

    def _broken(self, start: int, begins: int) -> Iterator[RawRow]:
        """What stands before a row that begins inside it is a row of its own, good or bad."""
        text = self.window.data[start:begins].rstrip(_BLANK).removesuffix(b",").strip(_BLANK)
        try:
            yield RawRow(self.number, text, decoded_alone(text), member_row=self.number)
        except BadRow as error:
            yield self._bad(text, str(error))
        # Further rows may be broken as well: what is found behind this one is looked at soon.
        self._at_once = 1
        self.go_on(begins)

    def _bad(self, text: bytes, reason: str) -> RawRow:
        return RawRow(self.number, text, reason=reason, member_row=self.number)

    def _too_long(self) -> Iterator[RawRow]:
        """An item that has not ended: broken, if another begins inside it. If not, its further text
        is read and thrown away."""
        data, start = self.window.data, int(self.state[START])
        self.number += 1
        self._empty = False
        begins = self._openings.after(data, start, len(data))
        if begins is not None:
            yield from self._broken(start, begins)
            return
        yield self._bad(*too_long(data[start:]))
        self._pass_over()

    def _pass_over(self) -> None:
        """Up to the end of an item that is not wanted, or to where another begins inside it."""
        ended = False
        while not ended:
            self.state[START] = self.state[AT]
            if not self._more():
                return
            data = self.window.data
            view = np.frombuffer(data, np.uint8)
            ended = find_items(view, self.state, self._spans[:1], self._closer) > 0
            begins = None if ended else self._openings.after(data, 0, len(data))
            if begins is not None:
                self.go_on(begins)
                return

    def _last(self) -> Generator[RawRow, None, bool]:
        """What is left at the end of the stream. False: a row that begins inside it is next."""
        data = self.window.data
        text = data.strip(_BLANK)
        if text:
            self.number += 1
            try:
                yield RawRow(self.number, text, decoded_alone(text), member_row=self.number)
            except BadRow as error:
                begins = self._openings.after(data, 0, len(data))
                if begins is not None:
                    yield from self._broken(0, begins)
                    return False
                yield self._bad(text, f"the file ends inside this row: {error}")
                return True
        if self._closer != BARE:
            self.number += 1
            yield self._bad(b"", "not JSON: the list has no end")
        return True


def _check_length(text: bytes) -> None:
    if len(text) > raw_row.MAX_ROW_BYTES:
        raise BadRow(too_long(text)[1])
