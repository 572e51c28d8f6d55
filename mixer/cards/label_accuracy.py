"""How far to trust the labels in a mixture's card: what was measured of the model behind them."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.cards.summary import Summary

CARD = "classifier"


def label_accuracy(summary: Summary) -> list[str]:
    """A paragraph; none where no label of a drawn row is the model's."""
    judged = {column for column, found in summary.by_model.items() if found.row_share}
    measured = {
        column: share for column, share in source_card(CARD).accuracy.items() if column in judged
    }
    if not measured:
        return []
    said = ", ".join(f"`{column}` in {share:.0%}" for column, share in measured.items())
    return [
        f"On sources it never saw, the model was right in so many rows: {said} (data card "
        f"`{CARD}`).\n"
    ]
