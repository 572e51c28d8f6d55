"""Dose designs: how the metric follows the share of one component.

Method: simple linear regression of the metric on the share, a line for each component, in metric
per +0.10 of share. The interval takes the line to be true: read it beside the mean at each dose.
The reference belongs to every component's doses where the design names it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mixer.ablation.findings import DoseCurve, DosePoint, Estimate, Findings
from mixer.ablation.least_squares import Observations, Values, estimate, fit, observe
from mixer.ablation.results import Member

SHARE_STEP = 0.10
_SHARE_DECIMALS = 6


def doses(members: Sequence[Member], values: Values) -> Findings:
    estimates: list[Estimate] = []
    curves: list[DoseCurve] = []
    notes: list[str] = []
    for component in dict.fromkeys(member.factor for member in members if member.factor):
        own = [one for one in members if one.is_reference or one.factor in ("", component)]
        observations = observe(own, values)
        if not observations.members:
            continue
        curves.append(_curve(component, observations))
        slope, reasons = _slope(component, observations)
        estimates += slope
        notes += [f"{component}: {reason}" for reason in reasons]
    return Findings(tuple(estimates), tuple(notes), tuple(curves))


def _slope(component: str, observations: Observations) -> tuple[list[Estimate], tuple[str, ...]]:
    shares = [member.shares[component] for member in observations.members]
    fitted = fit(np.array([[1, share / SHARE_STEP] for share in shares]), observations)
    if fitted is None:
        return [], ("all measured members have one share: no slope",)
    slope = estimate(component, fitted, np.array([0.0, 1.0]))
    return [slope], (*observations.notes(), *fitted.notes(observations))


def _curve(component: str, observations: Observations) -> DoseCurve:
    at_share: dict[float, list[float]] = {}
    for owner, value in zip(observations.owner, observations.values, strict=True):
        share = round(observations.members[owner].shares[component], _SHARE_DECIMALS)
        at_share.setdefault(share, []).append(float(value))
    points = (
        DosePoint(share, float(np.mean(values)), len(values))
        for share, values in sorted(at_share.items())
    )
    return DoseCurve(component, tuple(points))
