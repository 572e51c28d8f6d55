"""Ordinary least squares over the runs of a design, with t intervals and complete blocks.

Method: the general linear model (Draper and Smith, Applied Regression Analysis): a contrast c of
the coefficients has the interval c'b ± t(0.975; df) sqrt(s² c'(X'X)⁻¹c), s² the residual variance.
Runs of one label in every member are a randomised complete block design (Box, Hunter and Hunter,
Statistics for Experimenters): run means are removed first, one degree of freedom a run beyond the
first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mixer.ablation.findings import Estimate
from mixer.ablation.results import Member

Array = NDArray[np.float64]
# member -> run -> value, of one metric
Values = Mapping[str, Mapping[str, float]]

# Columns that rounded shares alone keep apart count as the same column.
_RANK_TOLERANCE = 1e-6
_LEVEL = 0.95


class Observations(NamedTuple):
    """Values of one metric; `owner` is each run's position in `members`."""

    members: tuple[Member, ...]
    owner: NDArray[Any]
    values: Array
    blocks: int

    def notes(self) -> tuple[str, ...]:
        if self.blocks == 1:
            return ()
        return (
            f"each of {len(self.members)} members has the same {self.blocks} runs: run means are "
            f"removed first ({self.blocks - 1} fewer degrees of freedom)",
        )

    def means(self) -> Array:
        """The mean of each member."""
        size = len(self.members)
        return np.bincount(self.owner, self.values, size) / np.bincount(self.owner, minlength=size)


class Fit(NamedTuple):
    """Coefficients, (X'X)⁻¹, and the residual variance (None without a degree of freedom)."""

    coefficients: Array
    unscaled_covariance: Array
    variance: float | None
    degrees_of_freedom: int

    def notes(self, observations: Observations) -> tuple[str, ...]:
        if self.variance is not None:
            return ()
        if len(observations.values) == len(observations.members):
            return ("one run a member: no interval can be given; train members with more seeds",)
        return ("too few runs to tell noise from effects: no interval can be given",)


def observe(members: Sequence[Member], values: Values) -> Observations:
    """The members that are measured; paired runs come out without the differences between runs."""
    measured = tuple(member for member in members if values.get(member.name))
    runs = [values[member.name] for member in measured]
    owner = np.repeat(np.arange(len(measured)), [len(of_member) for of_member in runs])
    flat = np.array([value for of_member in runs for value in of_member.values()], np.float64)
    labels = set().union(*runs)
    if len(measured) < 2 or len(labels) < 2 or any(len(one) < len(labels) for one in runs):
        return Observations(measured, owner, flat, 1)
    position = {label: number for number, label in enumerate(sorted(labels))}
    block = np.array([position[label] for of_member in runs for label in of_member])
    means = np.bincount(block, flat) / np.bincount(block)
    return Observations(measured, owner, flat - means[block] + means.mean(), len(labels))


def fit(matrix: Array, observations: Observations) -> Fit | None:
    """`matrix` has a line a member; None where its columns do not tell the coefficients apart."""
    lines = matrix[observations.owner]
    runs, parameters = lines.shape
    if np.linalg.matrix_rank(lines, rtol=_RANK_TOLERANCE) < parameters:
        return None
    inverse = np.linalg.pinv(lines)
    coefficients = inverse @ observations.values
    residuals = observations.values - lines @ coefficients
    freedom = runs - parameters - (observations.blocks - 1)
    variance = float(residuals @ residuals) / freedom if freedom > 0 else None
    return Fit(coefficients, inverse @ inverse.T, variance, max(freedom, 0))


def estimate(name: str, fitted: Fit, contrast: Array, noise: Fit | None = None) -> Estimate:
    """A contrast with its interval; `noise` is another fit whose residual variance is used."""
    noise = noise or fitted
    value = float(contrast @ fitted.coefficients)
    freedom = noise.degrees_of_freedom
    if noise.variance is None:
        return Estimate(name, value, None, None, freedom)
    spread = float(contrast @ fitted.unscaled_covariance @ contrast)
    half = _t_quantile(freedom) * float(np.sqrt(noise.variance * spread))
    return Estimate(name, value, value - half, value + half, freedom)


def _t_quantile(degrees_of_freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, (1 + _LEVEL) / 2))
