"""Tokens of a text, and n-grams of them as hashed features."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.annotate.classifier.tokens import MOST_TOKENS, followed, mixed


class Line(NamedTuple):
    """Tokens of a text, with room: `words`, `shapes`, `ideas`, `bits` uint64, `kinds` uint8."""

    words: np.ndarray
    shapes: np.ndarray
    ideas: np.ndarray
    bits: np.ndarray
    kinds: np.ndarray


@njit(cache=True, nogil=True)
def new_line() -> Line:  # pragma: no cover - compiled
    size = MOST_TOKENS
    return Line(
        np.empty(size, np.uint64),
        np.empty(size, np.uint64),
        np.empty(size, np.uint64),
        np.empty(size, np.uint64),
        np.empty(size, np.uint8),
    )


@njit(cache=True, nogil=True)
def put(to: np.ndarray, count: int, salt: int, value: np.uint64) -> int:  # pragma: no cover
    """Adds a feature; a row that has as many as there is room for has no more."""
    if count == len(to):
        return count
    to[count] = np.uint32(mixed(value + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)))
    return count + 1


@njit(cache=True, nogil=True)
def put_grams(
    values: np.ndarray, longest: int, salt: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    """n-grams of one to `longest` values, each length with a salt of its own."""
    for i in range(len(values)):
        gram = np.uint64(0)
        for length in range(min(longest, len(values) - i)):
            gram = followed(gram, values[i + length])
            count = put(to, count, salt + length, gram)
    return count


@njit(cache=True, nogil=True)
def put_bits(bits: np.uint64, salt: int, to: np.ndarray, count: int) -> int:  # pragma: no cover
    bit = 0
    while bits:
        if bits & np.uint64(1):
            count = put(to, count, salt, np.uint64(bit))
        bits >>= np.uint64(1)
        bit += 1
    return count
