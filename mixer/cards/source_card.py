"""The cards of known data sets (data_cards/*.md): typed front matter, then prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from mixer.cards.front_matter import split_front_matter
from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.resources import folder

# Who made a text: people for the set, a model, people for another purpose, or several of these.
MadeBy = Literal["human", "model", "mined", "mixed", "unknown"]
_NO_SUCH_FIELD = re.compile(r"Object contains unknown field `(.*)` - at `\$\.(\w+)")


class ModelTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the maker of a model asks of those who use its output: `says` in our words."""

    by: str
    says: str
    stated_at: str


class KnownBad(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What should not be used, and why: a `revision` of the hub, or a `version` in words."""

    why: str
    reference: str
    revision: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        if (self.revision is None) == (self.version is None):
            raise ValueError("needs either `revision` (of the hub) or `version` (in words)")


class SourceCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of a data set; the word `unknown` stands where nothing is known.

    `prompts_made` and `answers_made` are `prompts_by` and `answers_by` in a word. `parents` names
    the cards of sets whose rows or seeds are in it, `other_parents` those without a card. `bibtex`
    holds entries with an empty line between them. `accuracy` is a method's, by column.
    """

    name: str
    title: str
    kind: Literal["data_set", "method"]
    formats: list[str]
    homepage: str
    paper: str
    bibtex: str
    hub: list[str]
    creators: list[str]
    released: str
    license: str
    license_stated_at: str
    size_rows: int | Literal["unknown"]
    languages: list[str]
    prompts_by: str
    prompts_made: MadeBy
    answers_by: str
    answers_made: MadeBy
    parents: list[str]
    other_parents: list[str]
    intended_use: str
    cautions: list[str]
    known_bad: list[KnownBad]
    not_for: list[Literal["sft", "preference", "training"]]
    references: list[str]
    use_cases: dict[str, float] = {}
    accuracy: dict[str, float] = {}
    model_terms: list[ModelTerms] = []

    def __post_init__(self) -> None:
        for link in self._links():
            if not link.startswith("https://"):
                raise ValueError(f"{link!r} is no address that starts with https://")

    @property
    def citations(self) -> list[str]:
        """The entries of `bibtex`."""
        return [] if self.bibtex.strip() == "unknown" else self.bibtex.strip().split("\n\n")

    def _links(self) -> Iterator[str]:
        stated = (self.homepage, self.paper, self.license_stated_at)
        yield from (link for link in stated if link != "unknown")
        yield from self.references
        yield from (terms.stated_at for terms in self.model_terms)
        yield from (bad.reference for bad in self.known_bad)


def card_names() -> list[str]:
    return sorted(path.stem for path in folder("data_cards").glob("*.md"))


@cache
def source_card(name: str) -> SourceCard:
    """The card `name`; MixerError names the nearest one, or what is wrong in it."""
    path = folder("data_cards") / f"{name}.md"
    if not path.is_file():
        raise MixerError(f"no data card {name!r}: {did_you_mean(name, card_names())}")
    return read_card(path)


def read_card(path: Path) -> SourceCard:
    """The card in a file beside those of its parents."""
    try:
        fields, _ = split_front_matter(path.read_text(encoding="utf-8"))
        _known_keys(fields)
        card = msgspec.convert(fields, SourceCard)
    except msgspec.ValidationError as error:
        raise MixerError(f"{path}: {_with_nearest(str(error))}") from error
    except ValueError as error:
        raise MixerError(f"{path}: {error}") from error
    known = [other.stem for other in path.parent.glob("*.md")]
    for parent in card.parents:
        if parent not in known:
            hint = f"{did_you_mean(parent, known)}; what has no card stands in `other_parents`"
            raise MixerError(f"{path}: no card of the parent {parent!r}: {hint}")
    return card


def _known_keys(fields: dict[str, Any]) -> None:
    for key in fields:
        if key not in SourceCard.__struct_fields__:
            hint = did_you_mean(str(key), SourceCard.__struct_fields__)
            raise ValueError(f"unknown key {key!r}: {hint}")


def _with_nearest(sentence: str) -> str:
    """What msgspec says; of an unknown key inside a list, with the nearest name."""
    kinds = {"known_bad": KnownBad, "model_terms": ModelTerms}
    found = _NO_SUCH_FIELD.match(sentence)
    if found is None or found[2] not in kinds:
        return sentence
    names = kinds[found[2]].__struct_fields__
    return f"unknown key {found[1]!r} in `{found[2]}`: {did_you_mean(found[1], names)}"
