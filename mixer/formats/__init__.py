"""The known formats: one file each, named after the upstream format. The files are the catalogue.

A format module holds
    Row       a msgspec.Struct with the upstream fields; a field that is not there goes to `meta`;
              or a dict, where the recipe names the columns (`read_columns(options)` says which)
    parse     (row, place, options) → one Record or a list of them; raises BadRow with a reason
and in its docstring raw rows as JSON, of which tests make others that are wrong in all ways; and
where it needs them
    Options   a frozen msgspec.Struct: keys the recipe may set on a source of this format
    CARD      the data card of the data set that the format is named after
    ROWS_AT   the key of a one-object JSON file under which its rows stand (the rest is `Header`)
    COLUMNS   the column names of a file without a header line (tab- or comma-separated)
    is_typical  (row) → whether a row looks like those of the data set that the format is named
              after, where others use the same field names: `mixer guess` asks it
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, Protocol, cast

import msgspec

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.schema import Place, Record


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a format that has none."""


class Format(Protocol):
    """A format module, seen from outside."""

    __doc__: str
    Row: Any

    def parse(self, row: Any, place: Place, options: Any) -> Record | list[Record]: ...


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Format:
    """The format called `name`; MixerError names the nearest one if there is none."""
    if name not in names():
        raise MixerError(f"unknown format {name!r}: {did_you_mean(name, names())}")
    return cast(Format, import_module(f"{__name__}.{name}"))


def options_type(name: str) -> type[msgspec.Struct]:
    return cast("type[msgspec.Struct]", getattr(load(name), "Options", NoOptions))


def fields(name: str, options: object = None) -> tuple[str, ...]:
    """The upstream fields that a format reads; without `options`, of one that the recipe tells
    them, none."""
    module: Any = load(name)
    if hasattr(module.Row, "__struct_encode_fields__"):
        return tuple(module.Row.__struct_encode_fields__)
    return () if options is None else tuple(module.read_columns(options))


def default_card(name: str) -> str | None:
    """The card of the data set that the format is named after; None for general formats."""
    return getattr(load(name), "CARD", None)
