"""The card's section on repeats: which source is contained in which, and what steps report."""

from __future__ import annotations

from mixer.cards.markdown import escaped, table
from mixer.cards.summary import Overlap, Summary


def repeats(summary: Summary) -> str:
    """Empty where no source repeats another and no step has anything to say."""
    across = [one for one in summary.overlaps if one.source != one.repeats]
    if not across and not summary.found:
        return ""
    parts = ["## Repeats\n"]
    if across:
        parts.append(_matrix(summary.overlaps))
        parts.append("Records of the source in each line that went for one of each column's.\n")
    parts += [f"- {escaped(sentence)}" for sentence in summary.found]
    return "\n".join(parts).rstrip() + "\n"


def _matrix(overlaps: list[Overlap]) -> str:
    lines = list(dict.fromkeys(one.source for one in overlaps))
    columns = list(dict.fromkeys(one.repeats for one in overlaps))
    cells = {(one.source, one.repeats): f"{one.records:,} ({one.share:.1%})" for one in overlaps}
    rows = [[line, *(cells.get((line, column), "") for column in columns)] for line in lines]
    return table(["source", *columns], rows)
