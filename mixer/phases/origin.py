"""What a summary says of where a source comes from."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.formats import default_card
from mixer.recipe.model import Source


def card_name(source: Source) -> str | None:
    """The data card of a source: as stated (`none` for none), else that of its format."""
    name = source.card or default_card(source.format)
    return None if name == "none" else name


def license_of(source: Source) -> str:
    """The recipe's word, else the data card's, else `unknown`."""
    card = card_name(source)
    return source.license or (source_card(card).license if card else "unknown")


def origin(source: Source, files: int) -> str:
    if source.hub:
        return f"{source.hub} at {source.revision}"
    return "1 file" if files == 1 else f"{files} files"
