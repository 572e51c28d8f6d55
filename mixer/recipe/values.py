"""Plain values of a recipe → typed ones; what does not fit is an error with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import msgspec

from mixer.nearest import did_you_mean
from mixer.recipe.yaml_text import Document, Path

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
        if wrong := _NO_SUCH_VALUE.match(sentence):
            allowed = _literals(msgspec.inspect.type_info(kind), deeper)
            sentence = f"{sentence}: {did_you_mean(wrong[1], allowed)}"
        raise document.error((*path, *deeper), sentence) from error


def _literals(kind: msgspec.inspect.Type, steps: Path) -> list[str]:
    """The words that may stand at this place of a type."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return [word for each in kind.types for word in _literals(each, steps)]
    if isinstance(kind, msgspec.inspect.LiteralType) and not steps:
        return [str(value) for value in kind.values]
    if not steps:
        return []
    if isinstance(kind, msgspec.inspect.StructType):
        inner = [field.type for field in kind.fields if field.encode_name == steps[0]]
    elif isinstance(kind, msgspec.inspect.DictType):
        inner = [kind.value_type]
    elif isinstance(kind, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
        inner = [kind.item_type]
    else:
        inner = []
    return [word for each in inner for word in _literals(each, steps[1:])]
