"""Saved pairs → which rows go, at any threshold from theirs on, without a look at the texts.

The same greedy leaders as in near_join.py: a row goes for the kept row that is most like it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.arrays import first_of_run
from mixer.similarity.copies import with_copies
from mixer.similarity.near_search import Leaders, Pairs
from mixer.similarity.prefix_filter import TINY


def cut_pairs(pairs: Pairs, threshold: float, rank: np.ndarray) -> Leaders:
    """rank: int64 [rows], rows in the order in which they are kept."""
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    copy_of, first = _copies_by_rank(pairs.copy_of, position)
    enough = pairs.similarity >= threshold - TINY
    one, other = first[pairs.later[enough]], first[pairs.earlier[enough]]
    alike = pairs.similarity[enough]
    swap = position[one] < position[other]
    later, earlier = np.where(swap, other, one), np.where(swap, one, other)
    # Row by row in order of rank; of each row the most similar first, ties by rank.
    order = np.lexsort((position[earlier], -alike, position[later]))
    witness, similarity = _greedy(later[order], earlier[order], alike[order], len(rank))
    return Leaders(*with_copies(witness, similarity, copy_of), pairs.silent)


def _copies_by_rank(copy_of: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`copy_of` with the first by rank as the original, and of each row that original."""
    group = np.where(copy_of >= 0, copy_of, np.arange(len(copy_of)))
    order = np.lexsort((position, group))
    starts = np.ones(len(order), bool)
    starts[1:] = group[order[1:]] != group[order[:-1]]
    first = np.empty(len(order), np.int64)
    first[order] = first_of_run(order, starts)
    return np.where(first == np.arange(len(order)), -1, first), first


@njit(cache=True, nogil=True)
def _greedy(
    later: np.ndarray, earlier: np.ndarray, alike: np.ndarray, rows: int
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    witness, similarity = np.full(rows, -1, np.int64), np.full(rows, np.nan)
    for pair in range(len(later)):
        row = later[pair]
        if witness[row] < 0 and witness[earlier[pair]] < 0:
            witness[row], similarity[row] = earlier[pair], alike[pair]
    return witness, similarity
