"""The cards of known data sets (data_cards/*.md): typed front matter, then prose."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import msgspec

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.resources import folder


class ModelTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the maker of a model asks of those who use its output: `says` in our words."""

    by: str
    says: str
    stated_at: str


class SourceCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of a data set; the word `unknown` stands where nothing is known."""

    name: str
    title: str
    kind: Literal["data_set", "method"]
    formats: list[str]
    homepage: str
    paper: str
    hub: list[str]
    creators: list[str]
    released: str
    license: str
    license_stated_at: str
    size_rows: int | Literal["unknown"]
    languages: list[str]
    prompts_by: str
    answers_by: str
    parents: list[str]
    intended_use: str
    cautions: list[str]
    not_for: list[Literal["sft", "preference", "training"]]
    references: list[str]
    use_cases: dict[str, float] = {}
    model_terms: list[ModelTerms] = []


def card_names() -> list[str]:
    return sorted(path.stem for path in folder("data_cards").glob("*.md"))


@cache
def source_card(name: str) -> SourceCard:
    """The card `name`; MixerError names the nearest one, or what is wrong in it."""
    path = folder("data_cards") / f"{name}.md"
    if not path.is_file():
        raise MixerError(f"no data card {name!r}: {did_you_mean(name, card_names())}")
    try:
        return msgspec.convert(front_matter(path.read_text(encoding="utf-8")), SourceCard)
    except msgspec.ValidationError as error:
        raise MixerError(f"{path}: {error}") from error


def front_matter(text: str) -> Any:
    """The YAML between the first two `---` lines."""
    from ruamel.yaml import YAML

    _, yaml_text, _ = text.split("---\n", 2)
    return YAML(typ="safe", pure=True).load(yaml_text)
