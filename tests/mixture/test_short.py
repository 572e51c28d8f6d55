"""What a user is told when goals cannot be met: the words, and that the advice is right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from problems import OTHER_SHARES, SHARES, Stock, drawn, solved, stock, stocks

from mixer.mixture.goals import Goals, SubsetGoals
from mixer.mixture.share import ShareWords
from mixer.mixture.short import why_short
from mixer.mixture.targets import SourceGoals

COLUMNS = {
    "form": ["short"] * 60 + ["long"] * 30 + ["creative"] * 10,
    "language": ["en", "de"] * 50,
}


def _told(
    goals: Goals, sources: list[SourceGoals] | None = None, there: Stock | None = None
) -> str:
    solution = solved(there or stock(COLUMNS), goals, sources)
    assert solution.outcome == "short"
    return "\n".join(why_short(solution, goals, sources or []))


def test_one_share_beyond_what_is_there() -> None:
    told = _told(Goals(rows=80, shares={"form": {"creative": 0.25}, "language": {"en": 0.5}}))
    assert (
        "form.creative = 0.25 needs 20 rows; 10 records are left (of them 5 with language en)."
        in told
    )
    assert "You can lower it to 0.125, set max_epochs to 2, or reduce rows to 40." in told
    assert "Closest feasible mixture: 80 rows; form: creative 0.125; language: en 0.5." in told


def test_the_size_alone() -> None:
    told = _told(Goals(rows=250))
    assert "mix.rows = 250, but 100 records are left." in told
    assert "You can set max_epochs to 3 or reduce rows to 100." in told
    told = _told(Goals(tokens=5_000))
    assert "100 records are left, which give 1,000 tokens" in told


def test_shares_that_are_possible_alone_but_not_together() -> None:
    columns = {"form": ["a"] * 50 + ["b"] * 50, "language": ["en"] * 50 + ["de"] * 40 + ["en"] * 10}
    goals = Goals(rows=50, shares={"form": {"b": 0.8}, "language": {"en": 0.8}})
    told = _told(goals, there=stock(columns))
    assert "form.b = 0.8, language.en = 0.8 and mix.rows = 50 cannot all be met" in told
    assert "lower form.b to 0.4" in told
    assert "lower language.en to 0.4" in told


def test_a_value_that_does_not_exist() -> None:
    told = _told(Goals(rows=10, shares={"language": {"fr": 0.2}}))
    assert "language.fr = 0.2 needs 2 rows; no such record is left." in told
    assert "take it out of the shares" in told
    told = _told(Goals(rows=10, shares={"form": {"creativ": 0.2}}))
    assert "no such record is left (did you mean 'creative'?)." in told


def test_more_must_be_included_than_fits() -> None:
    sources = [SourceGoals("s", None, SubsetGoals(must_include=True))]
    there = stock({"source": ["s"] * 30 + ["t"] * 170})
    told = _told(Goals(rows=50, shares={"source": {"s": 0.2}}), sources, there)
    assert "source.s = 0.2 allows 10 rows; what must be included gives 30 rows." in told
    assert "raise it to 0.6" in told
    assert "raise rows to 150" in told


def test_a_word_for_a_whole_column_is_named_as_written() -> None:
    there = stock({"form": ["a"] * 60 + ["b"] * 60, "kind": ["x"] * 90 + ["y"] * 30})
    told = _told(Goals(rows=100, shares={"form": {"a": 0.9}, "kind": "uniform"}), there=there)
    assert "form.a = 0.9 needs 90 rows; 60 records are left" in told
    there = stock({"form": ["a"] * 90 + ["b"] * 60, "kind": ["x"] * 90 + ["y"] * 60})
    told = _told(Goals(rows=100, shares={"form": {"a": 0.8}, "kind": "uniform"}), there=there)
    assert "form.a = 0.8, kind = uniform and mix.rows = 100 cannot all be met" in told
    assert "state shares of kind by value instead of uniform" in told


def test_rows_of_a_source() -> None:
    sources = [SourceGoals("s", None, SubsetGoals(rows=40))]
    there = stock({"source": ["s"] * 30 + ["t"] * 70})
    told = _told(Goals(rows=50), sources, there)
    assert "sources.s.rows = 40 needs 40 rows; 30 records are left." in told
    assert "lower it to 30" in told


def test_bounds_are_told_as_bounds() -> None:
    words = {"creative": ShareWords(at_least=0.5)}
    told = _told(Goals(rows=100, shares={"form": words}))
    assert "form.creative = at least 0.5 needs 50 rows; 10 records are left." in told


@given(stocks(), SHARES, OTHER_SHARES)
def test_every_way_out_is_one(
    made: tuple[dict[str, list[str]], list[int]],
    shares: dict[str, float],
    others: dict[str, float],
) -> None:
    goals = Goals(rows=60, shares={"a": shares, "b": others})
    there = stock(*made)
    solution = solved(there, goals)
    if solution.outcome == "met":
        return
    told = "\n".join(why_short(solution, goals, []))
    epochs = re.search(r"max_epochs to (\d+)", told)
    if epochs:
        wider = Goals(rows=60, shares={"a": shares, "b": others}, max_epochs=int(epochs[1]))
        assert solved(there, wider).outcome == "met"
    fewer = re.search(r"reduce rows to ([\d,]+)", told)
    if fewer:
        smaller = Goals(rows=int(fewer[1].replace(",", "")), shares={"a": shares, "b": others})
        assert solved(there, smaller).outcome == "met"


@pytest.mark.parametrize("when_short", ["shrink", "relax"])
def test_the_other_ways_give_a_mixture(when_short: str) -> None:
    shares = {"form": {"creative": 0.25, "long": 0.75}}
    goals = Goals(rows=80, shares=shares, when_short=when_short)  # type: ignore[arg-type]  # a parameter
    solution = solved(stock(COLUMNS), goals)
    assert solution.outcome in ("shrunk", "relaxed")
    assert drawn(solution, "form")["creative"] == 10
