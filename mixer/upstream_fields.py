"""What an upstream row holds that its format does not read: kept in `meta`, so that it is not lost.

A row may have the fields of two shapes of its format, of which one is read (`beside`), and its
objects may have keys that the format's types do not name (`nested_fields`). Keys of the row itself
stand in `meta` under their own names; what cannot, in `further_fields`:

    {"page": 3, "further_fields": {"instances[0].note": "seen", "treatments": "by hand"}}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

# Names that mixer has in `meta` itself.
_TAKEN = frozenset({"further_fields", "stated_task", "treatments", "turn_fields"})
# Collects the fields of a value at a path that its type does not name.
_Walk = Callable[[Any, str, dict[str, Any]], None]


def beside(row: msgspec.Struct, *read: str) -> dict[str, Any]:
    """The fields of a row other than those `read`, by upstream's names; nulls say nothing."""
    fields = zip(row.__struct_fields__, row.__struct_encode_fields__, strict=True)
    stated = {name: getattr(row, field) for field, name in fields if field not in read}
    return {
        name: msgspec.to_builtins(value)
        for name, value in stated.items()
        if value is not None and value is not msgspec.UNSET
    }


def joined(meta: dict[str, Any], row: dict[str, Any], nested: dict[str, Any]) -> dict[str, Any]:
    """`meta` with the fields of a row that its format does not name, and of the objects in it."""
    if not row and not nested:
        return meta
    taken = {name for name in row if name in meta or name in _TAKEN}
    own = {name: value for name, value in sorted(row.items()) if name not in taken}
    further = nested | {name: row[name] for name in sorted(taken)}
    return {**own, **meta, **({"further_fields": further} if further else {})}


def nested_fields(kind: Any) -> Callable[[Any], dict[str, Any]] | None:
    """Finds what stands in the objects inside a row and is not named by their types, by path
    (`{"instances[0].note": …}`); None where the types of a row leave no room for it."""
    walk = _walk_of(inspect.type_info(kind), is_row=True)
    if walk is None:
        return None

    def find(row: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        walk(row, "", found)
        return found

    return find


def _walk_of(kind: inspect.Type, is_row: bool = False) -> _Walk | None:
    """None where such a value can hold nothing that is not named."""
    match kind:
        case inspect.StructType():
            return _walk_object(kind, is_row)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return _walk_list(item)
        case inspect.UnionType(types=types):
            return _walk_either([walk for each in types if (walk := _walk_of(each))])
    return None


def _walk_object(kind: inspect.StructType, is_row: bool) -> _Walk | None:
    names = frozenset(each.encode_name for each in kind.fields)
    below = {each.encode_name: inner for each in kind.fields if (inner := _walk_of(each.type))}
    all_named = is_row or kind.forbid_unknown_fields
    if all_named and not below:
        return None

    def walk(value: Any, path: str, found: dict[str, Any]) -> None:
        if not isinstance(value, dict):
            return
        if not all_named:
            found.update((f"{path}{key}", value[key]) for key in sorted(value.keys() - names))
        for key, inner in below.items():
            if key in value:
                inner(value[key], f"{path}{key}.", found)

    return walk


def _walk_list(item: inspect.Type) -> _Walk | None:
    inner = _walk_of(item)
    if inner is None:
        return None

    def walk(value: Any, path: str, found: dict[str, Any]) -> None:
        if isinstance(value, list | tuple):
            for number, each in enumerate(value):
                inner(each, f"{path.removesuffix('.')}[{number}].", found)

    return walk


def _walk_either(walks: list[_Walk]) -> _Walk | None:
    if not walks:
        return None

    def walk(value: Any, path: str, found: dict[str, Any]) -> None:
        for each in walks:
            each(value, path, found)

    return walk
