"""Shingles of templates: those that a source declares, and those that most rows of a subset share.

Rows of one task share a definition or a fixed wording. Where only the whole text counted, its
different instances would look alike; where only the rest counted, so would one instance of two
tasks. So rows are compared twice: by the shingles that are not shared, and by all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

# A subset is judged by so many of its rows, distinct ones, chosen by their fingerprints from the
# first ones; copies of a row, at most so many, never make its text a template.
SAMPLE_ROWS = 128
SAMPLED_FROM_ROWS = 4096
LEAST_ROWS = 50
_BITS = 20


class SharedShingles(NamedTuple):
    """`values` uint32, sorted; `bits` bool, whether some value ends so, which spares most
    searches."""

    values: np.ndarray
    bits: np.ndarray


def shared_shingles(values: np.ndarray) -> SharedShingles:
    bits = np.zeros(1 << _BITS, np.bool_)
    bits[values & np.uint32((1 << _BITS) - 1)] = True
    return SharedShingles(np.unique(values), bits)


def sampled_rows(marks: np.ndarray, subset: np.ndarray) -> np.ndarray:
    """int64, ascending: of each subset of more than LEAST_ROWS distinct rows those that stand for
    it. marks: uint64 [rows], 0 for rows without text; subset: int64 [rows]."""
    rows = np.flatnonzero(marks)
    rows = _first_of(rows[np.argsort(subset[rows], kind="stable")], subset, SAMPLED_FROM_ROWS)
    order = rows[np.lexsort((rows, marks[rows], subset[rows]))]
    distinct = np.ones(len(order), bool)
    distinct[1:] = marks[order[1:]] != marks[order[:-1]]
    distinct[1:] |= subset[order[1:]] != subset[order[:-1]]
    chosen = _first_of(order[distinct], subset, SAMPLE_ROWS)
    sizes = np.bincount(subset[chosen], minlength=1)
    return np.sort(chosen[sizes[subset[chosen]] > LEAST_ROWS])


def in_most_rows(values: np.ndarray, row: np.ndarray, subset: np.ndarray) -> np.ndarray:
    """uint32: shingles of more than half of some subset's sampled rows, and of more than
    LEAST_ROWS. values: uint32 [shingles]; row: int64 [shingles], whose they are, an index of
    subset: int64 [sampled rows]."""
    held = np.unique((row.astype(np.uint64) << np.uint64(32)) | values)
    subset_of = subset[(held >> np.uint64(32)).astype(np.int64)].astype(np.uint64)
    shingle = held & np.uint64(0xFFFFFFFF)
    pairs, rows = np.unique((subset_of << np.uint64(32)) | shingle, return_counts=True)
    half = np.bincount(subset, minlength=1)[(pairs >> np.uint64(32)).astype(np.int64)] / 2
    most = rows > np.maximum(LEAST_ROWS, half)
    return np.asarray(pairs[most] & np.uint64(0xFFFFFFFF), np.uint32)


@njit(cache=True, nogil=True)
def split_shared(
    values: np.ndarray, ends: np.ndarray, marks: np.ndarray, words: int, shared: SharedShingles
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Values and ends of segments without the shingles of templates, then those of templates alone.
    A segment that has no other has one of all it says, its mark."""
    own, held = np.empty(len(values), np.uint32), np.empty(len(values), np.uint32)
    own_ends, held_ends = np.zeros(len(ends), np.int64), np.zeros(len(ends), np.int64)
    longest = 0
    for segment in range(len(marks)):
        longest = max(longest, ends[segment + 1] - ends[segment])
    kinds = np.empty(longest, np.uint8)
    own_count = held_count = 0
    for segment in range(len(marks)):
        first, size = ends[segment], ends[segment + 1] - ends[segment]
        least = _template_kinds(values[first : first + size], words, shared, kinds)
        before = own_count
        for i in range(size):
            if kinds[i] > least:
                held[held_count] = values[first + i]
                held_count += 1
            else:
                own[own_count] = values[first + i]
                own_count += 1
        if own_count == before:
            own[own_count] = np.uint32(marks[segment] >> np.uint64(32))
            own_count += 1
        own_ends[segment + 1], held_ends[segment + 1] = own_count, held_count
    return own[:own_count].copy(), own_ends, held[:held_count].copy(), held_ends


@njit(cache=True, nogil=True)
def _template_kinds(
    values: np.ndarray, words: int, shared: SharedShingles, kinds: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Of each shingle of a segment whether it is shared (2), a bridge (1: it stands where a
    template of `words` shingles or more begins or ends, and holds words of it), or neither (0).
    Returns the largest kind that is not the template's: 0, or 1 where there is no such shingle."""
    mask = np.uint32((1 << _BITS) - 1)
    run = plain = 0
    for i in range(len(values)):
        is_shared = shared.bits[values[i] & mask] and _holds(shared.values, values[i])
        kinds[i] = 2 if is_shared else 0
        run = run + 1 if is_shared else 0
        if run == words:
            for back in range(max(0, i - 2 * words + 2), i - words + 1):
                kinds[back] = max(kinds[back], 1)
    run = 0
    for i in range(len(values) - 1, -1, -1):
        run = run + 1 if kinds[i] == 2 else 0
        if run == words:
            for ahead in range(i + words, min(len(values), i + 2 * words - 1)):
                kinds[ahead] = max(kinds[ahead], 1)
    for i in range(len(values)):
        if kinds[i] == 0:
            plain += 1
    return 0 if plain > 0 else 1


@njit(cache=True, nogil=True)
def _holds(values: np.ndarray, value: np.uint32) -> bool:  # pragma: no cover - compiled
    place = np.searchsorted(values, value)
    return bool(place < len(values) and values[place] == value)


def _first_of(rows: np.ndarray, subset: np.ndarray, most: int) -> np.ndarray:
    """The first `most` of each subset, of rows that lie subset by subset."""
    starts = np.ones(len(rows), bool)
    starts[1:] = subset[rows[1:]] != subset[rows[:-1]]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(rows)), 0))
    return np.asarray(rows[np.arange(len(rows)) - first < most])
