"""What results on an ablation's members say: effects with 95 % confidence intervals.

Leave one out compares the full mixture with the one without a component, one at a time each
component alone with the mean of the others alone; both use the residual variance of all runs of
the design (one-way analysis of variance). A factorial is an ordinary least-squares fit on presence
coded −1 / +1, a dose series a straight line. Where every run was done with every member of a design
(the same training seed, say), the runs' means are taken out first (randomised blocks). The simplex
is in simplex.py.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from mixer.ablation.design import FULL
from mixer.ablation.tables import DesignRow, Result

_CONFIDENCE = 0.95
_ABSENT = 1e-9
DOSE_STEP = 0.1


class Effect(msgspec.Struct, frozen=True):
    """`low` and `high` bound the 95 % interval, None where nothing tells the noise."""

    metric: str
    design: str
    term: str
    estimate: float
    low: float | None
    high: float | None
    runs: int


class Analysed(NamedTuple):
    effects: list[Effect]
    notes: list[str]


class Fit(NamedTuple):
    """A least-squares fit: coefficients, their covariance for unit noise, noise, and degrees of
    freedom (0 where there is no noise to see)."""

    coefficients: np.ndarray
    covariance: np.ndarray
    variance: float
    freedom: int

    def effect(self, named: tuple[str, str, str], weights: np.ndarray, runs: int) -> Effect:
        """A weighted sum of coefficients with its interval; `named` metric, design and term."""
        estimate = float(weights @ self.coefficients)
        if self.freedom < 1:
            return Effect(*named, estimate, None, None, runs)
        from scipy.stats import t

        error = np.sqrt(max(0.0, float(weights @ self.covariance @ weights)) * self.variance)
        reach = float(t.ppf(0.5 + _CONFIDENCE / 2, self.freedom)) * float(error)
        return Effect(*named, estimate, estimate - reach, estimate + reach, runs)


def analyse(design: list[DesignRow], measured: list[Result]) -> Analysed:
    """Effects of each metric and each design that the measured members make up."""
    found = Analysed([], [])
    ways = sorted({row.feedback_as for row in design} - {""}) or [""]
    for metric in dict.fromkeys(result.metric for result in measured):
        own = [result for result in measured if result.metric == metric]
        for way in ways:
            rows = [row for row in design if row.feedback_as in ("", way)]
            for name, kind in _KINDS.items():
                part = _of_design(rows, own, name)
                if len({result.member for result in part}) > 1:
                    kind(found, Place(metric, name, way if len(ways) > 1 else ""), rows, part)
        _pairs_or_chosen(found, Place(metric, "feedback_as", ""), own)
    notes = list(dict.fromkeys(found.notes))
    return Analysed(found.effects, notes)


def least_squares(matrix: np.ndarray, values: np.ndarray, blocks: np.ndarray | None = None) -> Fit:
    """matrix float64 [runs, terms]; `blocks` int64 [runs] adds a mean for each block."""
    terms = matrix.shape[1]
    if blocks is not None:
        dummies = (blocks[:, None] == np.arange(1, int(blocks.max()) + 1)).astype(float)
        matrix = np.concatenate([matrix, dummies], axis=1)
    covariance = np.linalg.pinv(matrix.T @ matrix)
    coefficients = covariance @ matrix.T @ values
    residual = values - matrix @ coefficients
    freedom = len(values) - int(np.linalg.matrix_rank(matrix))
    variance = float(residual @ residual) / freedom if freedom > 0 else 0.0
    return Fit(coefficients[:terms], covariance[:terms, :terms], variance, freedom)


def _of_design(design: list[DesignRow], measured: list[Result], name: str) -> list[Result]:
    serving = {row.member for row in design if name in row.designs}
    if name == "leave_one_out":
        serving |= {row.member for row in design if row.member.startswith(FULL)}
    return [result for result in measured if result.member in serving]


def blocks_of(part: list[Result]) -> np.ndarray | None:
    """The run of each result, where every run was done with every member, and more than one."""
    runs = sorted({result.run for result in part})
    members = {result.member for result in part}
    if len(runs) < 2 or len(part) != len(runs) * len(members):
        return None
    return np.array([runs.index(result.run) for result in part])


class Place(NamedTuple):
    """What effects are of; `way` is how feedback is used, where members use it in two ways."""

    metric: str
    design: str
    way: str

    def term(self, factor: str) -> tuple[str, str, str]:
        return self.metric, self.design, f"{factor} ({self.way})" if self.way else factor

    def __str__(self) -> str:
        return f"{self.metric}, {self.design}" + (f" ({self.way})" if self.way else "")


def _fitted_means(
    found: Analysed, place: Place, part: list[Result]
) -> tuple[Fit, list[str], np.ndarray]:
    """A mean for each member, and the values themselves."""
    members = sorted({result.member for result in part})
    matrix = np.array([[result.member == m for m in members] for result in part], float)
    values = np.array([result.value for result in part])
    blocks = blocks_of(part)
    fit = least_squares(matrix, values, blocks)
    _note(found, place, fit, blocks)
    return fit, members, values


def _note(found: Analysed, place: Place, fit: Fit, blocks: np.ndarray | None) -> None:
    if fit.freedom < 1:
        found.notes.append(f"{place}: one run a member gives no interval; run members again")
    elif blocks is not None:
        found.notes.append(f"{place}: runs of the same name are compared with one another")


def _leave_one_out(
    found: Analysed, place: Place, design: list[DesignRow], part: list[Result]
) -> None:
    fit, members, values = _fitted_means(found, place, part)
    full = next((member for member in members if member.startswith(FULL)), None)
    if full is None:
        found.notes.append(f"{place}: {FULL} is not measured, so there is nothing to compare with")
        return
    for row in design:
        if row.member in members and "leave_one_out" in row.designs:
            weights = _weights(members, {full: 1.0, row.member: -1.0})
            found.effects.append(fit.effect(place.term(row.factor), weights, len(values)))


def _one_at_a_time(
    found: Analysed, place: Place, design: list[DesignRow], part: list[Result]
) -> None:
    fit, members, values = _fitted_means(found, place, part)
    for row in design:
        if row.member in members:
            others = [member for member in members if member != row.member]
            share = {other: -1.0 / len(others) for other in others}
            weights = _weights(members, {row.member: 1.0, **share})
            found.effects.append(fit.effect(place.term(row.factor), weights, len(values)))


def _factorial(found: Analysed, place: Place, design: list[DesignRow], part: list[Result]) -> None:
    by_member = {row.member: row for row in design}
    factors = list(design[0].shares)
    present = np.array(
        [[by_member[r.member].shares[f] > _ABSENT for f in factors] for r in part], float
    )
    matrix = np.concatenate([np.ones((len(part), 1)), 2 * present - 1], axis=1)
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        found.notes.append(f"{place}: too few members are measured for main effects")
        return
    values, blocks = np.array([result.value for result in part]), blocks_of(part)
    fit = least_squares(matrix, values, blocks)
    _note(found, place, fit, blocks)
    for number, factor in enumerate(factors):
        weights = np.zeros(matrix.shape[1])
        weights[number + 1] = 2.0
        found.effects.append(fit.effect(place.term(factor), weights, len(part)))


def _dose(found: Analysed, place: Place, design: list[DesignRow], part: list[Result]) -> None:
    """One line for each component that is dosed."""
    doses = {row.member: row for row in design if "dose" in row.designs}
    for factor in sorted({row.factor for row in doses.values()}):
        own = [result for result in part if doses[result.member].factor == factor]
        share = np.array([doses[result.member].shares[factor] for result in own])
        if len(set(share.tolist())) < 2:
            continue
        matrix = np.stack([np.ones(len(own)), share / DOSE_STEP], axis=1)
        values, blocks = np.array([result.value for result in own]), blocks_of(own)
        fit = least_squares(matrix, values, blocks)
        _note(found, place, fit, blocks)
        named = place.term(f"{factor}, each +{DOSE_STEP:g}")
        found.effects.append(fit.effect(named, np.array([0.0, 1.0]), len(own)))


def _weights(members: list[str], stated: dict[str, float]) -> np.ndarray:
    return np.array([stated.get(member, 0.0) for member in members])


def _pairs_or_chosen(found: Analysed, place: Place, measured: list[Result]) -> None:
    """Preference pairs against their chosen answers, over all members that come both ways."""
    there = {result.member for result in measured}
    twins = sorted(member for member in there if f"{member}-chosen" in there)
    if not twins:
        return
    both = {*twins, *(f"{member}-chosen" for member in twins)}
    part = [result for result in measured if result.member in both]
    fit, members, values = _fitted_means(found, place, part)
    stated = {member: 1.0 / len(twins) for member in twins}
    stated |= {f"{member}-chosen": -1.0 / len(twins) for member in twins}
    named = place.term("pairs, not chosen alone")
    found.effects.append(fit.effect(named, _weights(members, stated), len(values)))


_KINDS = {
    "leave_one_out": _leave_one_out,
    "one_at_a_time": _one_at_a_time,
    "factorial": _factorial,
    "dose": _dose,
}
