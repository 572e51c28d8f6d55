"""The recipe's `decontaminate`: evaluation sets, which are read as sources are, and rules."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from mixer.decontaminate.rules import Rules
from mixer.errors import RecipeError
from mixer.recipe.model import Decontaminate, Source
from mixer.recipe.sources import read_source
from mixer.recipe.values import known_keys, mapping, value_of
from mixer.recipe.yaml_text import Document

_AT = "decontaminate"
# What a source says of the mixture has no meaning for a set that is no source of it.
SET_KEYS = frozenset(
    {"format", "path", "hub", "revision", "split", "config", "data_dir", "license", "card"}
)


def read_decontaminate(document: Document, value: Any, base: FilePath) -> Decontaminate | None:
    """None where the recipe has no such key."""
    if value is None:
        return None
    stated = mapping(document, value, (_AT,))
    known_keys(document, stated, (_AT,), {"against", *Rules.__struct_fields__})
    settings = {key: item for key, item in stated.items() if key != "against"}
    rules: Rules = value_of(document, settings, Rules, (_AT,))
    try:
        rules.check()
    except RecipeError as error:
        raise document.placed((_AT,), error) from error
    named = mapping(document, stated.get("against"), (_AT, "against"))
    if not named:
        raise document.error((_AT, "against"), "name at least one evaluation set")
    sets = {name: _set(document, name, fields, base) for name, fields in named.items()}
    where = {name: str(document.error((_AT, "against", name), "")) for name in sets}
    return Decontaminate(sets, rules, {name: text.rstrip(": ") for name, text in where.items()})


def _set(document: Document, name: str, fields: Any, base: FilePath) -> Source:
    path = (_AT, "against", name)
    source = read_source(document, path, fields, (base, SET_KEYS))
    if source.hub is not None and "split" not in fields:
        sentence = "needs `split`, such as test: the default, train, is seldom what is evaluated on"
        raise document.error(path, sentence)
    return source
