"""What a text weighs in hundredths of a token: a kernel over UTF-8 bytes, one pass, no tables of
words. What it stands for, and how good it is, says mixer/tokens.py."""

from __future__ import annotations

import numpy as np
from numba import njit

TOKEN = 100  # one token
WORD, LETTER_MORE, CAPITAL_INSIDE = 85, 19, 10
NUMBER, NUMBER_AFTER_SPACE, SYMBOLS, NEWLINES, SPACES = 123, 96, 87, 56, 72
# Letters of an ASCII word that its first token covers; digits of a token.
LETTERS, DIGITS = 4, 3
# Code points above ASCII, both ends included, and what one of them weighs.
SCRIPTS = np.array(
    [
        (0x0080, 0x024F, 92),  # Latin with marks
        (0x0250, 0x036F, 50),
        (0x0370, 0x03FF, 41),  # Greek
        (0x0400, 0x052F, 37),  # Cyrillic
        (0x0530, 0x058F, 32),  # Armenian
        (0x0590, 0x05FF, 47),  # Hebrew
        (0x0600, 0x077F, 36),  # Arabic
        (0x0900, 0x0DFF, 43),  # scripts of India
        (0x0E00, 0x0EFF, 51),  # Thai, Lao
        (0x1000, 0x109F, 60),  # Burmese
        (0x10A0, 0x10FF, 33),  # Georgian
        (0x1780, 0x17FF, 60),  # Khmer
        (0x1E00, 0x1EFF, 5),  # Vietnamese
        (0x2000, 0x206F, 133),  # quotation marks, dashes
        (0x3000, 0x303F, 160),  # CJK punctuation
        (0x3040, 0x30FF, 67),  # kana
        (0x3400, 0x9FFF, 66),  # Han
        (0xAC00, 0xD7A3, 77),  # Hangul
        (0xFF00, 0xFFEF, 109),  # full-width forms
        (0x10000, 0x10FFFF, 157),  # emoji
    ],
    np.int64,
)
OTHER_SCRIPT = 216
_NOTHING, _LETTER, _DIGIT, _NEWLINE, _SPACE, _SYMBOL, _HIGH = 0, 1, 2, 3, 4, 5, 6


@njit(cache=True, nogil=True)
def token_counts(
    data: np.ndarray, offsets: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    """int64 [texts]: the estimate of each, at least 1 for a text that is not empty."""
    result = np.zeros(len(offsets) - 1, np.int64)
    for text in range(len(result)):
        start, end = offsets[text], offsets[text + 1]
        if end > start:
            result[text] = _tokens(_scan(data, start, end, 1 << 62)[0])
    return result


@njit(cache=True, nogil=True)
def beginning_bytes(data: np.ndarray, max_tokens: int) -> int:  # pragma: no cover - compiled
    """The bytes of the longest beginning, in whole characters, of at most so many tokens."""
    if max_tokens < 1:
        return 0
    return int(_scan(data, 0, len(data), max_tokens * TOKEN + TOKEN // 2)[1])


@njit(cache=True, nogil=True)
def _tokens(weight: int) -> int:  # pragma: no cover - compiled
    return max(1, (weight + TOKEN // 2) // TOKEN)


@njit(cache=True, nogil=True)
def _scan(
    data: np.ndarray, start: int, end: int, limit: int
) -> tuple[int, int]:  # pragma: no cover - compiled
    """The weight of the text, and where it ends: before the character that brings it to `limit`."""
    weight, at, kind, run = 0, start, _NOTHING, 0
    while at < end:
        code, after = _decoded(data, at, end)
        here = _kind(code)
        run = run + 1 if here == kind else 1
        added = _added(code, here, kind, run, int(data[at - 1]) if at > start else 0)
        if weight + added >= limit:
            break
        weight, at, kind = weight + added, after, here
    return weight, at


@njit(cache=True, nogil=True)
def _added(
    code: int, kind: int, before: int, run: int, last: int
) -> int:  # pragma: no cover - compiled
    """What a character adds, the `run`-th of its kind, after a kind and a byte."""
    if kind == _LETTER:
        more = LETTER_MORE if run > LETTERS else 0
        return WORD if run == 1 else more + (CAPITAL_INSIDE if code <= 90 else 0)
    if kind == _DIGIT:
        if run % DIGITS != 1:
            return 0
        return NUMBER + (NUMBER_AFTER_SPACE if run == 1 and last == 32 else 0)
    if kind == _SPACE:
        return SPACES if run == 2 else 0
    if kind == _NEWLINE:
        return 0 if run > 1 or before == _SYMBOL else NEWLINES
    if kind == _SYMBOL:
        return SYMBOLS if run == 1 else 0
    for i in range(len(SCRIPTS)):
        if SCRIPTS[i, 0] <= code <= SCRIPTS[i, 1]:
            return int(SCRIPTS[i, 2])
    return OTHER_SCRIPT


@njit(cache=True, nogil=True)
def _kind(code: int) -> int:  # pragma: no cover - compiled
    if code >= 0x80:
        return _HIGH
    if 97 <= code <= 122 or 65 <= code <= 90:
        return _LETTER
    if 48 <= code <= 57:
        return _DIGIT
    if code == 10 or code == 13:
        return _NEWLINE
    return _SPACE if code == 32 or code == 9 else _SYMBOL


@njit(cache=True, nogil=True)
def _decoded(data: np.ndarray, at: int, end: int) -> tuple[int, int]:  # pragma: no cover
    """The code point at `at`, and where the next one starts."""
    first = int(data[at])
    if first < 0x80:
        return first, at + 1
    length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    code = first & (0x7F >> length)
    after = min(at + length, end)
    for i in range(at + 1, after):
        code = (code << 6) | (int(data[i]) & 0x3F)
    return code, after
