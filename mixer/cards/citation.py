"""The section of a mixture's card that says what to cite for its rows."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.cards.summary import Summary


def citation(summary: Summary) -> str:
    """Of the sources with rows in the mixture, in their order; empty where none has a publication
    that is known."""
    used = [source.card for source in summary.sources if source.card and source.drawn_rows]
    entries = dict.fromkeys(entry for name in used for entry in source_card(name).citations)
    if not entries:
        return ""
    return "## Citation\n\n```bibtex\n" + "\n\n".join(entries) + "\n```\n"
