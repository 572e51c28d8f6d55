"""Leave-one-out and one-at-a-time: differences between means of members.

leave-one-out    effect = mean of the reference (`full`) - mean without the component
one-at-a-time    effect = mean of the component alone - mean of the other members of one component
feedback-as      effect = mean of members with preference pairs - mean of their `-chosen` twins

Method: one-way analysis of variance with planned contrasts; the residual variance is pooled over
all members of the design, so a member with one run borrows the noise of those with several.
"""

from __future__ import annotations

import numpy as np

from mixer.ablation.findings import Findings
from mixer.ablation.least_squares import Array, Observations, estimate, fit
from mixer.ablation.results import CHOSEN, Member


def leave_one_out(observations: Observations) -> Findings:
    members = observations.members
    whole = {name for member in members for name, share in member.shares.items() if share > 0}
    names = [_left_out(member, whole) for member in members]
    distinct = _distinct(names)
    if "" not in names or not distinct:
        missing = "no member without a component" if "" in names else "the reference is not"
        return Findings(notes=(f"{missing} measured: nothing to compare",))
    reference = _mean_of(names, "")
    contrasts = {name: reference - _mean_of(names, name) for name in distinct}
    return _compare(observations, contrasts)


def one_at_a_time(observations: Observations) -> Findings:
    names = [_alone(member) for member in observations.members]
    distinct = _distinct(names)
    if len(distinct) < 2:
        return Findings(notes=("only one component is measured alone: nothing to compare with",))
    means = {name: _mean_of(names, name) for name in distinct}
    total = np.sum(list(means.values()), axis=0)
    others = len(distinct) - 1
    contrasts = {name: mean - (total - mean) / others for name, mean in means.items()}
    return _compare(observations, contrasts)


def pairs_or_chosen(observations: Observations) -> Findings:
    """Preference pairs less their chosen answers, over all members that come both ways."""
    names = [member.name for member in observations.members]
    twins = [name for name in names if f"{name}{CHOSEN}" in names]
    if not twins:
        return Findings()
    pairs = [name if name in twins else "" for name in names]
    signs = [1.0 if name else 0.0 for name in pairs]
    for name in twins:
        signs[names.index(f"{name}{CHOSEN}")] = -1.0
    return _compare(observations, {"preference pairs": np.array(signs) / len(twins)})


def _compare(observations: Observations, contrasts: dict[str, Array]) -> Findings:
    fitted = fit(np.eye(len(observations.members)), observations)
    assert fitted is not None, "each member that is observed has a run"
    return Findings(
        tuple(estimate(name, fitted, contrast) for name, contrast in contrasts.items()),
        (*observations.notes(), *fitted.notes(observations)),
    )


def _left_out(member: Member, whole: set[str]) -> str:
    """The absent component, "" for the reference; shares decide where the level does not."""
    if member.is_reference:
        return ""
    absent = [name for name in whole if not member.shares[name] > 0]
    return absent[0] if member.level != "out" and len(absent) == 1 else member.factor


def _alone(member: Member) -> str:
    present = [name for name, share in member.shares.items() if share > 0]
    return present[0] if member.level != "only" and len(present) == 1 else member.factor


def _distinct(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


def _mean_of(names: list[str], name: str) -> Array:
    """Weights that take the mean over the members of that name."""
    share = 1 / names.count(name)
    return np.array([share if other == name else 0.0 for other in names])
