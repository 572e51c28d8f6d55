"""Exact set-similarity join: AllPairs / PPJoin over lists sorted by size.

What shares a prefix shingle (prefix_filter.py) is a candidate. With α = t / (1 + t) · (n + m), the
overlap that two sets of n and m need, at the first shingle they share, at places i and j, there
must be so many from it on: n − i and m − j ≥ α (positional filter: Xiao, Wang, Lin, Yu 2008). With
t ≤ m / n ≤ 1 / t that bounds m, so in a list sorted by size candidates are a range. Shingles shared
later say nothing: those before were not all in range, so they are not counted. A bit an entry says
which rows are kept, so that rows still to come and rows dropped cost a 64th. What is left is
compared exactly (alike.py).

The sets of a row's segments are joined as one; where each segment is alike, so is their union,
since a mediant lies between its fractions. Time: linear in the entries, plus the pairs that pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.alike import Sets, alike_rows, may_be_alike, outlines
from mixer.similarity.bits import lowest_bit
from mixer.similarity.growth import grown
from mixer.similarity.postings import Postings
from mixer.similarity.prefix_filter import TINY

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


class Kept(NamedTuple):
    """A bit an entry of the lists, uint64, and a bit for each such word that is not 0."""

    bits: np.ndarray
    words: np.ndarray


@njit(cache=True, nogil=True)
def all_pairs(
    sets: Sets, postings: Postings, threshold: float, most_pairs: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Every pair at or above the threshold: later row, earlier row, similarity; stops one pair
    above `most_pairs`."""
    rows = len(postings.rows) - 1
    later, earlier = np.empty(1024, np.int64), np.empty(1024, np.int64)
    similarity = np.empty(1024, np.float64)
    kept, drawn = none_kept(postings), outlines(sets)
    met, found = np.full(rows, -1, np.int32), np.empty(rows, np.int32)
    count = 0
    for row in range(rows):
        for other in found[: candidates(postings, kept, row, threshold, (met, found))]:
            if not may_be_alike(drawn, row, other, threshold):
                continue
            alike = alike_rows(sets, row, other, threshold)
            if alike > 0 and count <= most_pairs:
                if count == len(later):
                    later, earlier = grown(later, 2 * count), grown(earlier, 2 * count)
                    similarity = grown(similarity, 2 * count)
                later[count], earlier[count], similarity[count] = row, other, alike
                count += 1
        keep(postings, kept, row)
    return later[:count].copy(), earlier[:count].copy(), similarity[:count].copy()


@njit(cache=True, nogil=True)
def none_kept(postings: Postings) -> Kept:  # pragma: no cover - compiled
    words = len(postings.owners) // 64 + 1
    return Kept(np.zeros(words, np.uint64), np.zeros(words // 64 + 1, np.uint64))


@njit(cache=True, nogil=True)
def keep(postings: Postings, kept: Kept, row: int) -> None:  # pragma: no cover - compiled
    for entry in range(postings.rows[row], postings.rows[row + 1]):
        at = postings.at[entry]
        kept.bits[at >> 6] |= np.uint64(1) << np.uint64(at & 63)
        kept.words[at >> 12] |= np.uint64(1) << np.uint64((at >> 6) & 63)


@njit(cache=True, nogil=True)
def drop(postings: Postings, kept: Kept, row: int) -> None:  # pragma: no cover - compiled
    for entry in range(postings.rows[row], postings.rows[row + 1]):
        at = postings.at[entry]
        kept.bits[at >> 6] &= ~(np.uint64(1) << np.uint64(at & 63))
        if kept.bits[at >> 6] == 0:
            kept.words[at >> 12] &= ~(np.uint64(1) << np.uint64((at >> 6) & 63))


@njit(cache=True, nogil=True)
def candidates(
    postings: Postings, kept: Kept, row: int, threshold: float, to: tuple[np.ndarray, np.ndarray]
) -> int:  # pragma: no cover - compiled
    """Writes the kept rows before `row` that pass the filters to `found`; returns how many.
    `met` int32 [rows]: the last row that met this one."""
    met, found = to
    first, last = postings.rows[row], postings.rows[row + 1]
    if first == last:
        return 0
    count = 0
    size = postings.sizes[postings.at[first]]
    share = threshold / (1 + threshold)
    for entry in range(first, last):
        left = size - postings.places[entry]
        most = min(size / threshold, left / share - size) + TINY
        start, end = _sized(postings, postings.lists[entry], threshold * size - TINY, most)
        at = _next(kept, start, end)
        while at < end:
            other = postings.owners[at]
            if met[other] != row and other < row:
                met[other] = row
                behind = min(left, postings.sizes[at] - postings.owner_places[at])
                if behind >= share * (size + postings.sizes[at]) - TINY:
                    found[count] = other
                    count += 1
            at = _next(kept, at + 1, end)
    return count


@njit(cache=True, nogil=True)
def _sized(
    postings: Postings, number: int, least: float, most: float
) -> tuple[int, int]:  # pragma: no cover - compiled
    """The entries of a list whose rows have between `least` and `most` shingles."""
    start, end = postings.starts[number], postings.starts[number + 1]
    sizes = postings.sizes
    low, high = start, end
    while low < high:
        middle = (low + high) >> 1
        if sizes[middle] < least:
            low = middle + 1
        else:
            high = middle
    start, high = low, end
    while low < high:
        middle = (low + high) >> 1
        if sizes[middle] <= most:
            low = middle + 1
        else:
            high = middle
    return start, low


@njit(cache=True, nogil=True)
def _next(kept: Kept, at: int, end: int) -> int:  # pragma: no cover - compiled
    """The first kept entry from `at` on, or something not below `end`."""
    if at >= end:
        return end
    word = at >> 6
    bits = kept.bits[word] & (_ALL << np.uint64(at & 63))
    if bits != 0:
        return (word << 6) + int(lowest_bit(bits))
    word += 1
    while word << 6 < end:
        marks = kept.words[word >> 6] & (_ALL << np.uint64(word & 63))
        if marks != 0:
            word = (word >> 6 << 6) + int(lowest_bit(marks))
            return (word << 6) + int(lowest_bit(kept.bits[word]))
        word = ((word >> 6) + 1) << 6
    return end
