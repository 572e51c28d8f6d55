"""Exact set-similarity join: AllPairs / PPJoin with greedy leaders.

Shingles are ordered by how often they come in the corpus, rare first. Two sets with Jaccard
similarity ≥ t must share one of the first n − ⌈t·n⌉ + 1 of each (prefix filter: Chaudhuri et al.
2006, Bayardo et al. 2007), must be of like size, and enough must be left behind the first shingle
they share (positional filter: Xiao et al. 2008). What passes is compared exactly. Most rows have a
prefix of shingles that no other row has, and end before any comparison.

The sets of a row's segments are joined as one; where each segment is alike, so is their union,
since a mediant lies between its fractions. A row is dropped only for a kept row (a leader) whose
every segment is alike. Time: linear in the text, plus the pairs that share a rare shingle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

# A pair exactly at the threshold counts: 0.8 · 5 is 4.000000000000001 in binary arithmetic.
TINY = 1e-9
_MOST = 15


class Prefixes(NamedTuple):
    """Rows whose prefix others may share, int64 `row`; `size` int64, distinct shingles of each; its
    entries are ends[i]:ends[i + 1] of `values` uint32 and `places` int32, rarest first."""

    row: np.ndarray
    size: np.ndarray
    ends: np.ndarray
    values: np.ndarray
    places: np.ndarray


class Sets(NamedTuple):
    """Sorted distinct shingles: of segment s values[ends[s]:ends[s + 1]], and those of templates
    shared[shared_ends[s]:shared_ends[s + 1]]; of row r the segments rows[r]:rows[r + 1]."""

    values: np.ndarray
    ends: np.ndarray
    shared: np.ndarray
    shared_ends: np.ndarray
    rows: np.ndarray


class Postings(NamedTuple):
    """Entries of row r are rows[r]:rows[r + 1] of `lists` (which shingle, int64) and `places`;
    `number` lists."""

    lists: np.ndarray
    places: np.ndarray
    rows: np.ndarray
    number: int


@njit(cache=True, nogil=True)
def count_shingles(
    table: np.ndarray, values: np.ndarray, ends: np.ndarray, skip: np.ndarray, span: tuple[int, int]
) -> None:  # pragma: no cover - compiled
    """Adds to a table of 4-bit counters that stay at 15 (uint8, a power of two), for rows that are
    not in `skip` and counters whose byte lies in `span`; ends: int64 [rows + 1]."""
    mask = np.uint32(2 * len(table) - 1)
    low, high = span
    for row in range(len(ends) - 1):
        if skip[row]:
            continue
        for i in range(ends[row], ends[row + 1]):
            slot = values[i] & mask
            byte = np.int64(slot >> np.uint32(1))
            if low <= byte < high:
                shift = np.uint8(4) * np.uint8(slot & np.uint32(1))
                if (table[byte] >> shift) & np.uint8(15) != _MOST:
                    table[byte] += np.uint8(1) << shift


@njit(cache=True, nogil=True)
def _counted(table: np.ndarray, value: np.uint32) -> int:  # pragma: no cover - compiled
    slot = value & np.uint32(2 * len(table) - 1)
    return int((table[slot >> np.uint32(1)] >> (np.uint8(4) * np.uint8(slot & np.uint32(1)))) & 15)


@njit(cache=True, nogil=True)
def prefix_length(size: int, threshold: float) -> int:  # pragma: no cover - compiled
    return size - int(np.ceil(threshold * size - TINY)) + 1


@njit(cache=True, nogil=True)
def prefixes(
    table: np.ndarray, values: np.ndarray, ends: np.ndarray, skip: np.ndarray, threshold: float
) -> Prefixes:  # pragma: no cover - compiled
    """Of rows that are not in `skip` and have a shingle in their prefix that came more than once;
    `values` as they come, ends: int64 [rows + 1]."""
    rows = len(ends) - 1
    row_of, size_of = np.empty(rows, np.int64), np.empty(rows, np.int64)
    entry_ends = np.zeros(rows + 1, np.int64)
    found = np.empty(1024, np.uint32)
    places = np.empty(1024, np.int32)
    count = entry = 0
    for row in range(rows):
        own = values[ends[row] : ends[row + 1]]
        if skip[row] or len(own) == 0 or _is_alone(table, own, threshold):
            continue
        keys, size = _ordered(table, own)
        length = prefix_length(size, threshold)
        if entry + length > len(found):
            more = 2 * len(found) + length
            found, places = _grown(found, more), _grown(places, more)
        before = entry
        for place in range(length):
            if keys[place] >> np.uint64(32) > 1:
                found[entry] = np.uint32(keys[place] & np.uint64(0xFFFFFFFF))
                places[entry] = place
                entry += 1
        if entry > before:
            row_of[count], size_of[count] = row, size
            count += 1
            entry_ends[count] = entry
    return Prefixes(
        row_of[:count].copy(),
        size_of[:count].copy(),
        entry_ends[: count + 1].copy(),
        found[:entry].copy(),
        places[:entry].copy(),
    )


@njit(cache=True, nogil=True)
def _grown(array: np.ndarray, size: int) -> np.ndarray:  # pragma: no cover - compiled
    larger = np.empty(size, array.dtype)
    larger[: len(array)] = array
    return larger


@njit(cache=True, nogil=True)
def _is_alone(
    table: np.ndarray, values: np.ndarray, threshold: float
) -> bool:  # pragma: no cover - compiled
    """Whether shingles that came once fill the longest prefix that the row can have."""
    needed = prefix_length(len(values), threshold)
    for i in range(len(values)):
        if _counted(table, values[i]) == 1:
            needed -= 1
            if needed == 0:
                return True
        elif len(values) - i <= needed:
            return False
    return False


@njit(cache=True, nogil=True)
def _ordered(
    table: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, int]:  # pragma: no cover - compiled
    """Distinct shingles as uint64 (times it came, value), rare first, and how many."""
    keys = np.empty(len(values), np.uint64)
    for i in range(len(values)):
        keys[i] = (np.uint64(_counted(table, values[i])) << np.uint64(32)) | np.uint64(values[i])
    keys.sort()
    size = 1
    for i in range(1, len(keys)):
        if keys[i] != keys[i - 1]:
            keys[size] = keys[i]
            size += 1
    return keys, size


@njit(cache=True, nogil=True)
def sorted_sets(
    values: np.ndarray, ends: np.ndarray, rows: np.ndarray, chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Values, ends and rows of the rows `chosen` (int64), as in Sets."""
    segments = total = 0
    for row in chosen:
        segments += rows[row + 1] - rows[row]
        total += ends[rows[row + 1]] - ends[rows[row]]
    result = np.empty(total, np.uint32)
    set_ends = np.zeros(segments + 1, np.int64)
    set_rows = np.zeros(len(chosen) + 1, np.int64)
    count = segment = 0
    for i in range(len(chosen)):
        for s in range(rows[chosen[i]], rows[chosen[i] + 1]):
            own = np.sort(values[ends[s] : ends[s + 1]])
            for j in range(len(own)):
                if j == 0 or own[j] != own[j - 1]:
                    result[count] = own[j]
                    count += 1
            segment += 1
            set_ends[segment] = count
        set_rows[i + 1] = segment
    return result[:count].copy(), set_ends, set_rows


@njit(cache=True, nogil=True)
def leaders(
    sets: Sets, postings: Postings, fixed: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Rows in order of priority; those `fixed` (bool) stay whatever they repeat.

    int64 [rows], the kept row most like each one (the first of several), or -1; float64 [rows], the
    least similarity of their segments."""
    rows = len(fixed)
    witness, similarity = np.full(rows, -1, np.int64), np.full(rows, np.nan)
    head = np.full(postings.number, -1, np.int64)
    after = np.full(len(postings.lists), -1, np.int64)
    owner = np.empty(len(postings.lists), np.int64)
    seen = np.full(rows, -1, np.int64)
    for row in range(rows):
        first, last = postings.rows[row], postings.rows[row + 1]
        if not fixed[row]:
            best = 0.0
            for entry in range(first, last):
                other = head[postings.lists[entry]]
                while other != -1:
                    leader = owner[other]
                    if seen[leader] != row:
                        seen[leader] = row
                        left = (postings.places[entry], postings.places[other])
                        alike = _alike(sets, row, leader, left, threshold)
                        if alike > best or (alike == best and alike > 0 and leader < witness[row]):
                            best, witness[row], similarity[row] = alike, leader, alike
                    other = after[other]
        if witness[row] < 0:
            for entry in range(first, last):
                owner[entry] = row
                after[entry] = head[postings.lists[entry]]
                head[postings.lists[entry]] = entry
    return witness, similarity


@njit(cache=True, nogil=True)
def all_pairs(
    sets: Sets, postings: Postings, threshold: float, most_pairs: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Every pair at or above the threshold: later row, earlier row, similarity; stops one pair
    above `most_pairs`."""
    rows = len(postings.rows) - 1
    later, earlier = np.empty(1024, np.int64), np.empty(1024, np.int64)
    similarity = np.empty(1024, np.float64)
    head = np.full(postings.number, -1, np.int64)
    after = np.full(len(postings.lists), -1, np.int64)
    owner = np.empty(len(postings.lists), np.int64)
    seen = np.full(rows, -1, np.int64)
    count = 0
    for row in range(rows):
        for entry in range(postings.rows[row], postings.rows[row + 1]):
            other = head[postings.lists[entry]]
            while other != -1 and count <= most_pairs:
                leader = owner[other]
                if seen[leader] != row:
                    seen[leader] = row
                    left = (postings.places[entry], postings.places[other])
                    alike = _alike(sets, row, leader, left, threshold)
                    if alike > 0:
                        if count == len(later):
                            later, earlier = _grown(later, 2 * count), _grown(earlier, 2 * count)
                            similarity = _grown(similarity, 2 * count)
                        later[count], earlier[count], similarity[count] = row, leader, alike
                        count += 1
                other = after[other]
        for entry in range(postings.rows[row], postings.rows[row + 1]):
            owner[entry] = row
            after[entry] = head[postings.lists[entry]]
            head[postings.lists[entry]] = entry
    return later[:count].copy(), earlier[:count].copy(), similarity[:count].copy()


@njit(cache=True, nogil=True)
def _alike(
    sets: Sets, a: int, b: int, places: tuple[int, int], threshold: float
) -> float:  # pragma: no cover - compiled
    """The least similarity of two rows' segments, 0 where it is below the threshold. `places`: of
    the first shingle that they share, in the order of rarity."""
    first_a, first_b = sets.rows[a], sets.rows[b]
    segments = sets.rows[a + 1] - first_a
    if sets.rows[b + 1] - first_b != segments:
        return 0.0
    size_a = sets.ends[first_a + segments] - sets.ends[first_a]
    size_b = sets.ends[first_b + segments] - sets.ends[first_b]
    needed = threshold / (1 + threshold) * (size_a + size_b) - TINY
    if min(size_a - places[0], size_b - places[1]) < needed:
        return 0.0
    for s in range(segments):
        one = sets.ends[first_a + s + 1] - sets.ends[first_a + s]
        two = sets.ends[first_b + s + 1] - sets.ends[first_b + s]
        if min(one, two) < threshold * max(one, two) - TINY:
            return 0.0
    least = 1.0
    # Answers come last and are mostly the shorter ones.
    for s in range(segments - 1, -1, -1):
        alike = _segments_alike(sets, first_a + s, first_b + s, threshold)
        if alike == 0.0:
            return 0.0
        least = min(least, alike)
    return least


@njit(cache=True, nogil=True)
def _segments_alike(
    sets: Sets, a: int, b: int, threshold: float
) -> float:  # pragma: no cover - compiled
    """The lesser Jaccard similarity, without and with template; 0 where it is below."""
    own_a = sets.values[sets.ends[a] : sets.ends[a + 1]]
    own_b = sets.values[sets.ends[b] : sets.ends[b + 1]]
    total = len(own_a) + len(own_b)
    common = intersection(own_a, own_b, int(np.ceil(threshold / (1 + threshold) * total - TINY)))
    if common <= 0:
        return 0.0
    alike = common / (total - common)
    shared_a = sets.shared[sets.shared_ends[a] : sets.shared_ends[a + 1]]
    shared_b = sets.shared[sets.shared_ends[b] : sets.shared_ends[b + 1]]
    if len(shared_a) + len(shared_b) == 0:
        return alike
    total += len(shared_a) + len(shared_b)
    common += intersection(shared_a, shared_b, 0)
    whole = common / (total - common)
    return min(alike, whole) if whole >= threshold - TINY else 0.0


@njit(cache=True, nogil=True)
def intersection(a: np.ndarray, b: np.ndarray, needed: int) -> int:  # pragma: no cover - compiled
    """|A ∩ B| of sorted sets, -1 where it is below `needed`; stops when too few are left."""
    i = j = common = 0
    while i < len(a) and j < len(b):
        if common + min(len(a) - i, len(b) - j) < needed:
            return -1
        if a[i] == b[j]:
            common += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return common if common >= needed else -1
