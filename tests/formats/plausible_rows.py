"""Rows as a format expects them: those of its docstring, and others made from its `Row`.

Nothing here knows a format: what it reads, its docstring, its types and its options say.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
from documented_rows import documented_rows
from hypothesis import strategies as st
from msgspec import inspect

from mixer import formats


class Upstream(NamedTuple):
    """A row, what its file says once for all of its rows, and the options of its source."""

    row: Any
    header: Any
    options: Any


@cache
def upstream_rows(name: str) -> st.SearchStrategy[Upstream]:
    shown = [(each.row, each.header) for each in documented_rows(name)]
    documented = st.sampled_from(shown).map(copy.deepcopy) if shown else st.nothing()

    @st.composite
    def upstream(draw: st.DrawFn) -> Upstream:
        options = draw(_options(name))
        made = st.tuples(_row(name, options), _header(name))
        return Upstream(*draw(documented | documented | made), options)

    return upstream()


def parts(value: Any) -> Iterator[Any]:
    """The value, and all values in it."""
    yield value
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in held:
        yield from parts(each)


def keys(name: str) -> list[str]:
    """All keys of the documented rows, whatever stands under them."""
    objects = [part for part in _documented_parts(name) if isinstance(part, dict)]
    return sorted({key for each in objects for key in each})


def _documented_parts(name: str) -> list[Any]:
    return [part for each in documented_rows(name) for part in parts(each.row)]


def _header(name: str) -> st.SearchStrategy[Any]:
    kind = getattr(formats.load(name), "Header", None)
    return st.none() if kind is None else _Values(name, _words(name)).of(kind)


def _row(name: str, options: Any) -> st.SearchStrategy[Any]:
    module: Any = formats.load(name)
    values = _Values(name, _words(name))
    if hasattr(module.Row, "__struct_fields__"):
        return values.of(module.Row)
    columns = dict.fromkeys(module.read_columns(options), values.anything)
    return st.fixed_dictionaries({}, optional=columns)


@cache
def _options(name: str) -> st.SearchStrategy[Any]:
    """Those that are valid; often the defaults."""
    kind = formats.options_type(name)

    def settled(told: Any) -> Any:
        try:
            return msgspec.convert(told, kind)
        except msgspec.ValidationError:
            return kind()

    columns = st.sampled_from(keys(name) or ["text"])
    return st.just(kind()) | _Values(name, columns).of(kind).map(settled)


def _words(name: str) -> st.SearchStrategy[str]:
    """Texts that the docstring shows, among them names of roles and categories; and any other."""
    shown = sorted({part for part in _documented_parts(name) if isinstance(part, str)})
    anything = st.text(max_size=6)
    return st.sampled_from(shown) | anything if shown else anything


class _Values:
    """Plain values, as JSON has them, that convert to a type."""

    def __init__(self, name: str, words: st.SearchStrategy[str]) -> None:
        self.words = words
        self.keys = st.sampled_from(keys(name) or ["text"])
        self.shown = _documented_parts(name)
        self.anything = st.deferred(lambda: self._anything(_structs(name)))

    def of(self, kind: Any) -> st.SearchStrategy[Any]:
        return self._made(inspect.type_info(kind))

    def _anything(self, structs: list[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(
            self._copied(object), *map(self.of, structs), self.words, st.integers(0, 9)
        )

    def _copied(self, kind: type) -> st.SearchStrategy[Any]:
        """A part of a documented row."""
        found = [part for part in self.shown if isinstance(part, kind)]
        return st.sampled_from(found).map(copy.deepcopy) if found else st.nothing()

    def _made(self, kind: inspect.Type) -> st.SearchStrategy[Any]:  # noqa: C901 - a line a type
        match kind:
            case inspect.StructType(fields=fields):
                made = {each.encode_name: self._made(each.type) for each in fields}
                needed = {each.encode_name for each in fields if each.required}
                return st.fixed_dictionaries(
                    {key: value for key, value in made.items() if key in needed},
                    optional={key: value for key, value in made.items() if key not in needed},
                )
            case inspect.UnionType(types=types):
                return st.one_of([self._made(each) for each in types])
            case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
                return st.lists(self._made(item), max_size=3)
            case inspect.TupleType(item_types=items):
                return st.tuples(*(self._made(each) for each in items)).map(list)
            case inspect.DictType(value_type=item):
                made = st.dictionaries(self.keys, self._made(item), max_size=4)
                return self._copied(dict) | made
            case inspect.LiteralType(values=values):
                return st.sampled_from(values)
            case inspect.StrType():
                return self.words
            case inspect.BoolType():
                return st.booleans()
            case inspect.IntType():
                return st.integers(0, 9)
            case inspect.FloatType():
                return st.sampled_from([0.0, 0.5, 1.0, 3.5, 10.0])
            case inspect.NoneType():
                return st.none()
            case inspect.AnyType():
                return self.anything
            case inspect.CustomType(cls=msgspec.UnsetType):
                return st.nothing()
        raise AssertionError(f"no values for {kind}")


def _structs(name: str) -> list[Any]:
    """The types of parts of a row that the format declares."""
    module = formats.load(name)
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__module__ == f"{formats.__name__}.{name}"
        and kind.__name__ not in ("Row", "Options")
    ]
