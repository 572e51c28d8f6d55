"""From design and results to effects with intervals: one study for each metric and design."""

from __future__ import annotations

from mixer.ablation.findings import Analysis, Findings, Study
from mixer.ablation.fit_doses import doses
from mixer.ablation.fit_members import leave_one_out, one_at_a_time, pairs_or_chosen
from mixer.ablation.fit_presence import factorial
from mixer.ablation.fit_shares import simplex
from mixer.ablation.least_squares import Values, observe
from mixer.ablation.results import (
    CHOSEN,
    DESIGNS,
    DOSE,
    FACTORIAL,
    FEEDBACK_AS,
    LEAVE_ONE_OUT,
    ONE_AT_A_TIME,
    SIMPLEX,
    Design,
    Member,
    Results,
)

_METHODS = {
    LEAVE_ONE_OUT: leave_one_out,
    ONE_AT_A_TIME: one_at_a_time,
    FACTORIAL: factorial,
    SIMPLEX: simplex,
}


def analyse(design: Design, results: Results) -> Analysis:
    """Studies in the order of the metrics' first values; designs in the order of DESIGNS."""
    studies: list[Study] = []
    notes = _not_measured(results)
    for metric, values in _by_metric(results).items():
        for name in DESIGNS:
            members = _members(design, name)
            found = [
                _study((metric, name, way), own, values)
                for way, own in _by_feedback(members).items()
                if any(member.name in values for member in own)
            ]
            if members and not found:
                notes.append(f"no member of {name} has a value of {metric}")
            studies += found
        studies += _twins(metric, design, values)
    return Analysis(tuple(studies), tuple(notes))


def _study(place: tuple[str, str, str], members: tuple[Member, ...], values: Values) -> Study:
    """`place` is metric, design and use of feedback."""
    metric, name, feedback_as = place
    measured = [member.name for member in members if member.name in values]
    runs = sum(len(values[member]) for member in measured)
    found = _findings(name, members, values)
    missing = [member.name for member in members if member.name not in values]
    if missing:
        note = f"not measured: {', '.join(missing)}"
        found = Findings(found.estimates, (note, *found.notes), found.curves, found.prediction)
    return Study(metric, name, len(measured), runs, found, feedback_as)


def _twins(metric: str, design: Design, values: Values) -> list[Study]:
    """Members that hold the same records as pairs and as chosen answers alone."""
    there = {member.name for member in design.members if member.name in values}
    names = {name for name in there if f"{name}{CHOSEN}" in there}
    names |= {f"{name}{CHOSEN}" for name in names}
    members = tuple(member for member in design.members if member.name in names)
    if not members:
        return []
    found = pairs_or_chosen(observe(members, values))
    runs = sum(len(values[member.name]) for member in members)
    return [Study(metric, FEEDBACK_AS, len(members), runs, found)]


def _findings(name: str, members: tuple[Member, ...], values: Values) -> Findings:
    if name == DOSE:
        return doses(members, values)
    return _METHODS[name](observe(members, values))


def _members(design: Design, name: str) -> tuple[Member, ...]:
    members = design.of(name)
    if name != ONE_AT_A_TIME:
        return members
    return tuple(member for member in members if member.factor and not member.is_reference)


def _by_feedback(members: tuple[Member, ...]) -> dict[str, tuple[Member, ...]]:
    """Members whose feedback is used in one way, with those that have none; "" if all agree."""
    ways = sorted({member.feedback_as for member in members} - {""})
    if len(ways) < 2:
        return {"": members}
    return {way: tuple(one for one in members if one.feedback_as in ("", way)) for way in ways}


def _by_metric(results: Results) -> dict[str, dict[str, dict[str, float]]]:
    """metric -> member -> run -> value"""
    values: dict[str, dict[str, dict[str, float]]] = {}
    for one in results.measurements:
        values.setdefault(one.metric, {}).setdefault(one.member, {})[one.run] = one.value
    return values


def _not_measured(results: Results) -> list[str]:
    if not results.not_measured:
        return []
    return [f"{results.not_measured:,} values are empty in the results: not measured yet"]
