"""Random mixtures: a linear mixture model (Scheffé 1958) of results on shares, as in RegMix (Liu et
al. 2024) with a linear regression.

    metric = Σ coefficient · share        (shares add up to 1, so there is no constant)

A coefficient is the result expected of that component alone.
"""

from __future__ import annotations

import msgspec
import numpy as np

from mixer.ablation.effects import Effect, blocks_of, least_squares
from mixer.ablation.tables import DesignRow, Result


class MixtureModel(msgspec.Struct, frozen=True):
    """`predicted_r2` is leave-one-out: how well a member is foretold by the others. `best` is the
    mixture with the highest foretold result within the shares that were tried, `tried` the
    measured member with the highest."""

    metric: str
    coefficients: list[Effect]
    predicted_r2: float
    best: dict[str, float]
    best_value: float
    tried: str
    tried_value: float


def mixture_models(
    design: list[DesignRow], measured: list[Result]
) -> tuple[list[MixtureModel], list[str]]:
    """A model of each metric, and a sentence where there are too few members for one."""
    rows = {row.member: row for row in design if "simplex" in row.designs}
    models, notes = [], []
    for metric in dict.fromkeys(result.metric for result in measured):
        own = [r for r in measured if r.metric == metric and r.member in rows]
        if not own:
            continue
        values = list(design[0].shares)
        needed = len(values) + 2
        if len({result.member for result in own}) < needed:
            notes.append(f"{metric}, simplex: needs at least {needed} measured members")
            continue
        models.append(_model(metric, own, rows))
    return models, notes


def _model(metric: str, own: list[Result], rows: dict[str, DesignRow]) -> MixtureModel:
    names = list(rows[own[0].member].shares)
    shares = np.array([[rows[r.member].shares[name] for name in names] for r in own])
    values = np.array([result.value for result in own])
    fit = least_squares(shares, values, blocks_of(own))
    effects = [
        fit.effect((metric, "simplex", name), np.eye(len(names))[number], len(own))
        for number, name in enumerate(names)
    ]
    best = _best_within(fit.coefficients, shares.min(axis=0), shares.max(axis=0))
    foretold = shares @ fit.coefficients
    at = int(foretold.argmax())
    return MixtureModel(
        metric=metric,
        coefficients=effects,
        predicted_r2=_predicted_r2(shares, values, [result.member for result in own]),
        best={name: round(float(share), 4) for name, share in zip(names, best, strict=True)},
        best_value=float(best @ fit.coefficients),
        tried=own[at].member,
        tried_value=float(foretold[at]),
    )


def _predicted_r2(shares: np.ndarray, values: np.ndarray, members: list[str]) -> float:
    """1 − squared errors of members left out / squares around the mean."""
    missed = 0.0
    for member in sorted(set(members)):
        out = np.array([name == member for name in members])
        fit = least_squares(shares[~out], values[~out])
        missed += float(((values[out] - shares[out] @ fit.coefficients) ** 2).sum())
    around = float(((values - values.mean()) ** 2).sum())
    return 1 - missed / around if around > 0 else 0.0


def _best_within(coefficients: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The highest point of a linear function on the simplex between bounds: the best components
    as far as they were tried, one after the other."""
    best = low.copy()
    room = 1.0 - float(low.sum())
    for number in np.lexsort((np.arange(len(low)), -coefficients)):
        step = min(room, float(high[number] - low[number]))
        best[number] += step
        room -= step
    return best
