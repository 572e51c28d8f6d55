"""How far to trust the labels in a mixture's card: what was measured of the model behind them."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.cards.summary import Summary

CARD = "classifier"


def label_accuracy(summary: Summary) -> list[str]:
    """A paragraph; none where no label of a drawn row is the model's."""
    if not any(found.row_share for found in summary.by_model.values()):
        return []
    measured = source_card(CARD).accuracy
    said = ", ".join(f"`{column}` in {share:.0%}" for column, share in measured.items())
    sentence = "On sources it never saw the model is right in so many rows"
    return [f"{sentence}: {said} (data card `{CARD}`).\n"]
