"""How far to trust the labels in a mixture's card: what was measured of the model behind them."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.cards.summary import Summary

CARD = "classifier"


def label_accuracy(summary: Summary) -> list[str]:
    """A paragraph; none where no label of a drawn row is the model's."""
    judged, rows = summary.labelled_by.get("model", 0), sum(summary.labelled_by.values())
    if not judged:
        return []
    measured = source_card(CARD).accuracy
    said = ", ".join(f"`{column}` in {share:.0%}" for column, share in measured.items())
    return [
        f"`task_type` is a model's judgement in {judged / rows:.1%} of the rows, upstream's word "
        f"in the others. On sources it never saw the model is right in so many rows: {said} (data "
        f"card `{CARD}`).\n"
    ]
