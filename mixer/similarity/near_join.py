"""Exact set-similarity join: AllPairs / PPJoin over lists sorted by size.

What shares a prefix shingle (prefix_filter.py) is a candidate. With α = t / (1 + t) · (n + m), the
overlap that two sets of n and m need, at every shingle they share, at places i and j, there must be
so many behind it: n − i and m − j ≥ α less what was shared before (positional filter: Xiao, Wang,
Lin, Yu 2008). At the first one that bounds m from both sides, so in a list of entries of about the
same place, sorted by size, candidates are a range; without it, rows of one task, which share a
definition and no more, would all meet. A bit an entry says which rows are kept, so that rows still
to come and rows dropped cost a 64th. What is left is compared exactly, rare shingles first, where
rows differ.

The sets of a row's segments are joined as one; where each segment is alike, so is their union,
since a mediant lies between its fractions. Time: linear in the entries, plus the pairs that pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.bits import lowest_bit, popcount
from mixer.similarity.hash_sort import sorted_hashes
from mixer.similarity.prefix_filter import TINY, grown

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
# What a pair that cannot reach the threshold has shared.
_NEVER = -(1 << 30)


class Sets(NamedTuple):
    """Distinct shingles: of segment s the rare ones, sorted, from ends[s] to middles[s] of
    `values`, then the others, sorted, to ends[s + 1]; those of templates, ordered like them, from
    shared_ends[s] to shared_ends[s + 1] of `shared`; of row r the segments rows[r]:rows[r + 1]."""

    values: np.ndarray
    ends: np.ndarray
    middles: np.ndarray
    shared: np.ndarray
    shared_ends: np.ndarray
    rows: np.ndarray


class Postings(NamedTuple):
    """Entries of row r are rows[r]:rows[r + 1] of `places` int32 (where in the row's order), `at`
    int64 (where in its list) and `lists` int64 (whose lists first_list[k]:first_list[k + 1] hold
    one shingle, parted by place). List l is starts[l]:starts[l + 1] of `owners` (rows),
    `owner_places`, from least_place[l] on, and `sizes`, ascending; int32."""

    rows: np.ndarray
    places: np.ndarray
    at: np.ndarray
    lists: np.ndarray
    first_list: np.ndarray
    starts: np.ndarray
    least_place: np.ndarray
    owners: np.ndarray
    owner_places: np.ndarray
    sizes: np.ndarray


class Outlines(NamedTuple):
    """256 parity bits a row, uint64 [rows, 4], and sizes int32 [rows, 2]: of the first segment and
    of the rest. Sets that differ in d shingles have outlines that differ in at most d bits (bitmap
    filter: Sandes, Teodoro, Melo 2020)."""

    bits: np.ndarray
    sizes: np.ndarray


class Kept(NamedTuple):
    """A bit an entry of the lists, uint64, and a bit for each such word that is not 0."""

    bits: np.ndarray
    words: np.ndarray


@njit(cache=True, nogil=True)
def distinct_sets(
    values: np.ndarray, ends: np.ndarray, rows: np.ndarray, chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Distinct values, sorted, of the segments of the rows `chosen` (int64), and their ends."""
    segments = total = 0
    for row in chosen:
        segments += rows[row + 1] - rows[row]
        total += ends[rows[row + 1]] - ends[rows[row]]
    result, set_ends = np.empty(total, np.uint32), np.zeros(segments + 1, np.int64)
    count = segment = 0
    for row in chosen:
        for s in range(rows[row], rows[row + 1]):
            own = sorted_hashes(values[ends[s] : ends[s + 1]])
            for j in range(len(own)):
                if j == 0 or own[j] != own[j - 1]:
                    result[count] = own[j]
                    count += 1
            segment += 1
            set_ends[segment] = count
    return result[:count].copy(), set_ends


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
    shared = np.full((rows, 2), -1, np.int32)
    found = np.empty(rows, np.int32)
    count = 0
    for row in range(rows):
        for other in found[: candidates(postings, kept, row, threshold, (shared, found))]:
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
    """Writes the kept rows that pass the filters to `found`; returns how many. `shared` int32
    [rows, 2]: the last row that met this one, and how many shingles they have shared so far."""
    shared, found = to
    first, last = postings.rows[row], postings.rows[row + 1]
    if first == last:
        return 0
    count = 0
    size = postings.sizes[postings.at[first]]
    share = threshold / (1 + threshold)
    for entry in range(first, last):
        left = size - postings.places[entry]
        most = min(size / threshold, left / share - size) + TINY
        number = postings.lists[entry]
        for part in range(postings.first_list[number], postings.first_list[number + 1]):
            least = (share * size + postings.least_place[part]) / (1 - share)
            start, end = _sized(postings, part, max(threshold * size, least) - TINY, most)
            at = _next(kept, start, end)
            while at < end:
                other = postings.owners[at]
                fresh = shared[other, 0] != row
                before = 0 if fresh else shared[other, 1]
                behind = min(left, postings.sizes[at] - postings.owner_places[at])
                enough = before + behind >= share * (size + postings.sizes[at]) - TINY
                if fresh and enough:
                    found[count] = other
                    count += 1
                if fresh:
                    shared[other, 0] = row
                shared[other, 1] = before + 1 if enough else _NEVER
                at = _next(kept, at + 1, end)
    enough_rows = 0
    for other in found[:count]:
        if shared[other, 1] > 0:
            found[enough_rows] = other
            enough_rows += 1
    return enough_rows


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


@njit(cache=True, nogil=True)
def outlines(sets: Sets) -> Outlines:  # pragma: no cover - compiled
    rows = len(sets.rows) - 1
    bits, sizes = np.zeros((rows, 4), np.uint64), np.zeros((rows, 2), np.int32)
    for row in range(rows):
        first, last = sets.rows[row], sets.rows[row + 1]
        for segment in range(first, last):
            half = min(segment - first, 1)
            for value in sets.values[sets.ends[segment] : sets.ends[segment + 1]]:
                # All four words where there is one segment, else two for each half.
                word = value & np.uint32(3 if last - first == 1 else 1)
                bits[row, 2 * half + word] ^= np.uint64(1) << np.uint64(
                    (value >> np.uint32(2)) & 63
                )
            sizes[row, half] += sets.ends[segment + 1] - sets.ends[segment]
    return Outlines(bits, sizes)


@njit(cache=True, nogil=True)
def may_be_alike(
    drawn: Outlines, a: int, b: int, threshold: float
) -> bool:  # pragma: no cover - compiled
    bits, sizes = drawn
    first: int = popcount(bits[a, 0] ^ bits[b, 0]) + popcount(bits[a, 1] ^ bits[b, 1])
    second: int = popcount(bits[a, 2] ^ bits[b, 2]) + popcount(bits[a, 3] ^ bits[b, 3])
    most = (1 - threshold) / (1 + threshold)
    if sizes[a, 1] == 0:
        return bool(first + second <= most * (sizes[a, 0] + sizes[b, 0]) + TINY)
    return bool(
        second <= most * (sizes[a, 1] + sizes[b, 1]) + TINY
        and first <= most * (sizes[a, 0] + sizes[b, 0]) + TINY
    )


@njit(cache=True, nogil=True)
def alike_rows(
    sets: Sets, a: int, b: int, threshold: float
) -> float:  # pragma: no cover - compiled
    """The least similarity of two rows' segments, 0 where it is below the threshold."""
    first_a, first_b = sets.rows[a], sets.rows[b]
    segments = sets.rows[a + 1] - first_a
    if sets.rows[b + 1] - first_b != segments:
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
    total = (sets.ends[a + 1] - sets.ends[a]) + (sets.ends[b + 1] - sets.ends[b])
    needed = int(np.ceil(threshold / (1 + threshold) * total - TINY))
    others = min(sets.ends[a + 1] - sets.middles[a], sets.ends[b + 1] - sets.middles[b])
    common = intersection(
        sets.values[sets.ends[a] : sets.middles[a]],
        sets.values[sets.ends[b] : sets.middles[b]],
        needed - others,
    )
    if common < 0:
        return 0.0
    common += intersection(
        sets.values[sets.middles[a] : sets.ends[a + 1]],
        sets.values[sets.middles[b] : sets.ends[b + 1]],
        needed - common,
    )
    if common < needed or common <= 0:
        return 0.0
    alike: float = common / (total - common)
    shared_a = sets.shared[sets.shared_ends[a] : sets.shared_ends[a + 1]]
    shared_b = sets.shared[sets.shared_ends[b] : sets.shared_ends[b + 1]]
    if len(shared_a) + len(shared_b) == 0:
        return alike
    total += len(shared_a) + len(shared_b)
    common += intersection(shared_a, shared_b, 0)
    whole: float = common / (total - common)
    return min(alike, whole) if whole >= threshold - TINY else 0.0


@njit(cache=True, nogil=True)
def intersection(a: np.ndarray, b: np.ndarray, needed: int) -> int:  # pragma: no cover - compiled
    """|A ∩ B| of sorted sets, or less than 0 where it is below `needed`; stops when too few are
    left."""
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
