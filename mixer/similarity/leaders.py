"""Greedy leaders: rows in order of priority, each kept unless a kept row (a leader) is alike.

No chains: a row goes for a row that stays. Rows are taken in blocks. Threads compare the rows of a
block with the leaders before it, and with its own rows, of which it is not known yet whether they
stay; then, one after the other, each row is settled by what was noted of it. So the result does not
depend on blocks or threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.corpus import in_order
from mixer.similarity.alike import Outlines, Sets, alike_rows, may_be_alike, outlines
from mixer.similarity.near_join import Kept, candidates, drop, keep, none_kept
from mixer.similarity.postings import Postings

# Rows of a block that are all alike meet each other: a square of this many.
_BLOCK_ROWS = 2048
_MOST_NOTED = 8


class _Join(NamedTuple):
    sets: Sets
    postings: Postings
    drawn: Outlines
    kept: Kept


class _Noted(NamedTuple):
    """Of each row of a block: how many rows of it, before this one, are alike (int32; above
    _MOST_NOTED they are looked up again), which (int32) and how much (float64)."""

    alike_rows: np.ndarray
    row: np.ndarray
    similarity: np.ndarray


_Room = tuple[np.ndarray, np.ndarray]


def leaders(
    sets: Sets, postings: Postings, fixed: np.ndarray, threshold: float, threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows in order of priority; those `fixed` (bool) stay whatever they repeat.

    int64 [rows], the kept row most like each one (the first of several), or -1; float64 [rows], the
    least similarity of their segments."""
    rows = len(fixed)
    result = np.full(rows, -1, np.int64), np.full(rows, np.nan)
    join = _Join(sets, postings, outlines(sets), none_kept(postings))
    *rooms, settling = [
        (np.full(rows, -1, np.int32), np.empty(rows, np.int32)) for _ in range(threads + 1)
    ]
    noted = _Noted(
        np.zeros(_BLOCK_ROWS, np.int32),
        np.zeros((_BLOCK_ROWS, _MOST_NOTED), np.int32),
        np.zeros((_BLOCK_ROWS, _MOST_NOTED)),
    )
    for first in range(0, rows, _BLOCK_ROWS):
        last = min(first + _BLOCK_ROWS, rows)
        _keep_all(join, first, last)

        def compare(thread: int, first: int = first, last: int = last) -> None:
            # Every other row: neighbours are of one source, and take about as long.
            span = first, last, first + thread, threads
            _compare(join, span, (fixed, threshold), (rooms[thread], noted, result))

        list(in_order(compare, range(threads), threads))
        _settle(join, (first, last), threshold, (settling, noted, result))
    return result


@njit(cache=True, nogil=True)
def _keep_all(join: _Join, first: int, last: int) -> None:  # pragma: no cover - compiled
    for row in range(first, last):
        keep(join.postings, join.kept, row)


@njit(cache=True, nogil=True)
def _compare(
    join: _Join,
    span: tuple[int, int, int, int],
    how: tuple[np.ndarray, float],
    to: tuple[_Room, _Noted, _Room],
) -> None:  # pragma: no cover - compiled
    """Of every `step`-th row of a block: the leader before the block that is most alike, and the
    rows of the block that are as alike as that."""
    first, last, begin, step = span
    fixed, threshold = how
    room, noted, result = to
    for row in range(begin, last, step):
        noted.alike_rows[row - first] = 0
        if fixed[row]:
            continue
        found = room[1][: candidates(join.postings, join.kept, row, threshold, room)]
        least = _best(join, row, found[found < first], threshold, result)
        for other in found[found >= first]:
            if not may_be_alike(join.drawn, row, other, least):
                continue
            alike = alike_rows(join.sets, row, other, least)
            if alike > 0:
                at = noted.alike_rows[row - first]
                if at < _MOST_NOTED:
                    noted.row[row - first, at] = other
                    noted.similarity[row - first, at] = alike
                noted.alike_rows[row - first] = at + 1


@njit(cache=True, nogil=True)
def _settle(
    join: _Join,
    span: tuple[int, int],
    threshold: float,
    to: tuple[_Room, _Noted, _Room],
) -> None:  # pragma: no cover - compiled
    """Whether each row of a block stays, those before it being settled."""
    room, noted, result = to
    witness = result[0]
    for row in range(span[0], span[1]):
        count = noted.alike_rows[row - span[0]]
        if count > _MOST_NOTED:
            found = room[1][: candidates(join.postings, join.kept, row, threshold, room)]
            _best(join, row, found, threshold, result)
        else:
            for i in range(count):
                other = noted.row[row - span[0], i]
                alike = noted.similarity[row - span[0], i]
                if witness[other] < 0:
                    _note(row, other, alike, result)
        if witness[row] >= 0:
            drop(join.postings, join.kept, row)


@njit(cache=True, nogil=True)
def _best(
    join: _Join, row: int, found: np.ndarray, threshold: float, result: _Room
) -> float:  # pragma: no cover - compiled
    """Notes the leader that is most alike, among those `found` and the one noted before; what
    others must reach."""
    witness, similarity = result
    for leader in found:
        least = max(threshold, similarity[row]) if witness[row] >= 0 else threshold
        if may_be_alike(join.drawn, row, leader, least):
            _note(row, leader, alike_rows(join.sets, row, leader, least), result)
    return max(threshold, similarity[row]) if witness[row] >= 0 else threshold


@njit(cache=True, nogil=True)
def _note(
    row: int, leader: int, alike: float, result: _Room
) -> None:  # pragma: no cover - compiled
    witness, similarity = result
    best = similarity[row] if witness[row] >= 0 else 0.0
    if alike > best or (alike == best and alike > 0 and leader < witness[row]):
        witness[row], similarity[row] = leader, alike
