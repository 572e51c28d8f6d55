"""Rows that say the same: they count once in a search, and go where their original goes."""

from __future__ import annotations

import numpy as np

from mixer.arrays import first_of_run


def copies(marks: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """int64 [rows]: the first row by rank that says the same, -1 for itself and for no text."""
    order = rank[np.argsort(marks[rank], kind="stable")]
    ordered = marks[order]
    starts = np.ones(len(order), bool)
    starts[1:] = (ordered[1:] != ordered[:-1]) | (ordered[1:] == 0)
    first = first_of_run(order, starts)
    result = np.full(len(marks), -1, np.int64)
    result[order] = np.where(starts, -1, first)
    return result


def with_copies(
    witness: np.ndarray, similarity: np.ndarray, copy_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A copy goes for the row it copies, or for what that one goes for."""
    copies = np.flatnonzero(copy_of >= 0)
    original = copy_of[copies]
    kept = witness[original] < 0
    witness[copies] = np.where(kept, original, witness[original])
    similarity[copies] = np.where(kept, 1.0, similarity[original])
    return witness, similarity
