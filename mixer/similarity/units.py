"""Text → the hashes of its words: kernels over Arrow's UTF-8 bytes, no Python object a row.

A unit is a run of letters and digits, or a run of symbols that carry meaning in arithmetic and
code ("3 + 4" is not "3 * 4"); white space and punctuation part units. Scripts that do not put
spaces between words (UNSPACED) are cut into overlapping pairs of characters instead. ASCII letters
count as lower case; other text is brought to NFKC and lower case before (segments.py).
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
        (0x00AB, 0x00B0),
        (0x00B2, 0x00B4),
        (0x00B6, 0x00B9),
        (0x00BB, 0x00BF),
        (0x060C, 0x060C),
        (0x061B, 0x061F),
        (0x06D4, 0x06D4),
        (0x0964, 0x0965),
        (0x1680, 0x1680),
        (0x2000, 0x206F),
        (0x20A0, 0x20CF),
        (0x2300, 0x2BFF),
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
# Signs above ASCII that are symbols: ± × ÷, arrows and operators.
SYMBOLS = np.array([(0xB1, 0xB1), (0xD7, 0xD7), (0xF7, 0xF7), (0x2190, 0x22FF)], np.int64)
NOTHING, WORD, UNSPACED_SCRIPT, SYMBOL = 0, 1, 2, 3
MINUS = ord("-")
HASH_START, HASH_STEP = (
    np.uint64(0xCBF29CE484222325),
    np.uint64(0x100000001B3),
)  # FNV-1a's constants


def _ascii_kinds() -> np.ndarray:
    kinds = np.zeros(128, np.uint8)
    for code in range(128):
        if chr(code).isalnum():
            kinds[code] = WORD
        elif chr(code) in "+*/=<>&|^%$#@~\\":
            kinds[code] = SYMBOL
    return kinds


_ASCII_KINDS = _ascii_kinds()
_ASCII_LOWER = np.frombuffer(bytes(range(128)).lower(), np.uint8)


@njit(cache=True, nogil=True)
def kind_of(code: int) -> int:  # pragma: no cover - compiled
    """What a code point is part of; a minus sign needs its neighbours, see is_minus."""
    if code < 0x80:
        return int(_ASCII_KINDS[code])
    for i in range(len(UNSPACED)):
        if UNSPACED[i, 0] <= code <= UNSPACED[i, 1]:
            return NOTHING if code == 0x30FB else UNSPACED_SCRIPT
    for i in range(len(SYMBOLS)):
        if SYMBOLS[i, 0] <= code <= SYMBOLS[i, 1]:
            return SYMBOL
    for i in range(len(PUNCTUATION)):
        if PUNCTUATION[i, 0] <= code <= PUNCTUATION[i, 1]:
            return NOTHING
    return WORD


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    """splitmix64's finaliser (Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def decoded(data: np.ndarray, at: int, end: int) -> tuple[int, int]:  # pragma: no cover
    """The code point at `at` (ASCII, Latin-1 and Cyrillic in lower case), and where the next one
    starts."""
    first = int(data[at])
    if first < 0x80:
        return int(_ASCII_LOWER[first]), at + 1
    length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    code = first & (0x7F >> length)
    for i in range(at + 1, min(at + length, end)):
        code = (code << 6) | (int(data[i]) & 0x3F)
    if 0xC0 <= code <= 0xDE and code != 0xD7:
        code += 0x20
    elif 0x400 <= code <= 0x42F:
        code += 0x20 if code >= 0x410 else 0x50
    return code, at + length


@njit(cache=True, nogil=True)
def is_minus(data: np.ndarray, at: int, start: int, end: int) -> bool:  # pragma: no cover
    """Whether the hyphen at `at` is a sign: before a digit or a space, not after a letter."""
    if at > start:
        before = at - 1
        while before > start and data[before] & 0xC0 == 0x80:
            before -= 1
        kind = kind_of(decoded(data, before, at)[0])
        if kind in (WORD, UNSPACED_SCRIPT):
            return False
    return at + 1 < end and (48 <= data[at + 1] <= 57 or data[at + 1] == 32)


@njit(cache=True, nogil=True)
def row_units(  # noqa: C901 - one pass over the bytes; calls would cost a third of its speed
    data: np.ndarray, start: int, end: int, result: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the unit hashes of one text to `result`; returns how many. A text has no more units
    than bytes."""
    count, at, before, run = 0, start, NOTHING, 0
    hashed, last = HASH_START, np.uint64(0)
    while at < end:
        here = at
        if data[at] < 0x80 and _ASCII_KINDS[data[at]] == WORD and before != UNSPACED_SCRIPT:
            # Nearly all text: a tight loop is twice as fast as the general case below.
            if before == SYMBOL:
                result[count] = mixed(hashed)
                count += 1
            if before != WORD:
                hashed = HASH_START
            while at < end and data[at] < 0x80 and _ASCII_KINDS[data[at]] == WORD:
                hashed = (hashed ^ np.uint64(_ASCII_LOWER[data[at]])) * HASH_STEP
                at += 1
            before = WORD
            continue
        code, at = decoded(data, at, end)
        kind = kind_of(code)
        if code == MINUS and is_minus(data, here, start, end):
            kind = SYMBOL
        if kind != before:
            if before & 1 or (before == UNSPACED_SCRIPT and run == 1):
                result[count] = mixed(hashed if before & 1 else last)
                count += 1
            hashed, run = HASH_START, 0
        if kind & 1:  # WORD and SYMBOL
            hashed = (hashed ^ np.uint64(code)) * HASH_STEP
        elif kind == UNSPACED_SCRIPT:
            own = (HASH_START ^ np.uint64(code)) * HASH_STEP
            if run > 0:
                result[count] = mixed((last * HASH_STEP) ^ own)
                count += 1
            last = own
        run += 1
        before = kind
    if before & 1 or (before == UNSPACED_SCRIPT and run == 1):
        result[count] = mixed(hashed if before & 1 else last)
        count += 1
    return count
