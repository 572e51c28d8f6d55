"""Families of members for the tests, by the words a design.csv would use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mixer.ablation.analyse import analyse
from mixer.ablation.findings import Findings
from mixer.ablation.results import Design, Measurement, Member, Results

COMPONENTS = ("instruction", "open_ended", "feedback")


def member(
    name: str, design: str, shares: Sequence[float], factor: str = "", level: str = ""
) -> Member:
    names = COMPONENTS if len(shares) == 3 else tuple(f"c{i}" for i in range(len(shares)))
    by_name = dict(zip(names, map(float, shares), strict=True))
    return Member(name, tuple(design.split("+")), factor, level, by_name)


def family(*members: Member) -> Design:
    return Design(tuple(members[0].shares), members)


def leave_one_out() -> Design:
    whole = (1 / 3, 1 / 3, 1 / 3)
    without = [
        member(f"without-{name}", "leave-one-out", share, name, "out")
        for name, share in zip(
            COMPONENTS, ((0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)), strict=True
        )
    ]
    return family(member("full", "leave-one-out", whole), *without)


def one_at_a_time() -> Design:
    alone = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    return family(
        *(
            member(f"only-{name}", "one-at-a-time", share, name, "only")
            for name, share in zip(COMPONENTS, alone, strict=True)
        )
    )


def simplex(*shares: Sequence[float]) -> Design:
    return family(*(member(f"random-{i}", "simplex", line) for i, line in enumerate(shares)))


def results(values: Mapping[str, Sequence[float]], labels: str = "same") -> Results:
    """Runs of one metric by member; labels are the `same` in every member, or `own`."""
    return Results(
        tuple(
            Measurement(name, f"{name if labels == 'own' else ''}{run}", "accuracy", float(value))
            for name, runs in values.items()
            for run, value in enumerate(runs)
        )
    )


def findings(
    design: Design, values: Mapping[str, Sequence[float]], labels: str = "own"
) -> Findings:
    """Of the only study that the design makes with these values."""
    (study,) = analyse(design, results(values, labels)).studies
    return study.findings
