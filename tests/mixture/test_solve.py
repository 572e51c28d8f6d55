"""Stated shares are met to the row, or the shortage says what exists."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import RecipeError
from mixer.mixture.goals import Goals
from mixer.mixture.solve import largest_size, solve, targets

AVAILABLE = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10_000), min_size=1)
SHARES = st.dictionaries(
    st.sampled_from("abcdef"), st.integers(0, 100).map(lambda n: n / 1000), max_size=6
)


@given(AVAILABLE, SHARES, st.integers(1, 100_000))
def test_targets_add_up_and_each_is_within_one_row_of_its_share(
    available: dict[str, int], shares: dict[str, float], rows: int
) -> None:
    wanted = targets(rows, available, shares)
    assert sum(wanted.values()) == rows
    for value, share in shares.items():
        assert abs(wanted[value] - rows * Fraction(str(share))) < 1


@given(AVAILABLE, SHARES, st.integers(1, 20_000), st.integers(1, 4))
def test_nothing_is_drawn_beyond_availability_and_every_gap_is_reported(
    available: dict[str, int], shares: dict[str, float], rows: int, epochs: int
) -> None:
    solution = solve(available, Goals(rows=rows, max_epochs=epochs, shares={"form": shares}))
    for value, drawn in solution.drawn.items():
        assert drawn <= available.get(value, 0) * epochs
    missing = sum(solution.wanted.values()) - sum(solution.drawn.values())
    assert missing == sum(s.wanted_rows - s.available_rows for s in solution.shortages)
    assert all(s.wanted_rows > s.available_rows for s in solution.shortages)


@given(AVAILABLE, SHARES)
def test_without_rows_the_size_is_the_largest_that_meets_every_share(
    available: dict[str, int], shares: dict[str, float]
) -> None:
    positive = {value: share for value, share in shares.items() if share > 0}
    free = sum(count for value, count in available.items() if value not in positive)
    if not positive or not free:
        return
    exact = {value: Fraction(str(share)) for value, share in positive.items()}
    rest = 1 - sum(exact.values())

    def fits(rows: int) -> bool:
        stated = all(available.get(value, 0) >= rows * share for value, share in exact.items())
        return stated and free >= rows * rest

    size = largest_size(available, positive)
    assert fits(size)
    assert not fits(size + 1)


def test_values_left_out_share_the_rest_in_natural_proportion() -> None:
    wanted = targets(100, {"a": 10, "b": 300, "c": 100}, {"a": 0.2})
    assert wanted == {"a": 20, "b": 60, "c": 20}


def test_no_goals_draw_every_record_once() -> None:
    solution = solve({"all": 7}, Goals())
    assert solution.drawn == {"all": 7}
    assert solution.shortages == []


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        (Goals(rows=0), "at least 1"),
        (Goals(max_epochs=0), "at least 1"),
        (Goals(shares={"form": {"creative": 1.2}}), "0-1"),
        (Goals(shares={"form": {"creative": 0.7, "long_form": 0.4}}), "may not exceed 1"),
        (Goals(shares={"colour": {"red": 1.0}}), "no such column"),
        (Goals(shares={"form": {}, "source": {}}), "balances one column"),
    ],
)
def test_goals_that_no_data_could_meet_are_refused(goals: Goals, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        goals.check()
