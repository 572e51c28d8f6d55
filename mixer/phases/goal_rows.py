"""Goals as tables: wanted, available, drawn and epochs for each value of each column."""

from __future__ import annotations

import numpy as np

from mixer.cards.summary import Axis, GoalRow
from mixer.mixture.goals import Goals, Unit
from mixer.mixture.problem import Problem
from mixer.mixture.share import Share
from mixer.mixture.solve import Solution
from mixer.mixture.targets import OTHERS, Target

_NEAR = 1e-6


def size_words(problem: Problem) -> str:
    """`10,000 rows`, or what stands in its place."""
    if problem.size is None:
        return "as much as there is"
    return f"{problem.size[1]:,.0f} {problem.size[0].replace('_', ' ')}"


def goal_axes(solution: Solution, goals: Goals) -> list[Axis]:
    """One table a column of the cells; columns whose values are all free have no targets but are
    drawn in natural proportion, so they are shown with it."""
    cells = solution.problem.cells
    return [
        Axis(axis.column, goals.shares_of, _values(solution, axis.column, goals.shares_of))
        for axis in cells.axes
    ]


def _values(solution: Solution, column: str, unit: Unit) -> list[GoalRow]:
    axis = solution.problem.cells.axis(column)
    targets: dict[str, list[Target]] = {}
    for target in solution.asked.targets:
        if target.column == column:
            targets.setdefault(target.value, []).append(target)
    names = [*axis.names, *(value for value in targets if value not in axis.names)]
    return [_row(solution, column, name, (targets.get(name, []), unit)) for name in sorted(names)]


def _row(solution: Solution, column: str, value: str, asked: tuple[list[Target], Unit]) -> GoalRow:
    targets, unit = asked
    problem, rows = solution.problem, solution.rows
    members = problem.cells.members(column, value)
    records, drawn = int(problem.cells.records[members].sum()), int(rows[members].sum())
    amounts = rows * problem.per_row[unit]
    total = max(_NEAR, float(amounts.sum()))
    amount = float(amounts[members].sum())
    return GoalRow(
        value=value,
        records=records,
        wanted="; ".join(_words(target) for target in targets) or "natural",
        wanted_amount="; ".join(_amount(problem, target, rows) for target in targets),
        rows=drawn,
        amount=round(amount),
        share=amount / total,
        epochs=drawn / records if records else 0.0,
        binds=_binds(solution, members, targets),
    )


def _words(target: Target) -> str:
    if target.value == OTHERS:
        return f"{target.high:.6g}"
    return target.label.partition(" = ")[2]


def _amount(problem: Problem, target: Target, rows: np.ndarray) -> str:
    low, high = problem.bounds_at(target, rows.astype(float))
    total = problem.bounds_at(target._replace(low=1.0, high=1.0), rows.astype(float))[0]
    if low == high:
        return f"{low:,.0f}"
    if high >= total and not target.is_absolute:
        return f"≥ {low:,.0f}"
    return f"≤ {high:,.0f}" if low <= 0 else f"{low:,.0f} to {high:,.0f}"


def _binds(solution: Solution, members: np.ndarray, targets: list[Target]) -> str:
    """What holds a value where it is: its records, or a bound of its own."""
    problem, rows = solution.problem, solution.rows
    found = []
    if len(members) and (rows[members] >= problem.high[members]).all() and rows[members].any():
        found.append("all its records are drawn")
    for target in targets:
        low, high = problem.bounds_at(target, rows.astype(float))
        share = Share(target.low, target.high, target.stated)
        there = problem.amount(rows.astype(float), target)
        step = problem.average[target.unit]
        if share.is_exact or (target.is_absolute and low == high):
            if abs(there - low) > step:
                found.append(f"missed by {there - low:+,.0f}")
        elif low > 0 and there <= low + step:
            found.append("at its least")
        elif there >= high - step:
            found.append("at its most")
    return "; ".join(found)
