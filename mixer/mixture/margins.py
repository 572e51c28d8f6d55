"""What each target has, as whole rows are given to cells and taken from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mixer.mixture.goals import Unit
from mixer.mixture.problem import Problem
from mixer.mixture.supply import Supply

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_EXACT = 1e4


class Margins(NamedTuple):
    """All bounds of a problem, the size among them, as sums over cells.

    `inside` [targets, cells] is sparse; `kind` int64 [cells] tells cells apart by the targets they
    count for; bounds `low`, `high` and all sums are in rows of average size (`scale`). `weight`
    makes a size in rows exact before anything else.
    """

    supply: Supply
    inside: csr_array
    kind: np.ndarray
    units: list[Unit]
    scale: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """float64 [targets]."""
        result = np.zeros(len(self.low))
        for unit, mine in self._by_unit():
            result[mine] = (self.inside @ self.supply.amounts(unit, rows).astype(float))[mine]
        return np.asarray(result / self.scale)

    def cost(self, sums: np.ndarray) -> float:
        """Squared distances to the bounds."""
        return float((self.weight * self._distance(sums, self.low, self.high) ** 2).sum())

    def is_active(self, sums: np.ndarray) -> np.ndarray:
        """bool [targets]: at or outside the bounds, so that another row counts."""
        return np.asarray((sums <= self.low) | (sums >= self.high))

    def steps(self, rows: np.ndarray, cells: np.ndarray, sign: int) -> np.ndarray:
        """What one row more (or less, `sign` −1) of a cell changes, float64 [cells, targets]."""
        inside = self.inside[:, cells].toarray().T
        result = np.zeros(inside.shape)
        for unit, mine in self._by_unit():
            change = self._change(unit, rows, cells, sign)
            result[:, mine] = inside[:, mine] * change[:, None]
        return np.asarray(result / self.scale)

    def gains(self, sums: np.ndarray, rows: np.ndarray, cells: np.ndarray, sign: int) -> np.ndarray:
        """The change of the cost by that row alone, float64 [cells]."""
        part = self.inside[:, cells].tocoo()
        target, cell = part.coords
        step = np.zeros(len(target))
        for unit, mine in self._by_unit():
            own = np.isin(target, mine)
            step[own] = self._change(unit, rows, cells, sign)[cell[own]]
        step /= self.scale[target]
        low, high = self.low[target], self.high[target]
        after = self._distance(sums[target] + step, low, high) ** 2
        before = self._distance(sums[target], low, high) ** 2
        return np.bincount(cell, self.weight[target] * (after - before), minlength=len(cells))

    def _change(self, unit: Unit, rows: np.ndarray, cells: np.ndarray, sign: int) -> np.ndarray:
        if unit == "rows":
            return np.full(len(cells), float(sign))
        before = self.supply.amounts(unit, rows[cells], cells)
        after = self.supply.amounts(unit, rows[cells] + sign, cells)
        return np.asarray((after - before).astype(float))

    def _by_unit(self) -> list[tuple[Unit, np.ndarray]]:
        named = np.array(self.units)
        return [(unit, np.flatnonzero(named == unit)) for unit in sorted(set(self.units))]

    @staticmethod
    def _distance(sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(low - sums, 0) + np.maximum(sums - high, 0))


def margins_of(x: np.ndarray, problem: Problem, supply: Supply) -> Margins:
    """The margins of a problem whose fractional solution is x."""
    members = [target.members for target in problem.targets]
    units: list[Unit] = [target.unit for target in problem.targets]
    bounds = [problem.bounds_at(target, x) for target in problem.targets]
    unit, amount = problem.size or ("rows", float(np.round(x.sum())))
    members.append(np.arange(len(x)))
    units.append(unit)
    bounds.append((amount, amount))
    scale = np.array([problem.average[unit] for unit in units])
    low, high = np.array(bounds, float).T / scale
    inside = _incidence(members, len(x))
    weight = np.ones(len(units))
    weight[-1] = _EXACT if unit == "rows" else 1.0
    return Margins(supply, inside, _kinds(members, len(x)), units, scale, low, high, weight)


def _incidence(members: list[np.ndarray], cells: int) -> csr_array:
    from scipy.sparse import csr_array

    row = np.repeat(np.arange(len(members)), [len(each) for each in members])
    column = np.concatenate(members)
    return csr_array((np.ones(len(row)), (row, column)), shape=(len(members), cells))


def _kinds(members: list[np.ndarray], cells: int) -> np.ndarray:
    """Cells by the set of targets they count for: the sum of a random number for each target."""
    numbers = np.random.Generator(np.random.PCG64(0)).integers(
        0, 2**63, len(members), dtype=np.uint64
    )
    marks = np.zeros(cells, np.uint64)
    for number, each in zip(numbers, members, strict=True):
        marks[each] += number
    return np.unique(marks, return_inverse=True)[1].astype(np.int64)
