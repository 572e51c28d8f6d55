"""The licence of a source: what the recipe says, else its data card."""

from __future__ import annotations

from mixer.cards.source_card import source_card
from mixer.formats import default_card
from mixer.licenses.names import license_id, license_text
from mixer.recipe.model import LicenseOverride, Source
from mixer.recipe.yaml_text import Document, Path

# What a card says of a licence that leaves room for a plain word of the recipe.
_OPEN = ("other", "unknown")


def card_name(source: Source) -> str | None:
    """The data card of a source: as stated (`none` for none), else that of its format."""
    name = source.card or default_card(source.format)
    return None if name == "none" else name


def license_of(source: Source) -> str:
    """The recipe's word, else the data card's, else `unknown`."""
    stated = source.license
    if stated is not None:
        return license_text(stated.id if isinstance(stated, LicenseOverride) else stated)
    card = card_name(source)
    return source_card(card).license if card else "unknown"


def because(source: Source) -> str | None:
    """Why the recipe's licence counts before what the card or the rows state, in one line."""
    stated = source.license
    return " ".join(stated.because.split()) if isinstance(stated, LicenseOverride) else None


def check_license(document: Document, source: Source, path: Path) -> None:
    """A plain word may not stand against the card's; that needs a reason."""
    at = (*path, "license")
    if source.license is not None and not license_of(source):
        raise document.error(at, "name a licence, or leave the key out")
    if isinstance(source.license, LicenseOverride):
        if not because(source):
            raise document.error((*at, "because"), "say why, in a sentence: the card shows it")
        return
    card = card_name(source)
    if source.license is None or card is None:
        return
    said = source_card(card).license
    if said not in _OPEN and license_id(source.license) != said:
        raise document.error(
            at,
            f"the data card `{card}` says {said}: another licence needs a reason, "
            f'`license: {{id: {source.license}, because: "…"}}`, or another `card`',
        )
