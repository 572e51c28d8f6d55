"""Segments of text → shingles and a mark of the whole: what similarity is judged on.

A shingle is `words` consecutive units (units.py). A segment of fewer than `short` units is cut into
triples of characters instead, marked with every number and symbol it holds, so that "12 + 7" and
"12 + 8" share nothing while "Hello there" and "hello  there!" are the same; one without any unit is
a single shingle of its bytes. Prompts and answers share no shingle: each is salted with its kind.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.growth import grown
from mixer.similarity.segments import Segments, longest_bytes, segment_units
from mixer.similarity.units import (
    MINUS,
    NOTHING,
    SYMBOL,
    WORD,
    decoded,
    is_minus,
    kind_of,
    mixed,
)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_CHARACTERS = 3


class Signature(NamedTuple):
    """Of each segment: `values` uint32, its shingles as they come (a shingle may come twice);
    `ends` int64 [segments + 1]; `marks` uint64 [segments], equal where texts are equal but for
    case, white space and punctuation."""

    values: np.ndarray
    ends: np.ndarray
    marks: np.ndarray


@njit(cache=True, nogil=True)
def signature(made: Segments, words: int, short: int) -> Signature:  # pragma: no cover - compiled
    longest = longest_bytes(made)
    units = np.empty(longest + 2, np.uint64)
    result = np.empty(max(1024, len(made.data) // 5), np.uint32)
    ends = np.zeros(len(made.pieces), np.int64)
    marks = np.zeros(len(made.kind), np.uint64)
    count = 0
    for segment in range(len(marks)):
        size = segment_units(made, segment, units)
        if count + longest + 1 > len(result):
            result = grown(result, 2 * len(result) + longest + 1)
        salt = mixed(np.uint64(made.kind[segment]) + np.uint64(words))
        room = result[count:]
        if size >= max(short, words):
            marks[segment] = _word_shingles(units[:size], words, salt, room)
            count += size - words + 1
        else:
            fresh, marks[segment] = _character_shingles(made, segment, salt, units, room)
            count += fresh
        ends[segment + 1] = count
    return Signature(result[:count].copy(), ends, marks)


@njit(cache=True, nogil=True)
def row_marks(rows: np.ndarray, marks: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    """uint64 [rows], equal for rows whose segments are equal, 0 for rows without a segment."""
    result = np.zeros(len(rows) - 1, np.uint64)
    for row in range(len(result)):
        for segment in range(rows[row], rows[row + 1]):
            result[row] = mixed(result[row] * _STEP + marks[segment] + np.uint64(1))
    return result


@njit(cache=True, nogil=True)
def _word_shingles(
    units: np.ndarray, words: int, salt: np.uint64, room: np.ndarray
) -> np.uint64:  # pragma: no cover - compiled
    """Writes the shingles of at least `words` units, returns the mark of all of them."""
    drop = np.uint64(1)
    for _ in range(words):
        drop *= _STEP
    rolled = np.uint64(0)
    mark = salt
    for i in range(len(units)):
        # A polynomial over the last `words` units, rolled on.
        rolled = rolled * _STEP + units[i]
        if i >= words:
            rolled -= units[i - words] * drop
        if i >= words - 1:
            room[i - words + 1] = np.uint32(mixed(rolled ^ salt) >> np.uint64(32))
        mark = (mark ^ units[i]) * _STEP
    return mixed(mark)


@njit(cache=True, nogil=True)
def _character_shingles(
    made: Segments, segment: int, salt: np.uint64, codes: np.ndarray, room: np.ndarray
) -> tuple[int, np.uint64]:  # pragma: no cover - compiled
    """Writes the shingles of a short segment; how many, and the mark of all it says. A space stands
    at either end, so that a letter there counts as one in the middle: irresponsible, responsible.
    """
    count, numbers = _characters(made, segment, codes[1:])
    salt = mixed(salt ^ numbers ^ _STEP)
    if count == 0:
        mark = _sign_mark(made, segment, salt)
        room[0] = np.uint32(mark >> np.uint64(32))
        return 1, mark
    codes[0] = codes[count + 1] = np.uint64(32)
    return count, _word_shingles(codes[: count + 2], _CHARACTERS, salt, room)


@njit(cache=True, nogil=True)
def _sign_mark(
    made: Segments, segment: int, mark: np.uint64
) -> np.uint64:  # pragma: no cover - compiled
    """Of a text that is punctuation alone, what stands there but for white space."""
    for piece in range(made.pieces[segment], made.pieces[segment + 1]):
        at = made.starts[piece]
        while at < made.ends[piece]:
            code, at = decoded(made.data, at, made.ends[piece])
            # What NFKC makes of the signs that segments.py spares.
            if 0xFF01 <= code <= 0xFF5E:
                code -= 0xFEE0
            elif code == 0xA0 or 0x2000 <= code <= 0x200A or code == 0x202F:
                code = 32
            elif code == 0x2011:
                code = 0x2010
            times = 3 if code == 0x2026 else 2 if code == 0x2025 else 1
            code = 0x2E if 0x2024 <= code <= 0x2026 else code
            for _ in range(times if code > 32 else 0):
                mark = mixed(mark * _STEP + np.uint64(code))
    return mark


@njit(cache=True, nogil=True)
def _characters(
    made: Segments, segment: int, codes: np.ndarray
) -> tuple[int, np.uint64]:  # pragma: no cover - compiled
    """Writes the code points of a segment, a space for all that parts words; how many, and a hash
    of its numbers and symbols in their order."""
    count, numbers = 0, np.uint64(0)
    gap = True
    for piece in range(made.pieces[segment], made.pieces[segment + 1]):
        start, end = made.starts[piece], made.ends[piece]
        at = start
        gap = True
        while at < end:
            here = at
            code, at = decoded(made.data, at, end)
            kind = kind_of(code)
            if code == MINUS and is_minus(made.data, here, start, end):
                kind = SYMBOL
            if kind == NOTHING:
                gap = True
                continue
            if gap and count > 0:
                codes[count] = np.uint64(32)
                count += 1
            if kind == SYMBOL or (kind == WORD and 48 <= code <= 57):
                # A gap counts: "1 2" is not "12".
                numbers = mixed(numbers * _STEP + np.uint64(2 * code + int(gap)))
            gap = False
            codes[count] = np.uint64(code)
            count += 1
    return count, numbers
