"""Plain values of a recipe → typed ones; what does not fit is an error with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import msgspec

from mixer.nearest import did_you_mean
from mixer.recipe.yaml_text import Document, Path

_NO_SUCH_FIELD = re.compile(r"Object contains unknown field `(.*)`")
_NO_SUCH_VALUE = re.compile(r"Invalid enum value '(.*)'")


def mapping(document: Document, value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise document.error(path, "must be a mapping (`key: value` lines)")
    return value


def known_keys(
    document: Document, value: dict[str, Any], path: Path, known: Collection[str]
) -> None:
    for key in value:
        if key not in known:
            raise document.error((*path, key), f"unknown key: {did_you_mean(key, known)}")


def value_of(document: Document, value: Any, kind: Any, path: Path) -> Any:
    """Converts to `kind`; the error names the line of the very key that does not fit."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        known_keys(document, value, path, kind.__struct_fields__)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        sentence, _, inner = str(error).partition(" - at `$")
        steps_in = re.findall(r"\.([A-Za-z_]+)|\[(\d+)\]", inner)
        deeper = tuple(name or int(index) for name, index in steps_in)
        found = _types_at(msgspec.inspect.type_info(kind), deeper)
        if wrong := _NO_SUCH_VALUE.match(sentence):
            sentence = f"{sentence}: {did_you_mean(wrong[1], _literals(found))}"
        elif wrong := _NO_SUCH_FIELD.match(sentence):
            deeper = (*deeper, wrong[1])
            sentence = f"unknown key: {did_you_mean(wrong[1], _fields(found))}"
        raise document.error((*path, *deeper), sentence) from error


def _types_at(kind: msgspec.inspect.Type, steps: Path) -> list[msgspec.inspect.Type]:
    """The types that may stand at this place of a type."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return [found for each in kind.types for found in _types_at(each, steps)]
    if not steps:
        return [kind]
    if isinstance(kind, msgspec.inspect.StructType):
        inner = [field.type for field in kind.fields if field.encode_name == steps[0]]
    elif isinstance(kind, msgspec.inspect.DictType):
        inner = [kind.value_type]
    elif isinstance(kind, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
        inner = [kind.item_type]
    else:
        inner = []
    return [found for each in inner for found in _types_at(each, steps[1:])]


def _literals(kinds: list[msgspec.inspect.Type]) -> list[str]:
    return [
        str(value)
        for kind in kinds
        if isinstance(kind, msgspec.inspect.LiteralType)
        for value in kind.values
    ]


def _fields(kinds: list[msgspec.inspect.Type]) -> list[str]:
    return [
        field.encode_name
        for kind in kinds
        if isinstance(kind, msgspec.inspect.StructType)
        for field in kind.fields
    ]
