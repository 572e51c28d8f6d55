"""How often each shingle comes in a corpus, by its hash: small counters, and larger ones behind.

Most shingles come once or twice: half a byte tells them apart. Those that fill it are counted on by
larger counters, one for 32 of the small ones: it pays to know which of them come a hundred times
and which a hundred thousand times. Shingles that share a counter are taken for one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

MOST_RARE = 14
_FULL = 15
_OFTEN_SHIFT = 5
_MOST_OFTEN = 65535
# Two small counters for each shingle, and at most 2^30 of them: half a GiB.
_SLOTS_A_SHINGLE = 2
_MOST_SLOT_BITS = 30


class Counts(NamedTuple):
    """`halves` uint8, two counters a byte, a power of two; `often` uint16."""

    halves: np.ndarray
    often: np.ndarray


def no_counts(shingles: int) -> Counts:
    bits = min(_MOST_SLOT_BITS, max(10, int(_SLOTS_A_SHINGLE * shingles).bit_length()))
    return Counts(
        np.zeros(1 << (bits - 1), np.uint8), np.zeros(1 << (bits - _OFTEN_SHIFT), np.uint16)
    )


def spans(counts: Counts, threads: int) -> list[tuple[int, int]]:
    """Parts of the counters that threads can add to at a time: for each its first and last byte."""
    # One larger counter belongs to 16 bytes.
    cuts = np.linspace(0, len(counts.often), threads + 1).astype(int) << (_OFTEN_SHIFT - 1)
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


@njit(cache=True, nogil=True)
def count_shingles(
    counts: Counts, values: np.ndarray, ends: np.ndarray, skip: np.ndarray, span: tuple[int, int]
) -> None:  # pragma: no cover - compiled
    """Adds `values` uint32 of rows that are not in `skip` to the counters whose byte lies in
    `span`; ends: int64 [rows + 1]."""
    halves, often = counts
    mask = np.uint32(2 * len(halves) - 1)
    low, high = span
    for row in range(len(ends) - 1):
        if skip[row]:
            continue
        for i in range(ends[row], ends[row + 1]):
            slot = values[i] & mask
            byte = np.int64(slot >> np.uint32(1))
            if low <= byte < high:
                shift = np.uint8(4) * np.uint8(slot & np.uint32(1))
                if (halves[byte] >> shift) & np.uint8(15) != _FULL:
                    halves[byte] += np.uint8(1) << shift
                elif often[slot >> np.uint32(_OFTEN_SHIFT)] < _MOST_OFTEN:
                    often[slot >> np.uint32(_OFTEN_SHIFT)] += np.uint16(1)


@njit(cache=True, nogil=True)
def counted(counts: Counts, value: np.uint32) -> int:  # pragma: no cover - compiled
    """Up to MOST_RARE how often it came, or more; above, that it came more often."""
    halves = counts.halves
    slot = value & np.uint32(2 * len(halves) - 1)
    return int((halves[slot >> np.uint32(1)] >> (np.uint8(4) * np.uint8(slot & np.uint32(1)))) & 15)


@njit(cache=True, nogil=True)
def counted_often(counts: Counts, value: np.uint32) -> int:  # pragma: no cover - compiled
    """Of a shingle that is not rare: how often it came, or more."""
    slot = value & np.uint32(2 * len(counts.halves) - 1)
    return _FULL + int(counts.often[slot >> np.uint32(_OFTEN_SHIFT)])
