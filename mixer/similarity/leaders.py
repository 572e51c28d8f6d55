"""Greedy leaders: rows in order of priority, each kept unless a kept row (a leader) is alike.

No chains: a row goes for a row that stays. Rows are taken in blocks. Threads compare the rows of a
block with the leaders of the blocks before; then, one after the other, with those of their own
block. So the result does not depend on blocks or threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.corpus import in_order
from mixer.similarity.alike import Outlines, Sets, alike_rows, may_be_alike, outlines
from mixer.similarity.near_join import Kept, Postings, candidates, drop, keep, none_kept

_BLOCK_ROWS = 8192


def leaders(
    sets: Sets, postings: Postings, fixed: np.ndarray, threshold: float, threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows in order of priority; those `fixed` (bool) stay whatever they repeat.

    int64 [rows], the kept row most like each one (the first of several), or -1; float64 [rows], the
    least similarity of their segments."""
    rows = len(fixed)
    witness, similarity = np.full(rows, -1, np.int64), np.full(rows, np.nan)
    before, fresh, drawn = none_kept(postings), none_kept(postings), outlines(sets)
    own = [(np.full((rows, 2), -1, np.int32), np.empty(rows, np.int32)) for _ in range(threads)]
    seen = np.full((rows, 2), -1, np.int32), np.empty(rows, np.int32)
    result = witness, similarity
    for first in range(0, rows, _BLOCK_ROWS):
        last = min(first + _BLOCK_ROWS, rows)

        def compare(thread: int, first: int = first, last: int = last) -> None:
            # Every other row: neighbours are of one source, and take about as long.
            span = first + thread, last, threads
            _compare(
                (sets, postings, drawn), before, span, (fixed, threshold), (own[thread], result)
            )

        if first:
            list(in_order(compare, range(threads), threads))
        _settle(
            (sets, postings, drawn),
            (before, fresh),
            (first, last),
            (fixed, threshold),
            (seen, result),
        )
    return witness, similarity


_Join = tuple[Sets, Postings, Outlines]
_Room = tuple[np.ndarray, np.ndarray]


@njit(cache=True, nogil=True)
def _compare(
    join: _Join,
    kept: Kept,
    span: tuple[int, int, int],
    how: tuple[np.ndarray, float],
    to: tuple[_Room, _Room],
) -> None:  # pragma: no cover - compiled
    """Notes of the rows span[0], + span[2], … below span[1] the kept row that is most alike."""
    fixed, threshold = how
    for row in range(span[0], span[1], span[2]):
        if not fixed[row]:
            _best(join, kept, row, threshold, to)


@njit(cache=True, nogil=True)
def _settle(
    join: _Join,
    kept: tuple[Kept, Kept],
    span: tuple[int, int],
    how: tuple[np.ndarray, float],
    to: tuple[_Room, _Room],
) -> None:  # pragma: no cover - compiled
    """Compares the rows of a block with the leaders among them, and adds these to the others."""
    before, fresh = kept
    fixed, threshold = how
    witness = to[1][0]
    postings = join[1]
    for row in range(span[0], span[1]):
        if not fixed[row]:
            _best(join, fresh, row, threshold, to)
        if witness[row] < 0:
            keep(postings, fresh, row)
    for row in range(span[0], span[1]):
        if witness[row] < 0:
            keep(postings, before, row)
            drop(postings, fresh, row)


@njit(cache=True, nogil=True)
def _best(
    join: _Join, kept: Kept, row: int, threshold: float, to: tuple[_Room, _Room]
) -> None:  # pragma: no cover - compiled
    sets, postings, drawn = join
    room, (witness, similarity) = to
    best = similarity[row] if witness[row] >= 0 else 0.0
    for leader in room[1][: candidates(postings, kept, row, max(threshold, best), room)]:
        least = max(threshold, best)
        if not may_be_alike(drawn, row, leader, least):
            continue
        alike = alike_rows(sets, row, leader, least)
        if alike > best or (alike == best and alike > 0 and leader < witness[row]):
            best, witness[row], similarity[row] = alike, leader, alike
