"""Small mixtures for tests: records with codes on a few columns, and what solves them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from mixer.mixture.cells import Axis, Cells, make_cells
from mixer.mixture.goals import Goals, Unit
from mixer.mixture.solve import Solution, problem_of, solve
from mixer.mixture.supply import Supply
from mixer.mixture.targets import SourceGoals


class Stock(NamedTuple):
    """Cells, and the supply that draws from them in the order of the records."""

    cells: Cells
    supply: Supply


def stock(columns: dict[str, list[str]], tokens: list[int] | None = None) -> Stock:
    """One record an item of each column's list."""
    count = len(next(iter(columns.values())))
    axes = []
    for column, values in columns.items():
        names = sorted(set(values))
        axes.append(Axis(column, names, np.array([names.index(v) for v in values], np.int64)))
    cells = make_cells(axes, np.ones(count, bool))
    counted = np.array(tokens or [10] * count, np.int64)
    amounts: dict[Unit, np.ndarray] = {"tokens": counted, "answer_tokens": counted // 2}
    return Stock(cells, Supply(cells, np.arange(count), amounts))


def solved(there: Stock, goals: Goals, sources: list[SourceGoals] | None = None) -> Solution:
    goals.check()
    problem = problem_of(there.cells, goals, sources or [], there.supply)
    return solve(problem, goals, there.supply)


def drawn(solution: Solution, column: str) -> dict[str, int]:
    """Rows by value."""
    axis = solution.problem.cells.axis(column)
    counts = np.bincount(axis.codes, solution.rows, minlength=len(axis.names))
    return {name: int(rows) for name, rows in zip(axis.names, counts, strict=True)}


@st.composite
def stocks(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[int]]:
    """Columns `a` and `b` over 1-80 records, and their tokens."""
    count = draw(st.integers(1, 80))
    a = draw(st.lists(st.sampled_from("xyz"), min_size=count, max_size=count))
    b = draw(st.lists(st.sampled_from("pqrs"), min_size=count, max_size=count))
    tokens = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    return {"a": a, "b": b}, tokens


SHARES = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 33).map(lambda n: n / 100))
OTHER_SHARES = st.dictionaries(st.sampled_from("pqrs"), st.integers(0, 25).map(lambda n: n / 100))
