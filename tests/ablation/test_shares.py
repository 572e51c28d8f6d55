"""The regression on shares: exact recovery, numpy's solver, a linear program, the hat matrix."""

from __future__ import annotations

import numpy as np
import pytest
from families import findings, simplex
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import linprog

from mixer.ablation.fit_shares import within_range

SHARES = np.random.default_rng(3).dirichlet([1, 1, 1], 12)


def of_values(values: np.ndarray) -> dict[str, list[float]]:
    return {f"random-{i}": np.atleast_1d(own).tolist() for i, own in enumerate(values)}


def test_a_linear_metric_is_recovered_and_its_best_mixtures_named() -> None:
    truth = np.array([0.2, 0.9, 0.5])
    found = findings(simplex(*SHARES), of_values(SHARES @ truth))
    assert [one.value for one in found.estimates] == pytest.approx(truth.tolist())
    prediction = found.prediction
    assert prediction is not None
    assert prediction.predicted_r_squared == pytest.approx(1)
    best, worst = (SHARES @ truth).argmax(), (SHARES @ truth).argmin()
    assert prediction.highest_tried.predicted.name == f"random-{best}"
    assert prediction.lowest_tried.predicted.name == f"random-{worst}"
    assert prediction.highest_within_range.predicted.value >= (SHARES @ truth).max()
    assert prediction.lowest_within_range.predicted.value <= (SHARES @ truth).min()
    assert sum(prediction.highest_within_range.shares) == pytest.approx(1)


def test_coefficients_and_intervals_equal_the_textbook_formula() -> None:
    values = np.random.default_rng(4).normal(size=12)
    found = findings(simplex(*SHARES), of_values(values))
    oracle, squares, _, _ = np.linalg.lstsq(SHARES, values, rcond=None)
    spread = np.sqrt(squares[0] / 9 * np.diag(np.linalg.inv(SHARES.T @ SHARES)))
    half = stats.t.ppf(0.975, 9) * spread
    assert [one.value for one in found.estimates] == pytest.approx(oracle.tolist())
    assert [one.high for one in found.estimates] == pytest.approx((oracle + half).tolist())


def test_predicted_r_squared_equals_press_from_the_hat_matrix() -> None:
    values = np.random.default_rng(4).normal(size=12)
    found = findings(simplex(*SHARES), of_values(values))
    hat = SHARES @ np.linalg.pinv(SHARES)
    missed = (values - hat @ values) / (1 - np.diag(hat))
    expected = 1 - (missed @ missed) / np.square(values - values.mean()).sum()
    assert found.prediction is not None
    assert found.prediction.predicted_r_squared == pytest.approx(expected)


def test_runs_of_a_member_are_left_out_together() -> None:
    values = np.random.default_rng(8).normal(size=12)
    once = findings(simplex(*SHARES), of_values(values)).prediction
    thrice = findings(simplex(*SHARES), of_values(np.repeat(values[:, None], 3, 1))).prediction
    assert once is not None
    assert thrice is not None
    assert thrice.predicted_r_squared == pytest.approx(once.predicted_r_squared)


def test_equal_values_have_no_r_squared() -> None:
    found = findings(simplex(*SHARES), of_values(np.zeros(12)))
    assert found.prediction is not None
    assert found.prediction.predicted_r_squared is None


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        (SHARES[:4], "4 members are measured; 3 components need at least 5"),
        ([(0.5, 0.2, 0.1)] * 6, "the shares of member 'random-0' do not sum to 1"),
        ([(0.5, 0.3, 0.2)] * 6, "the measured members do not tell the components apart"),
    ],
)
def test_what_cannot_be_fitted_says_why(shares: list[tuple[float, ...]], reason: str) -> None:
    found = findings(simplex(*shares), of_values(np.arange(float(len(shares)))))
    assert found.estimates == ()
    assert found.prediction is None
    assert found.notes[-1] == f"the regression on shares cannot be fitted: {reason}"


def test_a_component_that_no_member_has_is_left_out() -> None:
    shares = np.array([(x, 1 - x, 0) for x in (0.1, 0.3, 0.5, 0.9)])
    found = findings(simplex(*shares), of_values(shares @ [1, 2, 0]))
    assert [one.name for one in found.estimates] == ["instruction", "open_ended"]


@given(st.integers(2, 6), st.integers(0, 10_000))
def test_the_best_mixture_within_range_equals_a_linear_program(size: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet(np.ones(size), size + 2)
    gains = generator.normal(size=size)
    best = within_range(shares, gains)
    bounds = list(zip(shares.min(axis=0), shares.max(axis=0), strict=True))
    oracle = linprog(-gains, A_eq=np.ones((1, size)), b_eq=[1], bounds=bounds)
    assert best.sum() == pytest.approx(1)
    assert gains @ best == pytest.approx(-oracle.fun, abs=1e-9)
    assert (best <= shares.max(axis=0) + 1e-12).all()


def test_paired_runs_leave_the_coefficients_of_their_average() -> None:
    values = (SHARES @ [0.2, 0.9, 0.5])[:, None] + np.array([-3.0, 0.0, 3.0])
    paired = findings(simplex(*SHARES), of_values(values), labels="same")
    assert [one.value for one in paired.estimates] == pytest.approx([0.2, 0.9, 0.5])
    assert [one.high for one in paired.estimates] == pytest.approx([0.2, 0.9, 0.5])
    assert paired.estimates[0].degrees_of_freedom == 36 - 3 - 2
    assert paired.prediction is not None
    assert paired.prediction.predicted_r_squared == pytest.approx(1)
