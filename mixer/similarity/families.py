"""Families: texts joined by chains of near-duplicates, exactly, by a prefix-filtered join.

Shingles are ordered by how many texts have them, rare first. Two texts with Jaccard similarity ≥ t
must share one of the first n − ⌈t·n⌉ + 1 shingles of each (Chaudhuri et al. 2006, Bayardo et al.
2007), so only texts that share one of those are compared, and no pair is missed. Pairs that are in
one family already are not compared again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.shingles import Shingles
from mixer.similarity.units import mixed

_TABLE_BITS = 22
# A pair exactly at the threshold counts: 0.8 · 5 is 4.000000000000001 in binary arithmetic.
_TINY = 1e-9


def families(there: Shingles, threshold: float) -> np.ndarray:
    """int64 [rows]: the smallest row of each one's family. threshold in (0, 1]."""
    rows = len(there.offsets) - 1
    first, copy_of = _distinct(there)
    keys, offsets = _ordered(there, first)
    posting, posting_row = _postings(keys, offsets, threshold)
    root = _joined(keys, offsets, posting_row, posting, threshold)
    label = first[root][copy_of]
    # Roots are the smallest of the distinct texts, which come in the order of their first rows.
    assert len(label) == rows
    return np.asarray(label)


def _distinct(there: Shingles) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each distinct set, ascending; for each row the number of its set."""
    marks = _set_hashes(there.values, there.offsets)
    _, first, inverse = np.unique(marks, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order].astype(np.int64), rank[inverse]


def _ordered(there: Shingles, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The chosen rows' shingles as uint64 keys (texts that have it, then value), rare first."""
    lengths = np.diff(there.offsets)[chosen]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    index = np.repeat(there.offsets[chosen] - offsets[:-1], lengths) + np.arange(offsets[-1])
    values = there.values[index]
    slot = values & np.uint32((1 << _TABLE_BITS) - 1)
    texts = np.bincount(slot, minlength=1 << _TABLE_BITS).astype(np.uint64)
    keys = (texts[slot] << np.uint64(32)) | values
    _sort_rows(keys, offsets)
    return keys, offsets


def _postings(
    keys: np.ndarray, offsets: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Prefix keys that may occur twice and the texts that have them, by key, short texts first."""
    lengths = np.diff(offsets)
    prefix = lengths - np.ceil(threshold * lengths - _TINY).astype(np.int64) + 1
    row = np.repeat(np.arange(len(lengths)), prefix)
    starts = np.cumsum(prefix) - prefix
    place = np.arange(len(row)) - np.repeat(starts, prefix)
    key = keys[offsets[:-1][row] + place]
    shared = (key >> np.uint64(32)) > 1
    key, row = key[shared], row[shared]
    order = np.lexsort((row, lengths[row], key))
    return key[order], row[order]


@njit(cache=True, nogil=True)
def _set_hashes(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:  # pragma: no cover
    result = np.zeros(len(offsets) - 1, np.uint64)
    for row in range(len(result)):
        # Zero would swallow a shingle that is zero.
        result[row] = np.uint64(offsets[row + 1] - offsets[row] + 1)
        for i in range(offsets[row], offsets[row + 1]):
            result[row] = mixed(result[row] * np.uint64(0x9E3779B97F4A7C15) + np.uint64(values[i]))
    return result


@njit(cache=True, nogil=True)
def _sort_rows(keys: np.ndarray, offsets: np.ndarray) -> None:  # pragma: no cover - compiled
    for row in range(len(offsets) - 1):
        keys[offsets[row] : offsets[row + 1]].sort()


@njit(cache=True, nogil=True)
def _root(parent: np.ndarray, row: int) -> int:  # pragma: no cover - compiled
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@njit(cache=True, nogil=True)
def _joined(
    keys: np.ndarray,
    offsets: np.ndarray,
    posting_row: np.ndarray,
    posting: np.ndarray,
    threshold: float,
) -> np.ndarray:  # pragma: no cover - compiled
    """int64 [texts]: the smallest text of each one's family."""
    parent = np.arange(len(offsets) - 1)
    start = 0
    while start < len(posting):
        end = start + 1
        while end < len(posting) and posting[end] == posting[start]:
            end += 1
        for i in range(start, end):
            a = posting_row[i]
            longest = (offsets[a + 1] - offsets[a]) / threshold + 1e-9
            for j in range(i + 1, end):
                b = posting_row[j]
                if offsets[b + 1] - offsets[b] > longest:
                    break
                root_a, root_b = _root(parent, a), _root(parent, b)
                if root_a != root_b and _alike(keys, offsets, a, b, threshold):
                    parent[max(root_a, root_b)] = min(root_a, root_b)
        start = end
    for row in range(len(parent)):
        parent[row] = _root(parent, row)
    return parent


@njit(cache=True, nogil=True)
def _alike(
    keys: np.ndarray, offsets: np.ndarray, a: int, b: int, threshold: float
) -> bool:  # pragma: no cover - compiled
    """Whether |A ∩ B| / |A ∪ B| ≥ threshold; stops when too few are left to reach it."""
    i, j = offsets[a], offsets[b]
    end_a, end_b = offsets[a + 1], offsets[b + 1]
    total = (end_a - i) + (end_b - j)
    needed = int(np.ceil(threshold / (1 + threshold) * total - 1e-9))
    common = 0
    while i < end_a and j < end_b:
        if common + min(end_a - i, end_b - j) < needed:
            return False
        if keys[i] == keys[j]:
            common += 1
            i += 1
            j += 1
        elif keys[i] < keys[j]:
            i += 1
        else:
            j += 1
    return common >= needed
