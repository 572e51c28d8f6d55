"""The recipe's JSON Schema, for editors: generated from the same types that check a recipe."""

from __future__ import annotations

from typing import Any

import msgspec

from mixer import formats, steps
from mixer.ablation.design import Ablate
from mixer.decontaminate.rules import Rules
from mixer.mixture.goals import Goals
from mixer.recipe.decontaminate import SET_KEYS
from mixer.recipe.load import EXPORTS, TOP_KEYS
from mixer.recipe.model import OnBadRow, Source
from mixer.recipe.sources import COMMON


def json_schema() -> dict[str, Any]:
    """A draft 2020-12 schema; `mixer schema` prints it."""
    properties: dict[str, Any] = {
        "name": {"type": "string"},
        "seed": {"type": "integer", "default": 0},
        "on_bad_row": _schema_of(OnBadRow),
        "sources": _sources(COMMON),
        **{kind: _step_list(kind) for kind in ("annotate", "screen", "dedup")},
        "decontaminate": _decontaminate(),
        "mix": _schema_of(Goals),
        "ablate": _schema_of(Ablate),
        "export": {"type": "array", "items": {"enum": list(EXPORTS)}},
    }
    assert tuple(properties) == TOP_KEYS
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mixer recipe",
        "type": "object",
        "properties": properties,
        "required": ["name", "sources"],
        "additionalProperties": False,
    }


def _decontaminate() -> dict[str, Any]:
    schema = _schema_of(Rules)
    schema["properties"] = {"against": _sources(SET_KEYS), **schema["properties"]}
    schema["required"] = ["against"]
    return schema


def _sources(common: frozenset[str]) -> dict[str, Any]:
    one_of = [_source(name, common) for name in formats.names()]
    return {"type": "object", "minProperties": 1, "additionalProperties": {"oneOf": one_of}}


def _source(name: str, common: frozenset[str]) -> dict[str, Any]:
    """`common`: the keys that a source of any format has."""
    every = _schema_of(Source)["properties"]
    options = _schema_of(formats.options_type(name))
    own = options.get("properties", {})
    fields = {key: value for key, value in every.items() if key in common} | own
    return {
        "title": f"source of format {name}",
        "type": "object",
        "properties": {**fields, "options": options, "format": {"const": name}},
        "required": ["format"],
        "additionalProperties": False,
    }


def _step_list(kind: str) -> dict[str, Any]:
    names = steps.names(kind)
    settings = {name: _schema_of(steps.step_type(kind, name)) for name in names}
    one_step = {
        "type": "object",
        "properties": settings,
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    return {"type": "array", "items": {"anyOf": [{"enum": names}, one_step]}}


def _schema_of(kind: Any) -> dict[str, Any]:
    """A schema without references, so that it can stand anywhere in the recipe's."""
    schema = msgspec.json.schema(kind)
    inlined: dict[str, Any] = _inlined(schema, schema.pop("$defs", {}))
    return inlined


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}
