"""Texts → the words that ROUGE compares, as hashes: kernels over Arrow's UTF-8 bytes.

The reference is the tokenizer of the package rouge_score: lower case, and every run of a–z and 0–9
is a word. It cannot read other scripts: of a Chinese text it sees the Latin letters and digits
alone, so two tasks that both name Python would be the same. Where `other_scripts` is true, a text
in which words of other letters are as many as those of a–z and 0–9, or more, is therefore cut into
the words of its script (units.py: pairs of characters where a script puts no spaces), after NFKC
and lower case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.similarity.growth import grown
from mixer.similarity.segments import strings
from mixer.similarity.units import (
    HASH_START,
    HASH_STEP,
    NOTHING,
    UNSPACED_SCRIPT,
    WORD,
    decoded,
    kind_of,
    mixed,
    row_units,
)

# The only characters above ASCII that have an ASCII letter in their lower case.
_LOWER_TO_ASCII = (("\u0130", "i\u0307"), ("\u212a", "k"))


def _word_bytes() -> np.ndarray:
    """Of each byte its lower case where it is part of a word, else 0."""
    part = [byte if chr(byte).isascii() and chr(byte).isalnum() else 0 for byte in range(256)]
    return np.frombuffer(bytes(part).lower(), np.uint8)


_WORD_BYTES = _word_bytes()


class Words(NamedTuple):
    """`hashes` uint64 in the order of the text; of row i hashes[offsets[i]:offsets[i + 1]]."""

    hashes: np.ndarray
    offsets: np.ndarray


def rouge_words(texts: pa.Array, other_scripts: bool) -> Words:
    """texts: strings, null is empty."""
    plain = pc.fill_null(texts.cast(pa.large_string()), "")
    for letter, lower in _LOWER_TO_ASCII:
        plain = pc.replace_substring(plain, letter, lower)
    data, offsets = strings(plain)
    foreign = np.zeros(len(plain), bool)
    if other_scripts:
        foreign = _foreign(data, offsets)
    if foreign.any():
        normal = pc.utf8_lower(pc.utf8_normalize(plain.filter(pa.array(foreign)), form="NFKC"))
        plain = pc.replace_with_mask(plain, pa.array(foreign), normal)
        data, offsets = strings(plain)
    return Words(*_words(data, offsets, foreign))


@njit(cache=True, nogil=True)
def _foreign(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    """bool [rows]: texts that are mostly of other letters than a–z."""
    result = np.zeros(len(offsets) - 1, np.bool_)
    for row in range(len(result)):
        high = np.uint8(0)
        for at in range(offsets[row], offsets[row + 1]):
            high |= data[at]
        result[row] = high >= 0x80 and _is_foreign(data, offsets[row], offsets[row + 1])
    return result


@njit(cache=True, nogil=True)
def _is_foreign(data: np.ndarray, start: int, end: int) -> bool:  # pragma: no cover - compiled
    """Whether words with other letters are as many as words without, or more. A character of an
    unspaced script counts as a word, since pairs of them become words."""
    own = other = 0
    at, before, has_other = start, NOTHING, False
    while at < end:
        code, at = decoded(data, at, end)
        kind = NOTHING if _is_picture(code) else kind_of(code)
        if before == WORD and kind != WORD:
            own, other = own + (not has_other), other + has_other
            has_other = False
        if kind == WORD and code >= 0x80:
            has_other = True
        if kind == UNSPACED_SCRIPT:
            other += 1
        before = kind
    if before == WORD:
        own, other = own + (not has_other), other + has_other
    return other > 0 and other >= own


@njit(cache=True, nogil=True)
def _is_picture(code: int) -> bool:  # pragma: no cover - compiled
    """Emoji and the selectors behind them: a text is not of another script for a smile."""
    return 0x1F000 <= code <= 0x1FFFF or 0xFE00 <= code <= 0xFE0F


@njit(cache=True, nogil=True)
def _words(
    data: np.ndarray, offsets: np.ndarray, foreign: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    rows = len(offsets) - 1
    ends = np.zeros(rows + 1, np.int64)
    result = np.empty(max(1024, (offsets[rows] - offsets[0]) // 5), np.uint64)
    for row in range(rows):
        start, end = offsets[row], offsets[row + 1]
        # A text has no more words than bytes.
        if ends[row] + end - start > len(result):
            result = grown(result, 2 * len(result) + end - start)
        own = result[ends[row] :]
        if foreign[row]:
            ends[row + 1] = ends[row] + row_units(data, start, end, own)
        else:
            ends[row + 1] = ends[row] + _row_words(data, start, end, own)
    return result[: ends[rows]].copy(), ends


@njit(cache=True, nogil=True)
def _row_words(
    data: np.ndarray, start: int, end: int, result: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the hashes of the runs of a–z and 0–9 to `result`; returns how many. A word that
    row_units finds too has the same hash there."""
    count, hashed, inside = 0, HASH_START, False
    for at in range(start, end + 1):
        letter = _WORD_BYTES[data[at]] if at < end else np.uint8(0)
        if letter:
            hashed = (hashed ^ np.uint64(letter)) * HASH_STEP
            inside = True
        elif inside:
            result[count] = mixed(hashed)
            count += 1
            hashed, inside = HASH_START, False
    return count
