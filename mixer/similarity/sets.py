"""The sets of the rows that are compared: chosen from all prefixes, piece after piece, in order."""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.arrays import ranges
from mixer.similarity.alike import Sets
from mixer.similarity.hash_sort import sorted_hashes
from mixer.similarity.prefix_filter import Prefixes
from mixer.similarity.sketches import Sketch


def chosen_sets(one: Sketch, prefix: Prefixes, chosen: np.ndarray) -> Sets:
    """Of rows of a piece, int64, ascending, each of which has a prefix."""
    at = np.searchsorted(prefix.row, chosen)
    segments = ranges(prefix.set_rows[:-1][at], np.diff(prefix.set_rows)[at])
    values, ends = _taken(prefix.sets, prefix.set_ends, segments)
    middles = ends[:-1] + (prefix.middles - prefix.set_ends[:-1])[segments]
    rows = np.concatenate([[0], np.cumsum(np.diff(prefix.set_rows)[at])])
    shared = _distinct_sets(one.shared_values(), one.shared_ends, one.rows, chosen)
    return Sets(values, ends, middles, *shared, rows)


@njit(cache=True, nogil=True)
def _distinct_sets(
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


def joined_sets(parts: list[Sets]) -> Sets:
    before = np.cumsum([0, *(len(one.values) for one in parts)])
    middles = [one.middles + at for one, at in zip(parts, before, strict=False)]
    return Sets(
        np.concatenate([np.zeros(0, np.uint32), *(one.values for one in parts)]),
        _stacked([one.ends for one in parts]),
        np.concatenate([np.zeros(0, np.int64), *middles]),
        np.concatenate([np.zeros(0, np.uint32), *(one.shared for one in parts)]),
        _stacked([one.shared_ends for one in parts]),
        _stacked([one.rows for one in parts]),
    )


def _stacked(ends: list[np.ndarray]) -> np.ndarray:
    """Offsets of parts that follow one another."""
    lengths = np.concatenate([np.zeros(0, np.int64), *(np.diff(one) for one in ends)])
    return np.concatenate([[0], np.cumsum(lengths)])


def reordered_sets(sets: Sets, order: np.ndarray) -> Sets:
    if (order == np.arange(len(order))).all():
        return sets
    segments = ranges(sets.rows[:-1][order], np.diff(sets.rows)[order])
    rows = np.concatenate([[0], np.cumsum(np.diff(sets.rows)[order])])
    values, ends = _taken(sets.values, sets.ends, segments)
    middles = ends[:-1] + (sets.middles - sets.ends[:-1])[segments]
    return Sets(values, ends, middles, *_taken(sets.shared, sets.shared_ends, segments), rows)


def _taken(
    values: np.ndarray, ends: np.ndarray, segments: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.diff(ends)[segments]
    taken = values[ranges(ends[:-1][segments], lengths)]
    return taken, np.concatenate([[0], np.cumsum(lengths)])
