"""Why no format fits a file: what its rows have, and what the nearest format would need."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from mixer import formats
from mixer.phases.fit_formats import Fitted, fields_of
from mixer.phases.read import layout_of
from mixer.report.fits import TABLE_FORMAT
from mixer.sources.unreadable import what_it_is

_SHOWN = 20
_KINDS = {str: "texts", list: "lists", int: "numbers", float: "numbers", bool: "true or false"}


class Nearest(NamedTuple):
    """The format that reads most of the fields; `missing` are those it cannot do without."""

    format: str
    read: list[str]
    missing: list[str]
    reason: str | None


def why_none(found: Fitted) -> str:
    """A clause that goes on after the file's name."""
    rows = found.plain.rows
    unread = [row for row in rows if row.reason is not None]
    if len(unread) == len(rows):
        return what_it_is(found.file.path, rows)
    if 2 * len(unread) > len(rows):
        return (
            f"has {len(unread):,} rows that cannot be read of the {len(rows):,} looked at; "
            f"row {unread[0].row}: {unread[0].reason}"
        )
    fields = sorted({name for row in rows for name in fields_of(row)})
    if not fields:
        kinds = sorted({_KINDS.get(type(row.value), "empty") for row in rows if not row.reason})
        return (
            f"holds {' and '.join(kinds)}, no objects with fields: write them as "
            '{"prompt": …} or {"prompt": …, "completion": …}'
        )
    return f"has rows of no known format; {told_nearest(fields, nearest(found, fields))}"


def told_nearest(fields: list[str], near: Nearest | None) -> str:
    """The fields seen, and what the nearest format lacks."""
    more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
    seen = f"their fields are {', '.join(fields[:_SHOWN])}{more}"
    if near is None:
        return f"{seen}, of which no format reads any"
    left = [name for name in fields if name not in near.read]
    if near.missing:
        said = f"needs {', '.join(f'`{name}`' for name in near.missing)}"
    else:
        said = f"says: {near.reason}" if near.reason else f"leaves {', '.join(left)} to `meta`"
    return f"{seen}; the nearest is {near.format}, which reads {', '.join(near.read)} and {said}"


def nearest(found: Fitted, fields: list[str]) -> Nearest | None:
    """None where no format reads any of the fields."""
    candidates = []
    for name in formats.names():
        if name == TABLE_FORMAT:
            continue
        options = formats.options_type(name)()
        read = [field for field in fields if field in formats.fields(name, options)]
        missing = [field for field in _needed(name) if field not in fields]
        fit = found.fits.get(name)
        if read:
            rank = (-(fit.parsed if fit else 0), len(missing) - len(read), name)
            candidates.append((rank, Nearest(name, read, missing, fit.reason if fit else None)))
    return min(candidates, key=lambda each: each[0])[1] if candidates else None


def _needed(name: str) -> list[str]:
    """The fields without which a row is none of the format."""
    row: Any = formats.load(name).Row
    around = layout_of(name).rows_at
    fields = msgspec.structs.fields(row) if hasattr(row, "__struct_fields__") else ()
    own = [field.encode_name for field in fields if field.required]
    return [around, *own] if around else own
