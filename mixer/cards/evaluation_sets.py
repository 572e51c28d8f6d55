"""The section of a mixture's card on evaluation sets: what of them its records hold."""

from __future__ import annotations

from mixer.cards.markdown import escaped, table
from mixer.cards.summary import EvaluationSummary, Summary


def evaluation_sets(summary: Summary) -> str:
    """Empty where the recipe names none."""
    found = summary.decontamination
    if found is None:
        return ""
    fate = "was dropped" if found.on_hit == "drop" else "stays: the recipe asks for a report"
    header = ["set", "items", "quarantined", "held by records", "share", "records that hold one"]
    parts = [
        f"## Evaluation sets\n\n{found.rules}\n\nA record that holds one {fate}.\n",
        table(header, [_cells(one) for one in found.sets]),
        *(f"- `{one.name}`: {_judged(one)}" for one in found.sets),
    ]
    if found.ignored_grams:
        parts.append(f"- {found.ignored_grams:,} n-grams were taken for common text")
    return "\n".join(parts) + (
        "\n\nEach hit is a line of `contamination.parquet`. Rows of evaluation sets are no part of "
        "the mixture.\n"
    )


def _cells(one: EvaluationSummary) -> list[str]:
    quarantined = sum(one.quarantined.values())
    counts = [f"{one.items:,}", f"{quarantined:,}", f"{one.leaked_items:,}", f"{one.share:.2%}"]
    return [one.name, *counts, f"{one.records:,}"]


def _judged(one: EvaluationSummary) -> str:
    kinds = (("questions", one.questions), ("answers", one.answers))
    said = [
        f"{kind.leaked:,} of {kind.judged:,} {name} held, {kind.too_short:,} too short to judge"
        + (f", {kind.common:,} share only common text" if kind.common else "")
        for name, kind in kinds
    ]
    return f"read from {escaped(one.origin)} as `{one.format}`; {'; '.join(said)}"
