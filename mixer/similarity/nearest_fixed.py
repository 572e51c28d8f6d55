"""Of each row the most alike among some that are fixed, whatever else it is like.

Other than among leaders (leaders.py), no row that is not fixed is ever compared with another one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.alike import Sets, alike_rows, may_be_alike, outlines
from mixer.similarity.near_join import candidates, keep, none_kept
from mixer.similarity.postings import Postings


@njit(cache=True, nogil=True)
def nearest_fixed(
    sets: Sets, postings: Postings, fixed: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """`fixed` bool [rows], those that are come first. int64 [rows], the first of the fixed rows
    that are most like each other one, or -1; float64 [rows], the least similarity of their
    segments."""
    rows = len(fixed)
    witness, similarity = np.full(rows, -1, np.int64), np.full(rows, np.nan)
    kept, drawn = none_kept(postings), outlines(sets)
    met, found = np.full(rows, -1, np.int32), np.empty(rows, np.int32)
    for row in range(rows):
        if fixed[row]:
            keep(postings, kept, row)
            continue
        best = 0.0
        for other in found[: candidates(postings, kept, row, threshold, (met, found))]:
            least = max(threshold, best)
            if not may_be_alike(drawn, row, other, least):
                continue
            alike = alike_rows(sets, row, other, least)
            if alike > best or (alike == best and alike > 0 and other < witness[row]):
                best = alike
                witness[row], similarity[row] = other, alike
    return witness, similarity
