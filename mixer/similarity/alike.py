"""How alike two rows are: the Jaccard similarity of their segments, and a cheaper look before it.

Rare shingles are compared first: there rows differ, and a comparison stops when too few are left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.bits import popcount
from mixer.similarity.prefix_filter import TINY


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


class Outlines(NamedTuple):
    """256 parity bits a row, uint64 [rows, 4], and sizes int32 [rows, 2]: of the first segment and
    of the rest. Sets that differ in d shingles have outlines that differ in at most d bits (bitmap
    filter: Sandes, Teodoro, Melo 2020)."""

    bits: np.ndarray
    sizes: np.ndarray


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
