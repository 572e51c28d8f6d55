"""The prefix filter: which shingles of a row are enough to find every row that is alike.

Shingles are ordered by how often they come in the corpus, rare first. Two sets with Jaccard
similarity ≥ t must share one of the first n − ⌈t·n⌉ + 1 of each (Chaudhuri, Ganti, Kaushik 2006;
Bayardo, Ma, Srikant 2007). Most rows have a prefix of shingles that no other row has, and end here.

A segment of few shingles can only be alike to one of the same shingles: s / (s + 1) < t. So the
shingles that are looked up are salted with the row's short segments: rows of one task with other
short answers never meet. Time: linear in the shingles, and a sort for those of a row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.growth import grown
from mixer.similarity.hash_sort import shell_sort, sorted_hashes
from mixer.similarity.shingle_counts import MOST_RARE, Counts, counted, counted_often
from mixer.similarity.units import mixed

# A pair exactly at the threshold counts: 0.8 · 5 is 4.000000000000001 in binary arithmetic.
TINY = 1e-9
# Longer segments are not looked at for being short.
_FEW = 64


class Prefixes(NamedTuple):
    """Rows whose prefix others may share, int64 `row`; entries of the i-th are ends[i]:ends[i + 1]
    of `values` uint32, salted, and `places` int32, rarest first. Its segments are
    set_rows[i]:set_rows[i + 1]; the distinct shingles of segment s are
    sets[set_ends[s]:set_ends[s + 1]], up to middles[s] the rare ones, sorted, then the others."""

    row: np.ndarray
    ends: np.ndarray
    values: np.ndarray
    places: np.ndarray
    sets: np.ndarray
    set_ends: np.ndarray
    middles: np.ndarray
    set_rows: np.ndarray


@njit(cache=True, nogil=True)
def prefix_length(size: int, threshold: float) -> int:  # pragma: no cover - compiled
    return size - int(np.ceil(threshold * size - TINY)) + 1


@njit(cache=True, nogil=True)
def prefixes(
    counts: Counts,
    values: np.ndarray,
    offsets: tuple[np.ndarray, np.ndarray],
    skip: np.ndarray,
    threshold: float,
) -> Prefixes:  # pragma: no cover - compiled
    """Of rows that are not in `skip` and have a shingle in their prefix that came more than once;
    `values` as they come; offsets: segments → values, rows → segments."""
    ends, segments = offsets
    rows = len(segments) - 1
    row_of = np.empty(rows, np.int64)
    entry_ends, set_rows = np.zeros(rows + 1, np.int64), np.zeros(rows + 1, np.int64)
    set_ends, middles = np.zeros(len(ends), np.int64), np.zeros(len(ends), np.int64)
    found, places = np.empty(1024, np.uint32), np.empty(1024, np.int32)
    sets = np.empty(1024, np.uint32)
    count = entry = filled = segment = 0
    for row in range(rows):
        first, last = segments[row], segments[row + 1]
        own = values[ends[first] : ends[last]]
        if skip[row] or len(own) == 0 or _is_alone(counts, own, threshold):
            continue
        if filled + len(own) > len(sets):
            sets = grown(sets, 2 * len(sets) + len(own))
        at = filled
        for s in range(last - first):
            some = values[ends[first + s] : ends[first + s + 1]]
            middle, end = _write_set(counts, some, sets[at:])
            middles[segment + s], set_ends[segment + s + 1] = at + middle, at + end
            at += end
        spans = (set_ends[segment : segment + last - first + 1], middles[segment:])
        order = _rare_first(counts, sets, spans, prefix_length(at - filled, threshold))
        if entry + len(order) > len(found):
            more = 2 * len(found) + len(order)
            found, places = grown(found, more), grown(places, more)
        salt = _salt(values, ends[first : last + 1], threshold)
        before = entry
        for place in range(len(order)):
            # What came once is in no other row.
            if order[place] >> np.uint64(32) > 1:
                found[entry] = np.uint32(order[place] & np.uint64(0xFFFFFFFF)) ^ salt
                places[entry] = place
                entry += 1
        if entry > before:
            row_of[count] = row
            count += 1
            entry_ends[count] = entry
            segment += last - first
            set_rows[count] = segment
            filled = at
    return Prefixes(
        row_of[:count].copy(),
        entry_ends[: count + 1].copy(),
        found[:entry].copy(),
        places[:entry].copy(),
        sets[:filled].copy(),
        set_ends[: segment + 1].copy(),
        middles[:segment].copy(),
        set_rows[: count + 1].copy(),
    )


@njit(cache=True, nogil=True)
def _write_set(
    counts: Counts, values: np.ndarray, to: np.ndarray
) -> tuple[int, int]:  # pragma: no cover - compiled
    """Distinct values: the rare ones, sorted, then the others; where those begin and end."""
    ordered = sorted_hashes(values)
    size = 0
    for i in range(len(ordered)):
        if i == 0 or ordered[i] != ordered[i - 1]:
            ordered[size] = ordered[i]
            size += 1
    middle = others = 0
    for i in range(size):
        if counted(counts, ordered[i]) <= MOST_RARE:
            to[middle] = ordered[i]
            middle += 1
        else:
            ordered[others] = ordered[i]
            others += 1
    for i in range(others):
        to[middle + i] = ordered[i]
    return middle, size


@njit(cache=True, nogil=True)
def _rare_first(
    counts: Counts, sets: np.ndarray, spans: tuple[np.ndarray, np.ndarray], length: int
) -> np.ndarray:  # pragma: no cover - compiled
    """The prefix of a row: uint64 (times it came, value)."""
    ends, middles = spans
    rare = 0
    for s in range(len(ends) - 1):
        rare += middles[s] - ends[s]
    size = ends[-1] - ends[0]
    # All rare ones are ordered; of the others as many as are needed, from all segments.
    keys = np.empty(rare if rare >= length else size, np.uint64)
    at = 0
    for s in range(len(ends) - 1):
        for value in sets[ends[s] : middles[s]]:
            keys[at] = (np.uint64(counted(counts, value)) << np.uint64(32)) | np.uint64(value)
            at += 1
    shell_sort(keys[:rare])
    if rare >= length:
        return keys[:length]
    for s in range(len(ends) - 1):
        for value in sets[middles[s] : ends[s + 1]]:
            often = np.uint64(counted_often(counts, value))
            keys[at] = (often << np.uint64(32)) | np.uint64(value)
            at += 1
    shell_sort(keys[rare:at])
    return keys[:length]


@njit(cache=True, nogil=True)
def _salt(
    values: np.ndarray, ends: np.ndarray, threshold: float
) -> np.uint32:  # pragma: no cover - compiled
    """A hash of the sets of a row's segments that have too few shingles for a change."""
    salt = np.uint64(0)
    for segment in range(len(ends) - 1):
        first, last = ends[segment], ends[segment + 1]
        if last - first > _FEW:
            continue
        size, total = 0, np.uint64(segment + 1)
        for i in range(first, last):
            if values[i] not in values[first:i]:
                size += 1
                total += mixed(np.uint64(values[i]))
        if size / (size + 1) < threshold - TINY:
            salt ^= mixed(total)
    return np.uint32(salt >> np.uint64(32))


@njit(cache=True, nogil=True)
def _is_alone(
    counts: Counts, values: np.ndarray, threshold: float
) -> bool:  # pragma: no cover - compiled
    """Whether shingles that came once fill the longest prefix that the row can have."""
    needed = prefix_length(len(values), threshold)
    for i in range(len(values)):
        if counted(counts, values[i]) == 1:
            needed -= 1
            if needed == 0:
                return True
        elif len(values) - i <= needed:
            return False
    return False
