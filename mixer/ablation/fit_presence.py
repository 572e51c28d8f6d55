"""Factorial designs: what the presence of each component does, alone and in pairs.

Method: ordinary least squares on presence coded -1/+1 (Box, Hunter and Hunter, Statistics for
Experimenters); an effect is twice its coefficient: the change of the metric from out to in,
averaged over the other components. Main effects come from the model of main effects. A full
factorial with replicates adds all two-way interactions (half the difference between a component's
effect with and without the other), and noise is then what that larger model leaves. The mixture of
nothing cannot be trained, so a factorial that lacks it alone counts as full.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from mixer.ablation.findings import Estimate, Findings
from mixer.ablation.least_squares import Array, Fit, Observations, estimate, fit


def factorial(observations: Observations) -> Findings:
    members = observations.members
    present = {name: [m.shares[name] > 0 for m in members] for name in members[0].shares}
    names = [name for name, seen in present.items() if len(set(seen)) == 2]
    notes = _fixed(present)
    flags = np.array([present[name] for name in names], np.float64).reshape(-1, len(members))
    coded = 2 * flags.T - 1
    main = fit(_with_constant(coded), observations)
    if not names or main is None:
        reason = "the measured members do not tell the components' effects apart: not fitted"
        return Findings(notes=(*notes, reason))
    pairs = list(combinations(range(len(names)), 2))
    both = _fit_pairs(coded, pairs, observations) if _is_full(coded) else None
    estimates = _doubled(names, main, both or main, first=1)
    if both is not None:
        titles = [f"{names[a]} * {names[b]}" for a, b in pairs]
        estimates += _doubled(titles, both, both, first=1 + len(names))
    notes += (*observations.notes(), *(both or main).notes(observations))
    return Findings(tuple(estimates), notes)


def _fixed(present: dict[str, list[bool]]) -> tuple[str, ...]:
    fixed = [name for name, flags in present.items() if len(set(flags)) == 1]
    if not fixed:
        return ()
    return (f"in all measured members or in none, so without an effect: {', '.join(fixed)}",)


def _fit_pairs(
    coded: Array, pairs: list[tuple[int, int]], observations: Observations
) -> Fit | None:
    """None without pairs, without replicates, or where the members do not tell pairs apart."""
    if not pairs or len(observations.values) == len(observations.members):
        return None
    products = np.column_stack([coded[:, a] * coded[:, b] for a, b in pairs])
    fitted = fit(_with_constant(np.hstack([coded, products])), observations)
    return fitted if fitted is not None and fitted.degrees_of_freedom else None


def _is_full(coded: Array) -> bool:
    """All combinations are there; the empty one may be missing."""
    seen = {tuple(line) for line in coded.tolist()}
    empty = (-1.0,) * coded.shape[1]
    return len(seen | {empty}) == 1 << len(empty)


def _with_constant(columns: Array) -> Array:
    return np.hstack([np.ones((len(columns), 1)), columns])


def _doubled(names: list[str], fitted: Fit, noise: Fit, first: int) -> list[Estimate]:
    unit = 2 * np.eye(len(fitted.coefficients))
    return [estimate(name, fitted, unit[first + i], noise) for i, name in enumerate(names)]
