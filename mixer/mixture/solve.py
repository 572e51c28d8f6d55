"""How many rows of each cell a mixture takes: pure numbers.

The draw closest to natural proportion that meets every target, in whole rows. Token counts of a
cell are those of the records that would really be drawn, so targets in tokens are met by the rows
written, not on average.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from mixer.mixture.cells import Cells
from mixer.mixture.feasible import is_feasible, largest_size, smallest_size
from mixer.mixture.goals import Goals, Unit
from mixer.mixture.problem import Problem, rows_of
from mixer.mixture.project import Bounds, Box, project
from mixer.mixture.round_rows import near_rows, rounded
from mixer.mixture.supply import Supply
from mixer.mixture.targets import (
    SourceGoals,
    capacity_of,
    check_values,
    floor_of,
    targets_of,
)

# Of each target, float64 [targets]; 0 is a rule.
Softness = np.ndarray
Outcome = Literal["met", "shrunk", "relaxed", "short"]

# In shares of the size. Above it the linear program decides whether the targets have a solution.
_SOLVED = 1e-7
# How strongly `relax` holds a share: missing one by 0.01 costs as much as 0.01² / 1e-5 of entropy.
_SOFTNESS = 1e-5
_LEAST_SHARE = 1e-3
_MOST_ROUNDS = 12
_AVERAGED_ROUNDS = 6
# Averages over fewer of the first records of a cell would be noise.
_LEAST_COUNTED = 20
_LEAST_NATURAL = 1e-12
# In rows of average size: what is left is repaired row by row.
_CORRECTED = 0.5


class Solution(NamedTuple):
    """`rows` int64 [cells] of the mixture (of the closest one where `outcome` is short), and the
    problem it solves: `problem.size` is the size reached, `asked` what was asked."""

    rows: np.ndarray
    problem: Problem
    outcome: Outcome
    asked: Problem


def problem_of(cells: Cells, goals: Goals, sources: list[SourceGoals], supply: Supply) -> Problem:
    """The numbers behind the words; RecipeError where targets contradict one another."""
    targets = targets_of(cells, goals, sources)
    check_values(cells, targets)
    high = capacity_of(cells, goals, sources).astype(float)
    for target in targets:
        if target.high == 0:
            high[target.members] = 0.0
    low = np.minimum(floor_of(cells, sources).astype(float), high)
    per_row = {unit: supply.per_row(unit) for unit in _units(goals)}
    records = cells.records / max(1, int(cells.records.sum()))
    average = {unit: max(1e-9, float(records @ each)) for unit, each in per_row.items()}
    return Problem(cells, low, high, per_row, average, targets, goals.size)


def solve(problem: Problem, goals: Goals, supply: Supply) -> Solution:
    """Without a size: as much as there is, once where nothing else is asked, or as much as the
    shares allow."""
    if not len(problem.low):
        return Solution(np.zeros(0, np.int64), problem, "short" if problem.size else "met", problem)
    asked = problem
    if problem.size is None and any(not target.is_absolute for target in problem.targets):
        problem = _sized(problem, goals.shares_of)
        if problem.size is None:
            return _relaxed(asked, supply, "short")
    rows = _met(problem, supply)
    if rows is not None:
        return Solution(rows, _refined(problem, supply, rows), "met", asked)
    return _when_short(asked, goals, supply)


def possible_sizes(problem: Problem, unit: Unit) -> tuple[int, int]:
    """The least and the most of `unit` at which every target holds, and so does every size
    between; (0, 0) if no size does."""
    sized = _sized(problem, unit)
    if sized.size is None:
        return 0, 0
    least = smallest_size(problem, unit) or 0.0
    return int(np.ceil(least - 1e-6)), int(sized.size[1])


def _when_short(asked: Problem, goals: Goals, supply: Supply) -> Solution:
    if goals.when_short == "shrink" and asked.size is not None:
        smaller = _sized(asked, asked.size[0])
        # A larger size may be the only one, where much must be included: that is no shrinking.
        is_smaller = smaller.size is not None and smaller.size[1] < asked.size[1]
        rows = _met(smaller, supply) if is_smaller else None
        if rows is not None:
            return Solution(rows, _refined(smaller, supply, rows), "shrunk", asked)
    return _relaxed(asked, supply, "relaxed" if goals.when_short == "relax" else "short")


def _units(goals: Goals) -> list[Unit]:
    size: list[Unit] = [goals.size[0]] if goals.size else []
    return list(dict.fromkeys(["rows", goals.shares_of, *size]))


def _sized(problem: Problem, unit: Unit) -> Problem:
    """At the largest size that meets every share; without a size where none does."""
    largest = largest_size(problem, unit)
    size = None if largest is None else (unit, float(np.floor(largest + 1e-6)))
    return problem._replace(size=size if size and size[1] >= 1 else None)


def _met(problem: Problem, supply: Supply) -> np.ndarray | None:
    """Whole rows that meet the targets, None if there are none."""
    rules = np.zeros(len(problem.targets))
    x, residual = project(_box(problem), _bounds(problem, rules))
    if residual > _SOLVED and not is_feasible(problem):
        return None
    return rounded(_corrected(x, problem, supply, rules), problem, supply)


def _relaxed(asked: Problem, supply: Supply, outcome: Outcome) -> Solution:
    """The size as asked, or as near as the records allow; every target as near as they allow."""
    problem = _reachable(asked)
    x, _ = project(_box(problem), _bounds(problem, _softness(problem)))
    reached = _as_reached(problem, np.clip(x, problem.low, problem.high))
    x = _corrected(x, reached, supply, _softness(problem))
    rows = rounded(x, reached, supply)
    return Solution(rows, _refined(problem, supply, rows), outcome, asked)


def _corrected(x: np.ndarray, problem: Problem, supply: Supply, soft: Softness) -> np.ndarray:
    """x, moved until the records that would really be drawn give the amounts that were asked.

    First the averages of the cells are taken again over the records that x draws (the first of a
    queue can be far longer than the rest); then bounds are shifted by what is still missed.
    """
    if set(problem.per_row) == {"rows"}:
        return x
    asked = _bounds(problem, soft)
    bounds, missed = asked, np.zeros(len(asked.least))
    for number in range(_MOST_ROUNDS):
        rows = near_rows(x, problem)
        there = rows_of(_refined(problem, supply, rows)).matrix @ rows
        now = np.minimum(there - asked.least, 0) + np.maximum(there - asked.most, 0)
        if np.abs(now).max(initial=0.0) <= _CORRECTED:
            break
        if number < _AVERAGED_ROUNDS:
            counted = np.maximum(rows, np.minimum(problem.cells.records, _LEAST_COUNTED))
            bounds = _bounds(_refined(problem, supply, counted), soft)
        else:
            missed = missed + now
        shifted = bounds._replace(least=bounds.least - missed, most=bounds.most - missed)
        moved, residual = project(_box(problem), shifted)
        if residual > _SOLVED and not soft.any():
            break
        x = moved
    return x


def _reachable(problem: Problem) -> Problem:
    """The size held to what all records give, and to what must be included."""
    if problem.size is None:
        return problem
    unit, amount = problem.size
    least, most = problem.total(problem.low, unit), problem.total(problem.high, unit)
    return problem._replace(size=(unit, float(np.clip(amount, least, most))))


def _as_reached(problem: Problem, x: np.ndarray) -> Problem:
    """The same with every target where x has it, so that rounding stays next to x."""
    targets = []
    for target in problem.targets:
        amount, total = problem.amount(x, target), 1.0
        if not target.is_absolute:
            total = max(1e-9, problem.total(x, target.unit))
        targets.append(target._replace(low=amount / total, high=amount / total))
    return problem._replace(targets=targets)


def _refined(problem: Problem, supply: Supply, rows: np.ndarray) -> Problem:
    """The same with averages over the records that `rows` draws."""
    per_row = {unit: supply.per_row(unit, rows) for unit in problem.per_row}
    return problem._replace(per_row=per_row)


def _box(problem: Problem) -> Box:
    """Natural proportion at the size asked."""
    natural = problem.cells.records.astype(float)
    if problem.size is not None:
        unit, amount = problem.size
        natural = natural * (amount / max(1e-9, problem.total(natural, unit)))
    return Box(np.maximum(natural, _LEAST_NATURAL), problem.low, problem.high)


def _bounds(problem: Problem, softness: Softness) -> Bounds:
    """`softness` of each target; the size is a rule."""
    rows = rows_of(problem)
    soft = np.zeros(len(rows.least))
    is_target = rows.target >= 0
    soft[is_target] = softness[rows.target[is_target]]
    return Bounds(rows.matrix, rows.least, rows.most, soft)


def _softness(problem: Problem) -> Softness:
    """Larger shares give way more, so that what one value lacks goes to others in proportion."""
    rows = max(1.0, float(problem.cells.records.sum()))
    stated = np.array([t.low or t.high for t in problem.targets], float)
    absolute = np.array([t.is_absolute for t in problem.targets], bool)
    return _SOFTNESS * np.maximum(np.where(absolute, stated / rows, stated), _LEAST_SHARE)
