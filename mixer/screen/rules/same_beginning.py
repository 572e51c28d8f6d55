"""Whether one text begins with all of another, read as letters and digits alone."""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.segments import Strings


def same_beginning(
    asked: Strings, answered: Strings, asked_bytes: np.ndarray, min_characters: int
) -> np.ndarray:
    """bool [texts]: the answer begins with the first `asked_bytes` bytes of what was asked, and
    those have at least `min_characters` letters and digits (above ASCII, any
    character)."""
    spans = (asked.offsets, answered.offsets)
    return np.asarray(_begins(asked.data, answered.data, spans, (asked_bytes, min_characters)))


@njit(cache=True, nogil=True)
def _begins(
    asked: np.ndarray,
    answered: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray],
    wanted: tuple[np.ndarray, int],
) -> np.ndarray:  # pragma: no cover - compiled
    lengths, least = wanted
    result = np.zeros(len(lengths), np.bool_)
    for row in range(len(lengths)):
        left, left_end = spans[0][row], spans[0][row] + lengths[row]
        right, right_end = spans[1][row], spans[1][row + 1]
        seen = 0
        same = True
        while same:
            left = _next(asked, left, left_end)
            if left == left_end:
                break
            right = _next(answered, right, right_end)
            same = right < right_end and _lower(asked[left]) == _lower(answered[right])
            seen += asked[left] & 0xC0 != 0x80
            left, right = left + 1, right + 1
        result[row] = same and seen >= least
    return result


@njit(cache=True, nogil=True)
def _next(data: np.ndarray, at: int, end: int) -> int:  # pragma: no cover - compiled
    """The next byte of a letter or digit."""
    while at < end and data[at] < 0x80:
        byte = data[at] | 32
        if 97 <= byte <= 122 or 48 <= data[at] <= 57:
            break
        at += 1
    return at


@njit(cache=True, nogil=True)
def _lower(byte: int) -> int:  # pragma: no cover - compiled
    return byte + 32 if 65 <= byte <= 90 else byte
