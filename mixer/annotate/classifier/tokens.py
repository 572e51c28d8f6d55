"""UTF-8 bytes → tokens as hashes: words, numbers, signs, line breaks; no Python object a row.

ASCII letters count as lower case; all numbers are one token, and a run of one sign is one. Scripts
whose characters take three bytes (Chinese, Japanese, Thai, Hindi, …) give a token a character.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.units import HASH_START, HASH_STEP

WORD, NUMBER, SIGN, LINE, PARAGRAPH, CHARACTER = 0, 1, 2, 3, 4, 5
# A text may be as long as it likes: what a row asks for stands near its ends.
MOST_TOKENS = 4096

# Signs have their code as their hash; these are no code of a sign.
LINE_HASH, PARAGRAPH_HASH, NUMBER_HASH, OTHER_SIGN_HASH = (np.uint64(code) for code in (1, 2, 3, 4))


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xD6E8FEB86659FD93)
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xD6E8FEB86659FD93)
    return np.uint64(value ^ (value >> np.uint64(32)))


@njit(cache=True, nogil=True)
def followed(before: np.uint64, value: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    return mixed(before * HASH_STEP + value)


@njit(cache=True, nogil=True)
def tokenize(
    data: np.ndarray, start: int, end: int, hashes: np.ndarray, kinds: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the tokens of data[start:end] (uint8) to `hashes` uint64 and `kinds` uint8, as many as
    there is room for; returns how many."""
    count, breaks, at = 0, 0, start
    while at < end and count < len(hashes):
        code = data[at]
        if code <= 32:
            breaks += code == 10
            at += 1
            continue
        if breaks > 0 and count > 0:
            hashes[count] = LINE_HASH if breaks == 1 else PARAGRAPH_HASH
            kinds[count] = LINE if breaks == 1 else PARAGRAPH
            count += 1
            breaks = 0
            continue
        breaks = 0
        if 48 <= code <= 57:
            at = _number_end(data, at, end)
            hashes[count], kinds[count] = NUMBER_HASH, NUMBER
        elif code >= 0xE0 and code < 0xF0 and not _is_apostrophe(data, at, end):
            hashes[count], kinds[count], at = _three_bytes(data, at, end)
        elif code >= 128 or code == 95 or 97 <= (code | 32) <= 122:
            hashes[count], at = _word(data, at, end)
            kinds[count] = WORD
        else:
            hashes[count], kinds[count] = np.uint64(code), SIGN
            while at < end and data[at] == code:
                at += 1
        count += 1
    return count


@njit(cache=True, nogil=True)
def _number_end(data: np.ndarray, at: int, end: int) -> int:  # pragma: no cover - compiled
    while at < end:
        part = data[at] == 44 or data[at] == 46
        if part and not (at + 1 < end and 48 <= data[at + 1] <= 57):
            break
        if not part and not 48 <= data[at] <= 57:
            break
        at += 1
    return at


@njit(cache=True, nogil=True)
def _is_apostrophe(data: np.ndarray, at: int, end: int) -> bool:  # pragma: no cover - compiled
    return bool(at + 2 < end and data[at] == 0xE2 and data[at + 1] == 0x80 and data[at + 2] == 0x99)


@njit(cache=True, nogil=True)
def _three_bytes(
    data: np.ndarray, at: int, end: int
) -> tuple[np.uint64, int, int]:  # pragma: no cover - compiled
    """U+2000 to U+2BFF are signs, the rest are characters of a script."""
    if data[at] == 0xE2 and at + 1 < end and data[at + 1] < 0xB0:
        return OTHER_SIGN_HASH, SIGN, min(at + 3, end)
    value = HASH_START
    for i in range(at, min(at + 3, end)):
        value = (value ^ np.uint64(data[i])) * HASH_STEP
    return mixed(value), CHARACTER, min(at + 3, end)


@njit(cache=True, nogil=True)
def _word(data: np.ndarray, at: int, end: int) -> tuple[np.uint64, int]:  # pragma: no cover
    """A run of letters, digits (all alike), underscores and apostrophes between letters."""
    value = HASH_START
    begin = at
    while at < end:
        code = np.uint64(data[at])
        if _is_apostrophe(data, at, end) and at > begin:
            code, at = np.uint64(39), at + 2
        elif 0xE0 <= code < 0xF0:
            break
        elif 48 <= code <= 57:
            code = np.uint64(48)
        elif 65 <= code <= 90:
            code |= np.uint64(32)
        elif code == 39:
            if not (at + 1 < end and 97 <= (data[at + 1] | 32) <= 122):
                break
        elif not (code >= 128 or code == 95 or 97 <= code <= 122):
            break
        value = (value ^ code) * HASH_STEP
        at += 1
    # A stray byte that begins nothing must still be passed.
    return mixed(value), max(at, begin + 1)
