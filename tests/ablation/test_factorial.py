"""Factorial designs against a 2^2 example by hand and numpy's least squares."""

from __future__ import annotations

import numpy as np
import pytest
from families import family, findings, member
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mixer.ablation.results import Design

# Box, Hunter and Hunter's layout of a 2^2 factorial, with two runs a corner.
CORNERS = {
    "with": (1, 0, 0),
    "with-a": (0.5, 0.5, 0),
    "with-b": (0.5, 0, 0.5),
    "with-ab": (1, 1, 1),
}
numbers = st.floats(-100, 100)


def two_by_two() -> Design:
    return family(*(member(name, "factorial", share) for name, share in CORNERS.items()))


def test_a_two_by_two_factorial_by_hand() -> None:
    values = {"with": [20, 22], "with-a": [30, 32], "with-b": [25, 23], "with-ab": [41, 43]}
    found = findings(two_by_two(), values)
    estimates = {one.name: one for one in found.estimates}
    # Of corner means 21, 31, 24, 42; the interaction is (42 - 24 - 31 + 21) / 2.
    expected = {"open_ended": 14, "feedback": 7, "open_ended * feedback": 4}
    assert {name: one.value for name, one in estimates.items()} == pytest.approx(expected)
    half = stats.t.ppf(0.975, 4) * np.sqrt(2 * (4 / 8))
    assert estimates["feedback"].low == pytest.approx(7 - half)
    assert found.notes == ("in all measured members or in none, so without an effect: instruction",)


def test_a_factorial_without_replicates_has_main_effects_only() -> None:
    values = {"with": [20], "with-a": [30], "with-b": [25], "with-ab": [41]}
    found = findings(two_by_two(), values)
    assert [one.name for one in found.estimates] == ["open_ended", "feedback"]
    assert found.estimates[0].degrees_of_freedom == 1


def test_a_factorial_without_the_empty_mixture_is_full() -> None:
    codes = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1) if a + b + c]
    design = family(*(member(f"factorial-{a}{b}{c}", "factorial", (a, b, c)) for a, b, c in codes))
    truth = {f"factorial-{a}{b}{c}": 5 + 2 * a - b + 3 * a * b for a, b, c in codes}
    found = findings(design, {name: [value, value] for name, value in truth.items()})
    pairs = {one.name: one.value for one in found.estimates if "*" in one.name}
    # Half the difference between the effects of one component with and without the other.
    assert pairs == pytest.approx(
        {"instruction * open_ended": 1.5, "instruction * feedback": 0, "open_ended * feedback": 0},
        abs=1e-9,
    )


def test_members_that_do_not_tell_components_apart_are_not_fitted() -> None:
    twins = family(member("a", "factorial", (1, 1, 0)), member("b", "factorial", (0, 0, 1)))
    found = findings(twins, {"a": [1, 2], "b": [3, 4]})
    assert found.estimates == ()
    assert "do not tell the components' effects apart" in found.notes[-1]


@given(st.lists(st.lists(numbers, min_size=1, max_size=3), min_size=7, max_size=7))
def test_main_effects_equal_numpys_least_squares(runs: list[list[float]]) -> None:
    codes = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1) if a + b + c]
    names = [f"factorial-{a}{b}{c}" for a, b, c in codes]
    design = family(*(member(n, "factorial", code) for n, code in zip(names, codes, strict=True)))
    found = findings(design, dict(zip(names, runs, strict=True)))
    lines = [
        [1, *(2 * x - 1 for x in code)] for code, own in zip(codes, runs, strict=True) for _ in own
    ]
    oracle = np.linalg.lstsq(np.array(lines, float), np.concatenate(runs), rcond=None)[0]
    values = [one.value for one in found.estimates[:3]]
    assert values == pytest.approx((2 * oracle[1:]).tolist(), abs=1e-8)
