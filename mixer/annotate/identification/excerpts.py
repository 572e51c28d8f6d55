"""Texts → what of them tells a language: a kernel over Arrow's UTF-8 bytes.

Fenced code, web addresses and words with an @ are left out, white space is one space. Only the
first LOOK_BYTES of a text are looked at, and EXCERPT_BYTES of what is left of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.annotate.identification.scripts import (
    BLOCK_SCRIPTS,
    CHINESE,
    JAPANESE,
    KOREAN,
    LAST_BLOCK,
    NO_SCRIPT,
    SCRIPT_LANGUAGES,
    SIGN,
)

LOOK_BYTES = 8_000
EXCERPT_BYTES = 600
# One alone may be a picture: a face of katakana, an ohm.
_LEAST_LETTERS = 2
# A character of these says as much as a few letters of an alphabet.
_LETTERS_A_CHARACTER = 4


class Excerpts(NamedTuple):
    """`data` uint8 and int64 `offsets`; by row: how many characters are `letters` (or their marks)
    and how many `symbols` that code and formulas are full of; how many `words` there are and how
    many `capitals` they begin with; `script`, the place in SCRIPT_LANGUAGES of a script that most
    letters are of, and the `share` that are; `marked`, whether there are characters that Unicode
    can write in two ways; `whole_bytes`, how long the text is of which this is an excerpt."""

    data: np.ndarray
    offsets: np.ndarray
    letters: np.ndarray
    symbols: np.ndarray
    words: np.ndarray
    capitals: np.ndarray
    script: np.ndarray
    share: np.ndarray
    marked: np.ndarray
    whole_bytes: np.ndarray


_OTHER, _SPACE, _SYMBOL, _SMALL, _CAPITAL = range(5)


def _ascii_kinds() -> np.ndarray:
    kinds = np.full(128, _OTHER, np.uint8)
    for code in range(128):
        if chr(code).isalpha():
            kinds[code] = _CAPITAL if chr(code).isupper() else _SMALL
        elif code <= 32 or code == 127:
            kinds[code] = _SPACE
        elif chr(code) in "{}[]<>=+*/\\|_^~;#":
            kinds[code] = _SYMBOL
    return kinds


_ASCII = _ascii_kinds()
_TICK, _AT, _COLON, _SLASH, _PARENTHESIS, _BLANK = map(ord, "`@:/( ")


class Pieces(NamedTuple):
    """Piece p is data[starts[p]:ends[p]]; row r has the pieces rows[r]:rows[r + 1]."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    rows: np.ndarray


def excerpts(texts: Pieces, most_bytes: int = EXCERPT_BYTES) -> Excerpts:
    """The pieces of a row are one text."""
    return Excerpts(*_excerpts(texts, most_bytes))


def estimated_letters(found: Excerpts) -> np.ndarray:
    """float64 [rows]: of the whole texts, if they go on as they begin."""
    dense = np.isin(found.script, (JAPANESE, CHINESE, KOREAN))
    letters = found.letters * np.where(dense, _LETTERS_A_CHARACTER, 1)
    return np.asarray(letters / np.maximum(1, np.diff(found.offsets)) * found.whole_bytes)


@njit(cache=True, nogil=True)
def _excerpts(texts: Pieces, most_bytes: int) -> tuple[np.ndarray, ...]:  # pragma: no cover
    rows = len(texts.rows) - 1
    out, offsets = np.empty(rows * most_bytes, np.uint8), np.zeros(rows + 1, np.int64)
    letters, symbols, words, capitals = np.zeros((4, rows), np.int32)
    script, share = np.zeros(rows, np.uint8), np.zeros(rows)
    marked, whole_bytes = np.zeros(rows, np.bool_), np.zeros(rows, np.int64)
    counts = np.zeros(len(SCRIPT_LANGUAGES), np.int32)
    for row in range(rows):
        own = out[offsets[row] : offsets[row] + most_bytes]
        size = 0
        for piece in range(texts.rows[row], texts.rows[row + 1]):
            if 0 < size < most_bytes:
                own[size] = _BLANK
                size += 1
            whole_bytes[row] += texts.ends[piece] - texts.starts[piece]
            end = min(texts.ends[piece], texts.starts[piece] + LOOK_BYTES)
            size += _cleaned(texts.data, texts.starts[piece], end, own[size:])
        offsets[row + 1] = offsets[row] + size
        counts[:] = 0
        found = _counted(own[:size], counts)
        letters[row], symbols[row], words[row], capitals[row], marked[row] = found
        script[row], share[row] = _main_script(counts, letters[row])
    data = out[: offsets[rows]]
    return data, offsets, letters, symbols, words, capitals, script, share, marked, whole_bytes


@njit(cache=True, nogil=True)
def _cleaned(data: np.ndarray, at: int, end: int, out: np.ndarray) -> int:  # pragma: no cover
    """Writes what counts of data[at:end] to `out`; returns how many bytes."""
    size, word = 0, 0
    while at < end:
        length = _length(data[at])
        skipped, back = _skipped(data, at, end, size > word)
        if skipped > at or (length == 1 and _ASCII[data[at]] == _SPACE):
            size = word if back else size
            at = max(skipped, at + 1)
            if size > 0 and out[size - 1] != _BLANK and size < len(out):
                out[size] = _BLANK
                size += 1
            word = size
            continue
        if at + length > end or size + length > len(out):
            break
        for i in range(length):
            out[size + i] = data[at + i]
        size, at = size + length, at + length
        # An address may stand beside Chinese without a space.
        word = size if length > 1 else word
    return size


@njit(cache=True, nogil=True)
def _length(byte: int) -> int:  # pragma: no cover - compiled
    """How many bytes a character has that begins with this one."""
    return 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4


@njit(cache=True, nogil=True)
def _skipped(
    data: np.ndarray, at: int, end: int, inside: bool
) -> tuple[int, bool]:  # pragma: no cover - compiled
    """Where what does not count ends that begins at `at`, and whether the word before `at` belongs
    to it; `at` if nothing does. `inside` is whether there is such a word."""
    byte = data[at]
    if byte == _TICK:
        return _after_fence(data, at, end), False
    if byte == _AT or (byte == _COLON and inside and _is_address(data, at, end)):
        return _word_end(data, at, end), True
    return at, False


@njit(cache=True, nogil=True)
def _after_fence(data: np.ndarray, at: int, end: int) -> int:  # pragma: no cover - compiled
    """Where the code ends that begins with three backticks at `at`; `at` if it is not three."""
    if at + 2 >= end or data[at + 1] != _TICK or data[at + 2] != _TICK:
        return at
    at += 3
    while at + 2 < end:
        if data[at] == _TICK and data[at + 1] == _TICK and data[at + 2] == _TICK:
            return at + 3
        at += 1
    return end


@njit(cache=True, nogil=True)
def _word_end(data: np.ndarray, at: int, end: int) -> int:  # pragma: no cover - compiled
    while at < end and data[at] < 0x80 and _ASCII[data[at]] != _SPACE:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _is_address(data: np.ndarray, at: int, end: int) -> bool:  # pragma: no cover - compiled
    return at + 2 < end and data[at + 1] == _SLASH and data[at + 2] == _SLASH


@njit(cache=True, nogil=True)
def _counted(
    text: np.ndarray, counts: np.ndarray
) -> tuple[int, int, int, int, bool]:  # pragma: no cover - compiled
    """Letters, symbols, words, capitals, marked; adds the letters of each script to `counts`."""
    letters, symbols, words, capitals, marked = 0, 0, 0, 0, False
    at, inside = 0, False
    while at < len(text):
        byte = int(text[at])
        if byte < 0x80:
            kind = _ASCII[byte]
            at += 1
        else:
            length = _length(byte)
            block = _block(text, at, length)
            # U+0300 to U+036F, Hangul in parts, and all that may be Indic.
            marked |= byte in (0xCC, 0xCD, 0xE0) or 0x44 <= block <= 0x47
            script = BLOCK_SCRIPTS[block]
            kind = _OTHER if script == SIGN else _SMALL
            if script != SIGN:
                counts[script] += 1
            at += length
        letters += kind >= _SMALL
        # Prose puts a space before a parenthesis.
        symbols += kind == _SYMBOL or (byte == _PARENTHESIS and inside)
        if kind >= _SMALL and not inside:
            words += 1
            capitals += kind == _CAPITAL
        inside = kind >= _SMALL
    return letters, symbols, words, capitals, marked


@njit(cache=True, nogil=True)
def _block(text: np.ndarray, at: int, length: int) -> int:  # pragma: no cover - compiled
    """The block of 64 code points of a character; emoji and what else is rare are signs."""
    if length == 2:
        return int(text[at]) & 0x1F
    if length == 3:
        return ((int(text[at]) & 0xF) << 6) | (int(text[at + 1]) & 0x3F)
    return LAST_BLOCK


@njit(cache=True, nogil=True)
def _main_script(counts: np.ndarray, letters: int) -> tuple[int, float]:  # pragma: no cover
    """Kana and Han together are Japanese."""
    counts[NO_SCRIPT] = 0
    han, kana = counts[CHINESE], counts[JAPANESE]
    if kana > 0 and kana * 10 >= han:
        counts[JAPANESE] += han
        counts[CHINESE] = 0
    main = int(np.argmax(counts))
    weight = _LETTERS_A_CHARACTER if main in (JAPANESE, CHINESE, KOREAN) else 1
    if letters < _LEAST_LETTERS or counts[main] * weight <= letters - counts[main]:
        return NO_SCRIPT, 0.0
    return main, counts[main] / letters
