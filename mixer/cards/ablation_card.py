"""The README.md of an ablation: its members, what pairs of them compare, what they share."""

from __future__ import annotations

import msgspec

from mixer.cards.markdown import table


class MemberSummary(msgspec.Struct, frozen=True):
    """One member; `shares` (0-1) by value of the ablated column."""

    name: str
    designs: str
    factor: str
    level: str
    feedback_as: str
    shares: dict[str, float]
    rows: int
    tokens: int
    records: int
    outcome: str


class AblationSummary(msgspec.Struct, frozen=True):
    """`overlap` [members, members] counts shared records; `comparisons` are (one, other, question,
    shared), `other_pairs` how many pairs differ in more than one thing."""

    name: str
    over: str
    size: str
    notes: list[str]
    members: list[MemberSummary]
    overlap: list[list[int]]
    comparisons: list[list[str]]
    other_pairs: int


def ablation_card(summary: AblationSummary) -> str:
    sections = [
        _introduction(summary),
        _members(summary),
        _comparisons(summary),
        _overlap(summary),
        _what_next(),
    ]
    return "\n".join(sections)


def _introduction(summary: AblationSummary) -> str:
    notes = "".join(f"\n- {note}" for note in summary.notes)
    return (
        f"# {summary.name}: ablation over {summary.over}\n\n"
        f"{len(summary.members)} mixtures of {summary.size} each, drawn from the same records by "
        f"the same queues: where two members take rows of a kind, the one that takes more has all "
        f"of the other's. Each folder is a mixture with its own card and ledger.\n{notes}\n"
    )


def _members(summary: AblationSummary) -> str:
    values = list(summary.members[0].shares)
    lines = [
        [
            one.name,
            one.designs,
            *(f"{one.shares[value]:.4g}" for value in values),
            one.feedback_as,
            f"{one.rows:,}",
            f"{one.tokens:,}",
            f"{one.records:,}",
        ]
        for one in summary.members
    ]
    header = ["member", "design", *values, "feedback as", "rows", "tokens", "records"]
    return "## Members\n\n" + table(header, lines)


def _comparisons(summary: AblationSummary) -> str:
    text = "## What may be compared\n\n"
    if summary.comparisons:
        header = ["one", "other", "the difference answers", "records shared"]
        text += table(header, summary.comparisons)
    return (
        f"{text}\n{summary.other_pairs:,} other pairs differ in more than one thing: their "
        "difference has no single cause.\n"
    )


def _overlap(summary: AblationSummary) -> str:
    names = [one.name for one in summary.members]
    lines = [
        [name, *(f"{count:,}" for count in line)]
        for name, line in zip(names, summary.overlap, strict=True)
    ]
    return "## Records that members share\n\n" + table(["", *names], lines)


def _what_next() -> str:
    return (
        "## What next\n\n"
        "Train and measure each member, several times with different seeds if you can. Write each "
        "value into `results.csv` (a line a member, run and metric; runs with the same name in all "
        "members are compared with one another), then\n\n"
        "```sh\nmixer ablate --analyse results.csv\n```\n"
    )
