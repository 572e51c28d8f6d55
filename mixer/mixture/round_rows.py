"""Whole rows from fractions: every stated amount within one row of its target, the size exact.

Rounding the running sum over cells gives the exact total and errors below one row for the first
column. The other columns are then repaired by moving single rows between cells, always the move
that brings the squared distances to all targets down the most.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mixer.mixture.margins import Margins, margins_of
from mixer.mixture.problem import Problem
from mixer.mixture.supply import Supply

# The best so many rows to add and to take away are tried against each other.
_MOST_CANDIDATES = 300
_PAIRS_TRIED = 16
_LEAST_GAIN = 1e-7
# A repaired cell stays this near to its fraction.
_FURTHEST_ROWS = 2
_TINY = 1e-6
_GOLDEN = 0.6180339887498949


def rounded(x: np.ndarray, problem: Problem, supply: Supply) -> np.ndarray:
    """int64 [cells], each next to x; the sum is that of x rounded."""
    rows = near_rows(x, problem)
    return _Repair(x, rows, problem, margins_of(x, problem, supply)).run()


def near_rows(x: np.ndarray, problem: Problem) -> np.ndarray:
    """int64 [cells] next to x, each on its own: a small change of x changes few of them."""
    if set(problem.per_row) == {"rows"}:
        total = np.floor(np.cumsum(x) + 0.5 + _TINY)
        rows = np.diff(total, prepend=0.0)
    else:
        # Multiples of the golden ratio spread evenly over 0-1, so that sums of rows stay true.
        threshold = np.arange(1, len(x) + 1) * _GOLDEN % 1.0
        rows = np.floor(x + threshold + _TINY)
    return np.clip(rows, problem.low, problem.high).astype(np.int64)


class _Candidates(NamedTuple):
    """Cells that a row may be added to (sign 1) or taken from (−1): `gain`, the change of the
    squared distances; `steps`, the change of each target, float64 [candidates, targets]."""

    cells: np.ndarray
    sign: int
    gain: np.ndarray
    steps: np.ndarray


class _Repair:
    def __init__(self, x: np.ndarray, rows: np.ndarray, problem: Problem, margins: Margins) -> None:
        self.x, self.rows, self.margins = x, rows, margins
        self.least = np.maximum(problem.low, np.floor(x + _TINY) - _FURTHEST_ROWS)
        self.most = np.minimum(problem.high, np.ceil(x - _TINY) + _FURTHEST_ROWS)
        self.sums = margins.sums(rows)

    def run(self) -> np.ndarray:
        for _ in range(100 + 4 * len(self.margins.low)):
            move = self._best_move()
            if move is None:
                break
            for cell, sign in move:
                self.rows[cell] += sign
            self.sums = self.margins.sums(self.rows)
        return self.rows

    def _best_move(self) -> list[tuple[int, int]] | None:
        """One row to add, to take away, or both at once; None if nothing helps."""
        if self.margins.cost(self.sums) < _LEAST_GAIN:
            return None
        up, down = self._candidates(+1), self._candidates(-1)
        best, move = -_LEAST_GAIN, None
        for one in (up, down):
            if len(one.gain) and one.gain.min() < best:
                place = int(one.gain.argmin())
                best, move = float(one.gain[place]), [(int(one.cells[place]), one.sign)]
        for i, j in self._likely_pairs(up, down):
            gain = self._gain(up.steps[i] + down.steps[j])
            if gain < best:
                best = gain
                move = [(int(up.cells[i]), 1), (int(down.cells[j]), -1)]
        return move

    def _gain(self, step: np.ndarray) -> float:
        return self.margins.cost(self.sums + step) - self.margins.cost(self.sums)

    def _likely_pairs(self, up: _Candidates, down: _Candidates) -> list[tuple[int, int]]:
        """Pairs by the change of the squared distances, were every target active an exact one."""
        if not len(up.gain) or not len(down.gain):
            return []
        active = self.margins.is_active(self.sums)
        together = 2 * (up.steps * (active * self.margins.weight)) @ down.steps.T
        gain = np.round(up.gain[:, None] + down.gain[None, :] + together, 9)
        gain[up.cells[:, None] == down.cells[None, :]] = np.inf
        gain = gain.ravel()
        likely = np.argsort(gain, kind="stable")[:_PAIRS_TRIED]
        return [divmod(int(place), len(down.gain)) for place in likely]

    def _candidates(self, sign: int) -> _Candidates:
        """The best cell of each kind, at most _MOST_CANDIDATES by gain."""
        margins = self.margins
        cells = np.flatnonzero(self.rows < self.most if sign > 0 else self.rows > self.least)
        wish = np.round(sign * (self.x - self.rows)[cells], 6)
        kind = margins.kind[cells]
        cells = cells[np.lexsort((cells, -wish, kind))]
        _, first = np.unique(margins.kind[cells], return_index=True)
        cells = cells[first]
        gain = margins.gains(self.sums, self.rows, cells, sign)
        best = np.lexsort((cells, np.round(gain, 9)))[:_MOST_CANDIDATES]
        cells = cells[best]
        return _Candidates(cells, sign, gain[best], margins.steps(self.rows, cells, sign))
