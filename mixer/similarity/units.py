"""Text → the hashes of its words: kernels over Arrow's UTF-8 bytes, no Python object a row.

A unit is a run of letters and digits; white space and punctuation part units. Scripts that do not
put spaces between words (UNSPACED) are cut into overlapping pairs of characters instead.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# Code points, both ends included.
UNSPACED = np.array(
    [
        (0x0E00, 0x0EFF),  # Thai, Lao
        (0x1000, 0x109F),  # Burmese
        (0x1780, 0x17FF),  # Khmer
        (0x2E80, 0x2FDF),  # CJK radicals
        (0x3005, 0x3007),  # iteration marks, zero
        (0x3040, 0x312F),  # Hiragana, Katakana, Bopomofo
        (0x31F0, 0x31FF),  # Katakana extensions
        (0x3400, 0x4DBF),  # Han, extension A
        (0x4E00, 0x9FFF),  # Han
        (0xF900, 0xFAFF),  # Han, compatibility
        (0x20000, 0x3FFFF),  # Han, further extensions
    ],
    np.int64,
)
# Above ASCII, everything is part of a word but these.
PUNCTUATION = np.array(
    [
        (0x0080, 0x00A9),
        (0x00AB, 0x00B4),
        (0x00B6, 0x00B9),
        (0x00BB, 0x00BF),
        (0x00D7, 0x00D7),
        (0x00F7, 0x00F7),
        (0x060C, 0x060C),
        (0x061B, 0x061F),
        (0x06D4, 0x06D4),
        (0x0964, 0x0965),
        (0x1680, 0x1680),
        (0x2000, 0x206F),
        (0x20A0, 0x20CF),
        (0x2190, 0x2BFF),
        (0x2E00, 0x2E7F),
        (0x3000, 0x3004),
        (0x3008, 0x303F),
        (0x30FB, 0x30FB),
        (0xFE10, 0xFE6F),
        (0xFF00, 0xFF0F),
        (0xFFFD, 0xFFFD),
    ],
    np.int64,
)
_NOTHING, _WORD, _UNSPACED = 0, 1, 2
_START, _STEP = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # FNV-1a's constants


@njit(cache=True, nogil=True)
def _kind(code: int) -> int:  # pragma: no cover - compiled
    if code < 0x80:
        is_word = 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122
        return _WORD if is_word else _NOTHING
    for i in range(len(UNSPACED)):
        if UNSPACED[i, 0] <= code <= UNSPACED[i, 1]:
            return _NOTHING if code == 0x30FB else _UNSPACED
    for i in range(len(PUNCTUATION)):
        if PUNCTUATION[i, 0] <= code <= PUNCTUATION[i, 1]:
            return _NOTHING
    return _WORD


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    """splitmix64's finaliser (Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def _decoded(data: np.ndarray, at: int, end: int) -> tuple[int, int]:  # pragma: no cover
    """The code point at `at`, and where the next one starts."""
    first = int(data[at])
    length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    code = first if first < 0x80 else first & (0x7F >> length)
    for i in range(at + 1, min(at + length, end)):
        code = (code << 6) | (int(data[i]) & 0x3F)
    return code, at + length


@njit(cache=True, nogil=True)
def row_units(
    data: np.ndarray, start: int, end: int, result: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the unit hashes of one text to `result`; returns how many. A text has no more units
    than bytes."""
    count, at, before, run = 0, start, _NOTHING, 0
    hashed, last = _START, np.uint64(0)
    while at < end:
        code, at = _decoded(data, at, end)
        kind = _kind(code)
        if kind != before:
            if before == _WORD or (before == _UNSPACED and run == 1):
                result[count] = mixed(hashed if before == _WORD else last)
                count += 1
            hashed, run = _START, 0
        if kind == _WORD:
            hashed = (hashed ^ np.uint64(code)) * _STEP
        elif kind == _UNSPACED:
            own = (_START ^ np.uint64(code)) * _STEP
            if run > 0:
                result[count] = mixed((last * _STEP) ^ own)
                count += 1
            last = own
        run += 1
        before = kind
    if before == _WORD or (before == _UNSPACED and run == 1):
        result[count] = mixed(hashed if before == _WORD else last)
        count += 1
    return count
