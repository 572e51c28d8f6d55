"""The numbers of a mixture: cells with what they hold, targets, and a size; bounds made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mixer.arrays import joined
from mixer.mixture.cells import Cells
from mixer.mixture.goals import Unit
from mixer.mixture.targets import Target

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Problem(NamedTuple):
    """`low` and `high`: rows of each cell, float64 [cells]; `per_row[unit]`: what one row of it
    gives; `average[unit]`: what any record gives; `size`: of the whole, None for as much as there
    is."""

    cells: Cells
    low: np.ndarray
    high: np.ndarray
    per_row: dict[Unit, np.ndarray]
    average: dict[Unit, float]
    targets: list[Target]
    size: tuple[Unit, float] | None

    def amount(self, x: np.ndarray, target: Target) -> float:
        """What the cells of a target give at x, in its unit."""
        return float((x * self.per_row[target.unit])[target.members].sum())

    def own(self, target: Target) -> np.ndarray:
        """What a row of each cell counts for a target, float64 [cells]."""
        result = np.zeros(len(self.low))
        result[target.members] = self.per_row[target.unit][target.members]
        return result

    def total(self, x: np.ndarray, unit: Unit) -> float:
        return float((x * self.per_row[unit]).sum())

    def bounds_at(self, target: Target, x: np.ndarray) -> tuple[float, float]:
        """A target's bounds as amounts of its unit, for the total at x."""
        if target.is_absolute:
            return target.low, target.high
        if self.size is not None and self.size[0] == target.unit:
            total = self.size[1]
        else:
            total = self.total(x, target.unit)
        return target.low * total, target.high * total


class Rows(NamedTuple):
    """least ≤ matrix·x ≤ most; `target[i]` is the target that row i comes from, -1 the size."""

    matrix: csr_array
    least: np.ndarray
    most: np.ndarray
    target: np.ndarray


def rows_of(problem: Problem, *, with_size: bool = True) -> Rows:
    """The linear bounds of a problem, in rows of average size. Where the size is not given in a
    target's unit, a share is said without it: amount of the value − share · all, against 0."""
    made = _Made(len(problem.low))
    known = problem.size if with_size else None
    if known is not None:
        unit, amount = known
        made.add(problem.per_row[unit], amount, amount, -1, problem.average[unit])
    for number, target in enumerate(problem.targets):
        weight = problem.per_row[target.unit]
        own, average = problem.own(target), problem.average[target.unit]
        if target.is_absolute:
            made.add(own, target.low, target.high, number, average)
        elif known is not None and known[0] == target.unit:
            made.add(own, target.low * known[1], target.high * known[1], number, average)
        elif target.low == target.high:
            made.add(own - target.low * weight, 0.0, 0.0, number, average)
        else:
            made.add(own - target.low * weight, 0.0, np.inf, number, average)
            made.add(own - target.high * weight, -np.inf, 0.0, number, average)
    return made.rows()


class _Made:
    """Rows as they are added; sparse, since a target of 100,000 cells may hold three of them."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.row: list[np.ndarray] = []
        self.column: list[np.ndarray] = []
        self.value: list[np.ndarray] = []
        self.least: list[float] = []
        self.most: list[float] = []
        self.target: list[int] = []

    def add(
        self, coefficients: np.ndarray, least: float, most: float, target: int, average: float
    ) -> None:
        column = np.flatnonzero(coefficients)
        self.row.append(np.full(len(column), len(self.least), np.int64))
        self.column.append(column)
        self.value.append(coefficients[column] / average)
        self.least.append(least / average)
        self.most.append(most / average)
        self.target.append(target)

    def rows(self) -> Rows:
        from scipy.sparse import csr_array

        place = (joined(self.row, np.int64), joined(self.column, np.int64))
        shape = (len(self.least), self.columns)
        matrix = csr_array((joined(self.value, np.float64), place), shape=shape)
        numbers = np.array(self.target, np.int64)
        return Rows(matrix, np.array(self.least), np.array(self.most), numbers)
