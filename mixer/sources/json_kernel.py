"""Where JSON rows begin and end: compiled loops over bytes, one pass, no look back.

A span is (start, end, keys, depth): `keys` counts the colons outside strings, which is how often a
key stands in the row, `depth` the deepest level of lists and objects.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SPAN = 4
# Of the state of find_items, which goes on where it stopped when there is more of the text.
AT, START, DEPTH, DEEPEST, KEYS, STRING, CLOSED = range(7)
STATE = 7
# What ends a list and an object; BARE values have no end but that of the stream.
LIST_END, OBJECT_END, BARE = 93, 125, 0

_QUOTE, _BACKSLASH, _COLON, _COMMA = 34, 92, 58, 44
_LIST, _OBJECT = 91, 123
_PLAIN, _IN_STRING, _ESCAPED = 0, 1, 2


@njit(cache=True, nogil=True)
def _string_after(char: int, string: int) -> int:  # pragma: no cover - compiled
    if string == _ESCAPED:
        return _IN_STRING
    if string == _IN_STRING and char == _BACKSLASH:
        return _ESCAPED
    if char == _QUOTE:
        return _PLAIN if string == _IN_STRING else _IN_STRING
    return string


@njit(cache=True, nogil=True)
def find_items(
    data: np.ndarray, state: np.ndarray, spans: np.ndarray, closer: int
) -> int:  # pragma: no cover - compiled
    """The items of a list or an object, from inside it up to its `closer`: how many were found.
    What a comma follows is an item; of BARE values, which stand in nothing, so is what closes."""
    found = 0
    at, depth, string = state[AT], state[DEPTH], state[STRING]
    while at < len(data) and found < len(spans) and not state[CLOSED]:
        char, before = data[at], string
        at += 1
        string = _string_after(char, string)
        if string != _PLAIN or before != _PLAIN:
            continue
        end = -1
        if char == _COLON:
            state[KEYS] += 1
        elif char in (_LIST, _OBJECT):
            depth += 1
            state[DEEPEST] = max(state[DEEPEST], depth)
        elif char in (LIST_END, OBJECT_END) and depth > 0:
            depth -= 1
            end = at if closer == BARE and depth == 0 else -1
        elif depth == 0 and char in (_COMMA, closer):
            end = at - 1
            state[CLOSED] = char == closer
        if end >= 0:
            spans[found, 0], spans[found, 1] = state[START], end
            spans[found, 2], spans[found, 3] = state[KEYS], state[DEEPEST]
            found += 1
            state[START], state[KEYS], state[DEEPEST] = at, 0, 0
    state[AT], state[DEPTH], state[STRING] = at, depth, string
    return found


@njit(cache=True, nogil=True)
def find_lines(
    data: np.ndarray, at: int, newline: int, spans: np.ndarray
) -> int:  # pragma: no cover - compiled
    """The whole lines from `at` on: how many were found."""
    found = 0
    start, depth, deepest, keys, string = at, 0, 0, 0, _PLAIN
    while at < len(data) and found < len(spans):
        char, before = data[at], string
        at += 1
        string = _string_after(char, string)
        if char == newline:
            spans[found, 0], spans[found, 1] = start, at - 1
            spans[found, 2], spans[found, 3] = keys, deepest
            found += 1
            start, depth, deepest, keys, string = at, 0, 0, 0, _PLAIN
        elif string != _PLAIN or before != _PLAIN:
            continue
        elif char == _COLON:
            keys += 1
        elif char in (_LIST, _OBJECT):
            depth += 1
            deepest = max(deepest, depth)
        elif char in (LIST_END, OBJECT_END):
            depth -= 1
    return found


def measured(text: bytes) -> tuple[int, int]:
    """`keys` and `depth` of a text that no scan has looked at; JSON holds no NUL byte."""
    spans = np.zeros((1, SPAN), np.int64)
    find_lines(np.frombuffer(text + b"\0", np.uint8), 0, 0, spans)
    return int(spans[0, 2]), int(spans[0, 3])
