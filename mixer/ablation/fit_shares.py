"""Simplex designs: a regression of the metric on all shares at once.

Method: Scheffé's linear mixture model (Experiments with Mixtures, 1958), metric = sum of
coefficient x share without an intercept, on mixtures drawn over the simplex as in RegMix (Liu et
al., 2024). A coefficient is the metric that the line puts at a mixture of that component alone,
mostly far outside the mixtures tried. Predicted R² is that of PRESS (Allen, 1974), with all runs of
a member left out together.
"""

from __future__ import annotations

import numpy as np

from mixer.ablation.findings import Findings, Mixture, Prediction
from mixer.ablation.least_squares import Array, Fit, Observations, estimate, fit

SPARE_MEMBERS = 2
_SUM_TOLERANCE = 0.02


def simplex(observations: Observations) -> Findings:
    members = observations.members
    names = [name for name in members[0].shares if any(m.shares[name] > 0 for m in members)]
    shares = np.array([[member.shares[name] for name in names] for member in members])
    sums = shares.sum(axis=1)
    if len(members) < len(names) + SPARE_MEMBERS:
        return _not_fitted(
            f"{len(members)} members are measured; {len(names)} components need at least "
            f"{len(names) + SPARE_MEMBERS}"
        )
    if np.abs(sums - 1).max() > _SUM_TOLERANCE:
        off = members[int(np.abs(sums - 1).argmax())].name
        return _not_fitted(f"the shares of member {off!r} do not sum to 1")
    shares /= sums[:, None]
    fitted = fit(shares, observations)
    if fitted is None:
        return _not_fitted("the measured members do not tell the components apart")
    units = np.eye(len(names))
    return Findings(
        tuple(estimate(name, fitted, unit) for name, unit in zip(names, units, strict=True)),
        (*observations.notes(), *fitted.notes(observations)),
        prediction=_prediction(names, shares, fitted, observations),
    )


def _not_fitted(reason: str) -> Findings:
    return Findings(notes=(f"the regression on shares cannot be fitted: {reason}",))


def _prediction(
    names: list[str], shares: Array, fitted: Fit, observations: Observations
) -> Prediction:
    predicted = shares @ fitted.coefficients
    tried = [observations.members[int(i)].name for i in (predicted.argmax(), predicted.argmin())]
    highest = within_range(shares, fitted.coefficients)
    lowest = within_range(shares, -fitted.coefficients)
    return Prediction(
        tuple(names),
        predicted_r_squared(shares, observations),
        _mixture(tried[0], fitted, shares[predicted.argmax()]),
        _mixture(tried[1], fitted, shares[predicted.argmin()]),
        _mixture("", fitted, highest),
        _mixture("", fitted, lowest),
    )


def _mixture(name: str, fitted: Fit, shares: Array) -> Mixture:
    return Mixture(tuple(shares.tolist()), estimate(name, fitted, shares))


def within_range(shares: Array, gains: Array) -> Array:
    """The mixture of highest total gain with each share between its lowest and highest tried.

    It is a vertex of that region: from the lowest shares, the rest goes to the highest gains first.
    """
    best: Array = shares.min(axis=0)
    room = shares.max(axis=0) - best
    rest = 1 - best.sum()
    for component in np.argsort(-gains, kind="stable"):
        step = min(room[component], rest)
        best[component] += step
        rest -= step
    return best


def predicted_r_squared(shares: Array, observations: Observations) -> float | None:
    """None where all values are equal, or where a fit without some member does not exist."""
    lines, values = shares[observations.owner], observations.values
    around_mean = float(np.square(values - values.mean()).sum())
    missed = 0.0
    for member in range(len(observations.members)):
        out = observations.owner == member
        rest = observations._replace(owner=observations.owner[~out], values=values[~out])
        fitted = fit(shares, rest)
        if fitted is None:
            return None
        missed += float(np.square(values[out] - lines[out] @ fitted.coefficients).sum())
    return 1 - missed / around_mean if around_mean > 0 else None
