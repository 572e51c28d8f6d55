"""Whether targets can be met together, and what it takes: linear programs, solved by HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mixer.mixture.problem import Problem, Rows, rows_of
from mixer.mixture.targets import Target

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_FULL = 1e-9
# HiGHS meets bounds to 1e-7 of them; a conflict is only what is larger.
_SLACK = 1e-6
_MOST_TRIALS = 40


class Program(NamedTuple):
    """A linear program over the cells and further variables behind them."""

    matrix: csr_array
    least: np.ndarray
    most: np.ndarray
    cost: np.ndarray
    low: np.ndarray
    high: np.ndarray


def is_feasible(problem: Problem) -> bool:
    rows = rows_of(problem)
    return _solved(_plain(problem, rows, np.zeros(len(problem.low)))) is not None


def largest_size(problem: Problem, unit: str) -> float | None:
    """The most of `unit` at which all shares hold; None if no size but 0 does."""
    size = _size_at(problem, unit, -1.0)
    return size if size is not None and size > _SLACK else None


def smallest_size(problem: Problem, unit: str) -> float | None:
    """The least of `unit` at which all shares hold: what must be included may ask for more than
    nothing. None if no size does; every size between it and the largest one does."""
    return _size_at(problem, unit, 1.0)


def _size_at(problem: Problem, unit: str, cost: float) -> float | None:
    weight = problem.per_row[unit]  # type: ignore[index]  # units are literals
    found = _solved(_plain(problem, rows_of(problem, with_size=False), cost * weight))
    return None if found is None else float(weight @ found[: len(weight)])


def least_epochs(problem: Problem, global_cells: np.ndarray) -> int | None:
    """The smallest max_epochs at which the problem is feasible; `global_cells` are those that the
    mixture's own max_epochs bounds."""
    from scipy.sparse import csr_array, hstack, vstack

    cells, rows = len(problem.low), rows_of(problem)
    bounded = np.flatnonzero(global_cells)
    records = problem.cells.records[bounded].astype(float)
    place = (np.arange(len(bounded)), bounded)
    own = csr_array((np.ones(len(bounded)), place), shape=(len(bounded), cells))
    limits = hstack([own, csr_array(-records[:, None])])
    matrix = vstack([hstack([rows.matrix, csr_array((rows.matrix.shape[0], 1))]), limits])
    program = Program(
        matrix.tocsr(),
        np.concatenate([rows.least, np.full(len(bounded), -np.inf)]),
        np.concatenate([rows.most, np.zeros(len(bounded))]),
        np.append(np.zeros(cells), 1.0),
        np.append(problem.low, 1.0),
        np.append(np.where(global_cells, np.inf, problem.high), np.inf),
    )
    found = _solved(program)
    return None if found is None else int(np.ceil(found[-1] - _SLACK))


def nearest_value(problem: Problem, number: int) -> float | None:
    """The value nearest to what target `number` states at which everything else can be met: a
    share, or rows where it is absolute; None if no value helps. Other shares of a column that is
    stated whole grow or shrink in proportion."""
    target = problem.targets[number]
    others = [t for t in problem.targets if t is not target]
    freed = _freed(problem, others, target)
    if freed is None:
        return None
    rows, weight = rows_of(freed[0]), problem.per_row[target.unit]
    rows = _with(rows, freed[1])
    own = problem.own(target)
    found = _solved(_elastic(problem, rows, _wish(target, own, weight)))
    if found is None:
        return None
    x = found[: len(own)]
    total = 1.0 if target.is_absolute else max(_SLACK, float(weight @ x))
    return float(own @ x) / total


def conflict(problem: Problem) -> list[int]:
    """Targets that cannot all be met together with the size, the least of them by trial: leaving
    any one out makes the rest feasible. Found among those with a price in the elastic program."""
    rows = rows_of(problem)
    priced = _priced_targets(problem, rows)
    # Shares of a column add up to 1, so some are implied by others: leaving out the large ones
    # first names the few that an author would name.
    by_share = sorted(priced, key=lambda number: (-problem.targets[number].low, number))
    if len(by_share) > _MOST_TRIALS:
        return sorted(by_share)
    inside = sorted(priced)
    for number in by_share:
        trial = [other for other in inside if other != number]
        if not is_feasible(problem._replace(targets=[problem.targets[i] for i in trial])):
            inside = trial
    return inside


def _priced_targets(problem: Problem, rows: Rows) -> set[int]:
    """Targets whose bound has a nonzero dual price when every target may be missed at a cost."""
    is_target = np.flatnonzero(rows.target >= 0)
    size_rows = np.flatnonzero(rows.target < 0)
    hard = Rows(
        rows.matrix[size_rows], rows.least[size_rows], rows.most[size_rows], rows.target[size_rows]
    )
    wishes = Rows(
        rows.matrix[is_target], rows.least[is_target], rows.most[is_target], rows.target[is_target]
    )
    result = _run(_elastic(problem, hard, wishes))
    if result.status != 0:
        return set()
    prices = np.asarray(result.ineqlin.marginals) if result.ineqlin is not None else np.zeros(0)
    equal = np.asarray(result.eqlin.marginals) if result.eqlin is not None else np.zeros(0)
    return _with_price(result.row_places, prices, equal, (len(size_rows), rows.target[is_target]))


def _with_price(
    places: tuple[np.ndarray, np.ndarray, np.ndarray],
    prices: np.ndarray,
    equal: np.ndarray,
    meaning: tuple[int, np.ndarray],
) -> set[int]:
    hard_rows, targets = meaning
    equal_rows, most_rows, least_rows = places
    priced = [equal_rows[np.abs(equal) > _FULL]]
    inequalities = np.concatenate([most_rows, least_rows])
    priced.append(inequalities[np.abs(prices) > _FULL])
    rows = np.concatenate(priced)
    return {int(targets[row - hard_rows]) for row in rows.tolist() if row >= hard_rows}


def _freed(
    problem: Problem, others: list[Target], target: Target
) -> tuple[Problem, list[np.ndarray]] | None:
    """The problem without `target`, and rows (= 0) that keep the others of its column in
    proportion where the column is stated whole."""
    column = [t for t in others if t.column == target.column and not t.is_absolute]
    is_whole = sum(t.low for t in column) + target.low >= 1 - _FULL
    if target.is_absolute or not is_whole or target.low != target.high:
        return problem._replace(targets=others), []
    rest = sum(t.low for t in column)
    if rest <= _FULL:
        return None
    weight = problem.per_row[target.unit]
    without = weight - problem.own(target)
    equal = [problem.own(t) - (t.low / rest) * without for t in column]
    kept = [t for t in others if not any(t is other for other in column)]
    return problem._replace(targets=kept), equal


def _with(rows: Rows, equal: list[np.ndarray]) -> Rows:
    from scipy.sparse import csr_array, vstack

    if not equal:
        return rows
    zeros = np.zeros(len(equal))
    return Rows(
        vstack([rows.matrix, csr_array(np.array(equal))], format="csr"),
        np.concatenate([rows.least, zeros]),
        np.concatenate([rows.most, zeros]),
        np.concatenate([rows.target, np.full(len(equal), -1)]),
    )


def _wish(target: Target, own: np.ndarray, weight: np.ndarray) -> Rows:
    """A target's two sides as rows; a share is said against 0."""
    from scipy.sparse import csr_array

    sides = (target.low, target.high)
    if target.is_absolute:
        matrix, against = np.array([own, own]), sides
    else:
        matrix, against = np.array([own - side * weight for side in sides]), (0.0, 0.0)
    least, most = np.array([against[0], -np.inf]), np.array([np.inf, against[1]])
    return Rows(csr_array(matrix), least, most, np.zeros(2, np.int64))


def _elastic(problem: Problem, rows: Rows, wishes: Rows) -> Program:
    """`rows` are rules; a wish may be missed above or below at a cost of 1 each."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    cells, count = len(problem.low), len(wishes.least)
    matrix = vstack(
        [
            hstack([rows.matrix, csr_array((rows.matrix.shape[0], 2 * count))]),
            hstack([wishes.matrix, eye_array(count), -eye_array(count)]),
        ]
    )
    return Program(
        matrix.tocsr(),
        np.concatenate([rows.least, wishes.least]),
        np.concatenate([rows.most, wishes.most]),
        np.concatenate([np.zeros(cells), np.ones(2 * count)]),
        np.concatenate([problem.low, np.zeros(2 * count)]),
        np.concatenate([problem.high, np.full(2 * count, np.inf)]),
    )


def _plain(problem: Problem, rows: Rows, cost: np.ndarray) -> Program:
    return Program(rows.matrix, rows.least, rows.most, cost, problem.low, problem.high)


def _solved(program: Program) -> np.ndarray | None:
    result = _run(program)
    return np.asarray(result.x) if result.status == 0 else None


def _run(program: Program) -> Any:
    """scipy's result, with `row_places`: which rows became equalities, upper and lower bounds."""
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    equal = np.flatnonzero(program.least == program.most)
    most = np.flatnonzero((program.least != program.most) & np.isfinite(program.most))
    least = np.flatnonzero((program.least != program.most) & np.isfinite(program.least))
    above = vstack([program.matrix[most], -program.matrix[least]], format="csr")
    result = linprog(
        program.cost,
        A_ub=above if above.shape[0] else None,
        b_ub=np.concatenate([program.most[most], -program.least[least]])
        if above.shape[0]
        else None,
        A_eq=program.matrix[equal] if len(equal) else None,
        b_eq=program.least[equal] if len(equal) else None,
        bounds=np.stack([program.low, program.high], axis=1),
        method="highs",
    )
    result.row_places = (equal, most, least)
    return result
