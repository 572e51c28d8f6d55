"""Texts → sets of shingles, hashed to 32 bits: what similarity is judged on.

Texts are compared in Unicode NFKC and lower case, digits kept. A shingle is `words` consecutive
units (see units.py). Texts of fewer than `whole_below` units are one shingle each, so that two of
them are alike only if they say the same: half of "yes" and "yes please" means nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.similarity.growth import grown
from mixer.similarity.segments import strings
from mixer.similarity.units import mixed, row_units

_STEP = np.uint64(0x9E3779B97F4A7C15)


class Shingles(NamedTuple):
    """`values` uint32, sorted and unique within a row; row i is values[offsets[i]:offsets[i+1]]."""

    values: np.ndarray
    offsets: np.ndarray


def shingles(texts: pa.Array, words: int = 1, whole_below: int = 0) -> Shingles:
    """texts: strings, null is empty. A text without any unit is one shingle, of its characters."""
    plain = pc.fill_null(texts.cast(pa.large_string()), "")
    normal = pc.utf8_lower(pc.utf8_normalize(pc.utf8_trim_whitespace(plain), form="NFKC"))
    values, ends = _shingled(*strings(normal), words, whole_below)
    return Shingles(values, ends)


@njit(cache=True, nogil=True)
def _shingled(
    data: np.ndarray, offsets: np.ndarray, words: int, whole_below: int
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    rows = len(offsets) - 1
    ends = np.zeros(rows + 1, np.int64)
    # A text of b bytes has at most b / 2 + 1 words, but up to b / 3 · … pairs: b + 1 always holds.
    longest = 1
    for row in range(rows):
        longest = max(longest, offsets[row + 1] - offsets[row] + 1)
    units = np.empty(longest, np.uint64)
    made = np.empty(longest, np.uint32)
    result = np.empty(max(1024, (offsets[rows] - offsets[0]) // 4), np.uint32)
    for row in range(rows):
        count = row_units(data, offsets[row], offsets[row + 1], units)
        size = _row_shingles(units, count, words, whole_below, made)
        if count == 0:
            made[0] = _hash_of_bytes(data, offsets[row], offsets[row + 1])
        size = _sorted_unique(made, size)
        if ends[row] + size > len(result):
            result = grown(result, 2 * len(result) + size)
        result[ends[row] : ends[row] + size] = made[:size]
        ends[row + 1] = ends[row] + size
    return result[: ends[rows]].copy(), ends


@njit(cache=True, nogil=True)
def _row_shingles(
    units: np.ndarray, count: int, words: int, whole_below: int, made: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the shingles of `count` units to `made`; returns how many, at least one."""
    length = words if count >= max(words, whole_below) else max(1, count)
    size = max(1, count - length + 1)
    for i in range(size):
        value = np.uint64(length)
        for j in range(i, min(i + length, count)):
            value = mixed(value * _STEP + units[j])
        made[i] = np.uint32(value >> np.uint64(32))
    return size


@njit(cache=True, nogil=True)
def _hash_of_bytes(data: np.ndarray, start: int, end: int) -> np.uint32:  # pragma: no cover
    value = np.uint64(0)
    for i in range(start, end):
        value = mixed(value * _STEP + np.uint64(data[i]))
    return np.uint32(value >> np.uint64(32))


@njit(cache=True, nogil=True)
def _sorted_unique(made: np.ndarray, size: int) -> int:  # pragma: no cover - compiled
    ordered = np.sort(made[:size])
    count = 0
    for i in range(size):
        if i == 0 or ordered[i] != ordered[i - 1]:
            made[count] = ordered[i]
            count += 1
    return count
