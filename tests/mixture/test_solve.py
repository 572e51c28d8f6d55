"""Targets are met to the row, or the solver says that no draw meets them; among the draws that do
it takes the one closest to natural proportion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import OTHER_SHARES, SHARES, drawn, solved, stock, stocks
from scipy.optimize import LinearConstraint, linprog, minimize

from mixer.errors import RecipeError
from mixer.mixture.goals import Goals, SubsetGoals
from mixer.mixture.problem import Problem, rows_of
from mixer.mixture.project import Bounds, Box, project
from mixer.mixture.share import ShareWords
from mixer.mixture.solve import possible_sizes
from mixer.mixture.targets import SourceGoals

ROWS = st.integers(1, 120)


def _brute_force_feasible(problem: Problem) -> bool:
    """By scipy's linear program, written out densely."""
    rows = rows_of(problem)
    matrix = rows.matrix.toarray()
    above = np.concatenate([matrix, -matrix])
    limits = np.concatenate([rows.most, -rows.least])
    finite = np.isfinite(limits)
    found = linprog(
        np.zeros(len(problem.low)),
        A_ub=above[finite],
        b_ub=limits[finite],
        bounds=np.stack([problem.low, problem.high], axis=1),
    )
    return bool(found.status == 0)


@given(stocks(), ROWS, st.integers(1, 3), SHARES, OTHER_SHARES)
def test_two_columns_are_met_to_the_row_or_the_goals_cannot_be_met(
    made: tuple[dict[str, list[str]], list[int]],
    rows: int,
    epochs: int,
    shares: dict[str, float],
    others: dict[str, float],
) -> None:
    goals = Goals(rows=rows, max_epochs=epochs, shares={"a": shares, "b": others})
    solution = solved(stock(*made), goals)
    cells = solution.problem.cells
    assert (solution.rows >= 0).all()
    assert (solution.rows <= cells.records * epochs).all()
    assert (solution.outcome == "met") == _brute_force_feasible(solution.asked)
    if solution.outcome == "met":
        assert solution.rows.sum() == rows
        for target in solution.problem.targets:
            low, high = solution.problem.bounds_at(target, solution.rows.astype(float))
            assert low - 1 <= solution.problem.amount(solution.rows, target) <= high + 1


@given(stocks(), SHARES, OTHER_SHARES, st.integers(1, 2500))
def test_targets_in_tokens_are_met_within_the_largest_row(
    made: tuple[dict[str, list[str]], list[int]],
    shares: dict[str, float],
    others: dict[str, float],
    tokens: int,
) -> None:
    goals = Goals(tokens=tokens, shares={"a": shares, "b": others}, shares_of="tokens")
    there = stock(*made)
    solution = solved(there, goals)
    repeat = there.supply.repeats(solution.rows)
    counted = np.array(made[1])
    assert repeat.max(initial=0) <= 1
    assert (solution.outcome == "met") == _brute_force_feasible(solution.asked)
    if solution.outcome != "met" or len(made[1]) < 40:
        return
    # Few records in a cell leave few sums to choose from: three rows a column are allowed here.
    slack = 3 * counted.max()
    assert abs(int((counted * repeat).sum()) - tokens) <= slack


@given(stocks(), ROWS, SHARES, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_what_each_value_gets(
    made: tuple[dict[str, list[str]], list[int]],
    rows: int,
    shares: dict[str, float],
    random: object,
) -> None:
    columns, _ = made
    place = list(range(len(columns["a"])))
    random.shuffle(place)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    moved = {column: [values[i] for i in place] for column, values in columns.items()}
    goals = Goals(rows=rows, max_epochs=2, shares={"a": shares, "b": "natural"})
    one, two = solved(stock(columns), goals), solved(stock(moved), goals)
    assert one.outcome == two.outcome
    assert drawn(one, "a") == drawn(two, "a")
    assert drawn(one, "b") == drawn(two, "b")


@given(stocks(), st.integers(2, 40), SHARES, OTHER_SHARES)
def test_the_projection_is_the_closest_draw_says_a_generic_solver(
    made: tuple[dict[str, list[str]], list[int]],
    rows: int,
    shares: dict[str, float],
    others: dict[str, float],
) -> None:
    goals = Goals(rows=rows, max_epochs=2, shares={"a": shares, "b": others})
    problem = solved(stock(*made), goals).asked
    if not _brute_force_feasible(problem) or len(problem.low) < 2:
        return
    x = _projected(problem)
    natural = problem.cells.records / problem.cells.records.sum()
    mine = _divergence(x / rows, natural)
    assert mine <= _generic(problem, natural, rows, x) + 1e-6


def _projected(problem: Problem) -> np.ndarray:
    assert problem.size is not None
    rows = rows_of(problem)
    natural = problem.cells.records * (problem.size[1] / problem.cells.records.sum())
    bounds = Bounds(rows.matrix, rows.least, rows.most, np.zeros(len(rows.least)))
    found = project(Box(natural, problem.low, problem.high), bounds)
    assert found.residual < 1e-4
    return found.x


def _divergence(share: np.ndarray, natural: np.ndarray) -> float:
    positive = np.where(share > 0, share, 1.0)
    return float((share * np.log(positive / natural) - share + natural).sum())


def _generic(problem: Problem, natural: np.ndarray, rows: int, near: np.ndarray) -> float:
    """The least divergence that SLSQP finds among shares that meet the bounds."""
    bounds = rows_of(problem)
    tight = LinearConstraint(
        bounds.matrix.toarray(), bounds.least / rows - 1e-9, bounds.most / rows + 1e-9
    )
    # From a draw that is not the solution: half of it, half natural proportion.
    start = np.clip((near / rows + natural) / 2, problem.low / rows, problem.high / rows)
    found = minimize(
        lambda share: _divergence(np.maximum(share, 0), natural),
        start,
        bounds=np.stack([problem.low, np.maximum(problem.high, 1e-12)], axis=1) / rows,
        constraints=[tight],
        method="SLSQP",
        options={"maxiter": 300, "ftol": 1e-12},
    )
    missed = bounds.matrix @ found.x
    inside = (missed >= bounds.least / rows - 1e-6) & (missed <= bounds.most / rows + 1e-6)
    return float(found.fun) if inside.all() else np.inf


COLUMNS = {"form": ["s"] * 60 + ["l"] * 30 + ["c"] * 10, "lang": ["en", "de"] * 50}


def test_values_left_out_share_the_rest_in_natural_proportion() -> None:
    solution = solved(stock(COLUMNS), Goals(rows=50, shares={"form": {"c": 0.1}}))
    assert drawn(solution, "form") == {"c": 5, "l": 15, "s": 30}


def test_no_goals_draw_every_record_once() -> None:
    solution = solved(stock(COLUMNS), Goals(max_epochs=3))
    assert (solution.rows == solution.problem.cells.records).all()


def test_without_a_size_the_mixture_is_the_largest_that_the_shares_allow() -> None:
    shares = {"form": {"s": 0.5, "l": 0.3, "c": 0.2}}
    solution = solved(stock(COLUMNS), Goals(shares=shares))
    assert drawn(solution, "form") == {"c": 10, "l": 15, "s": 25}


def test_a_tolerance_is_used_only_as_far_as_natural_proportion_pulls() -> None:
    solution = solved(stock(COLUMNS), Goals(rows=50, shares={"form": {"s": "0.4 ± 0.04"}}))
    assert drawn(solution, "form")["s"] == 22


def test_bounds_bind_only_where_natural_proportion_lies_outside() -> None:
    at_least = {"c": ShareWords(at_least=0.05), "l": ShareWords(at_most=0.2)}
    solution = solved(stock(COLUMNS), Goals(rows=50, shares={"form": at_least}))
    assert drawn(solution, "form")["l"] == 10
    assert drawn(solution, "form")["c"] >= 5


def test_shrink_keeps_shares_and_relax_keeps_the_size() -> None:
    shares = {"form": {"s": 0.5, "l": 0.3, "c": 0.2}}
    smaller = solved(stock(COLUMNS), Goals(rows=80, shares=shares, when_short="shrink"))
    assert smaller.outcome == "shrunk"
    assert drawn(smaller, "form") == {"c": 10, "l": 15, "s": 25}
    relaxed = solved(stock(COLUMNS), Goals(rows=80, shares=shares, when_short="relax"))
    assert relaxed.outcome == "relaxed"
    # What `c` lacks (6 rows) goes to the others in proportion to their shares, 5 to 3.
    assert drawn(relaxed, "form") == {"c": 10, "l": 26, "s": 44}


def test_shrink_never_takes_more_than_was_asked() -> None:
    # All 30 of `s` as a tenth of the mixture: only 300 rows will do, and 50 are asked.
    sources = [SourceGoals("s", None, SubsetGoals(must_include=True))]
    there = stock({"source": ["s"] * 30 + ["t"] * 570})
    shares = {"source": {"s": 0.1}}
    missed = solved(there, Goals(rows=50, shares=shares, when_short="shrink"), sources)
    assert missed.outcome == "short"
    assert missed.rows.sum() == 50
    assert possible_sizes(missed.asked, "rows") == (300, 300)


def test_uniform_and_temperature() -> None:
    even = solved(stock(COLUMNS), Goals(rows=30, shares={"form": "uniform"}))
    assert drawn(even, "form") == {"c": 10, "l": 10, "s": 10}
    # min(n, cap)^(1/2): 30, 30 and 10 records count.
    words = {"temperature": 2.0, "cap": 30.0}
    warm = solved(stock(COLUMNS), Goals(rows=25, shares={"form": dict(words)}))
    total = 2 * 30**0.5 + 10**0.5
    assert drawn(warm, "form") == {"c": 5, "l": 10, "s": 10}
    assert abs(5 - 25 * 10**0.5 / total) < 1


def test_goals_of_sources_and_subsets() -> None:
    columns = {"source": ["a"] * 50 + ["b"] * 50, "subset": ["u", "v"] * 50}
    asked = [
        SourceGoals("a", None, SubsetGoals(rows=10)),
        SourceGoals("b", "v", SubsetGoals(must_include=True)),
        SourceGoals("b", "u", SubsetGoals(max_rows=4)),
    ]
    solution = solved(stock(columns), Goals(), asked)
    cells = solution.problem.cells
    by_cell = {
        (cells.axis("source").names[s], cells.axis("subset").names[u]): int(rows)
        for s, u, rows in zip(
            cells.axis("source").codes, cells.axis("subset").codes, solution.rows, strict=True
        )
    }
    assert by_cell == {("a", "u"): 5, ("a", "v"): 5, ("b", "u"): 4, ("b", "v"): 25}


def test_epochs_of_one_source_are_its_own() -> None:
    columns = {"source": ["a"] * 10 + ["b"] * 90}
    asked = [SourceGoals("a", None, SubsetGoals(share=0.5, max_epochs=5))]
    solution = solved(stock(columns), Goals(rows=80), asked)
    assert drawn(solution, "source") == {"a": 40, "b": 40}


def test_one_row_of_a_kind_in_a_million() -> None:
    columns = {"form": ["s"] * 1_000_000 + ["c"]}
    solution = solved(stock(columns), Goals(rows=10, shares={"form": {"c": 0.1}}))
    assert drawn(solution, "form") == {"c": 1, "s": 9}


def test_a_hundred_thousand_cells_are_met_to_the_row() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    columns = {
        name: generator.integers(0, values, 300_000).astype(str).tolist()
        for name, values in (("a", 3), ("b", 40), ("c", 900))
    }
    shares = {"a": {"0": 0.5, "1": 0.1}, "b": {"7": 0.05, "8": 0.01}, "c": "natural"}
    solution = solved(stock(columns), Goals(rows=100_000, shares=shares))
    assert len(solution.rows) > 100_000
    assert drawn(solution, "a")["0"] == 50_000
    assert drawn(solution, "b")["7"] == 5_000
    counts = list(drawn(solution, "c").values())
    assert max(counts) - min(counts) < 60


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        (Goals(rows=0), "at least 1"),
        (Goals(rows=5, tokens=5), "one size"),
        (Goals(max_epochs=0), "at least 1"),
        (Goals(shares={"form": {"creative": 40.0}}), "did you mean 0.4"),
        (Goals(shares={"form": {"creative": 0.7, "long_form": 0.4}}), "may not exceed 1"),
        (Goals(shares={"form": {"creative": "a lot"}}), "write 0.4, 0.4 ± 0.02"),
        (Goals(shares={"form": "unifrom"}), "write uniform, natural"),
        (
            Goals(shares={"form": {"creative": ShareWords(at_least=0.3, at_most=0.2)}}),
            "at_least 0.3 is above at_most 0.2",
        ),
        (
            Goals(
                shares={
                    "form": {"a": ShareWords(at_least=0.6), "b": ShareWords(at_least=0.6)},
                }
            ),
            "least shares add up to 1.2",
        ),
        (Goals(shares={"form": {"temperature": 0.0}}), "above 0"),
        (Goals(shares={"form": {"temperature": 1.0, "creative": 0.5}}), "beside temperature"),
        (Goals(split={"validation": 0.6, "test": 0.6}), "may not exceed 1"),
        (Goals(split={"validation": 0.1, "group_by": "moon"}), "known: prompt"),
        (Goals(stages={"supervised": 0.5}), "add up to 0.5"),
    ],
)
def test_goals_that_no_data_could_meet_are_refused(goals: Goals, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        goals.check()


def test_two_shares_of_the_same_records_must_agree() -> None:
    asked = [SourceGoals("a", None, SubsetGoals(share=0.5))]
    columns = {"source": ["a", "b"]}
    with pytest.raises(RecipeError, match="contradict each other"):
        solved(stock(columns), Goals(rows=2, shares={"source": {"a": 0.4}}), asked)
