r"""What a recipe says of a column: its name, a path into it, or a text with fields in braces.

    question              the column
    info.post, turns.0    a field of an object, an item of a list (from 0; -1 is the last)
    Q: {question}\n{info.post}

In a text `{name}` stands for a column or path and `{{`, `}}` for braces; there is nothing else in
it: no formats, no attributes, no code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from mixer.errors import BadRow
from mixer.nearest import did_you_mean

MISSING = object()

_PIECE = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|[{}])")
_INDEX = re.compile(r"-?\d{1,6}")
_LABELS = {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}
# A row of someone else's may have any number of columns; the sentence stays one.
_SHOWN = 30


class Template(NamedTuple):
    """`texts` stand before, between and after `fields`."""

    texts: tuple[str, ...]
    fields: tuple[str, ...]


@lru_cache(maxsize=256)
def template_of(column: str) -> Template | None:
    """None where it is a name or path; ValueError where braces do not make fields."""
    if "{" not in column and "}" not in column:
        return None
    texts, fields = [""], []
    for piece in _PIECE.split(column):
        if piece in ("{", "}"):
            raise ValueError(f"a brace without its partner in {column!r}: write {{{{ or }}}}")
        if piece in ("{{", "}}") or not piece.startswith("{"):
            texts[-1] += piece[:1] if piece in ("{{", "}}") else piece
            continue
        name = piece[1:-1].strip()
        if not name or re.search(r"[!:\[\]()]", name):
            raise ValueError(f"{piece} in {column!r}: only the name of a column stands in braces")
        fields.append(name)
        texts.append("")
    if not fields:
        raise ValueError(f"{column!r} names no column: write one as {{name}}")
    return Template(tuple(texts), tuple(fields))


def columns_of(column: str) -> tuple[str, ...]:
    """The names and paths that it reads."""
    template = template_of(column)
    return (column,) if template is None else template.fields


def value_at(row: dict[str, Any], path: str) -> Any:
    """The value of a column or at the end of a path; MISSING where it is not there; None below a
    null."""
    if path in row:
        return row[path]
    value: Any = row
    for name in path.split("."):
        if value is None:
            return None
        value = _step(value, name)
        if value is MISSING:
            return MISSING
    return value


def _step(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name, MISSING)
    if isinstance(value, list) and _INDEX.fullmatch(name):
        place = int(name)
        return value[place] if -len(value) <= place < len(value) else MISSING
    return MISSING


def needed(row: dict[str, Any], path: str) -> Any:
    """The value at a path; BadRow says what is there instead."""
    value = value_at(row, path)
    if value is MISSING:
        raise BadRow(_not_there(row, path))
    return value


def _not_there(row: dict[str, Any], path: str) -> str:
    value: Any = row
    for name in path.split("."):
        below = _step(value, name)
        if below is MISSING:
            break
        value = below
    if value is row:
        hint = "rows may leave out what `optional` names"
        return f"no column {path!r}: {_known(path, row)}; {hint}"
    if isinstance(value, dict):
        return f"no column {path!r}, no {name!r} in it: {_known(name, value)}"
    if isinstance(value, list):
        return f"no column {path!r}: the list has no item {name!r}"
    return f"no column {path!r}: what should hold {name!r} is neither an object nor a list"


def _known(name: str, names: Iterable[str]) -> str:
    return did_you_mean(name, sorted(names)[:_SHOWN])


def text_at(row: dict[str, Any], column: str) -> str:
    """The text of a column, path or template; empty where it is null, or all fields are."""
    template = template_of(column)
    if template is None:
        return as_text(needed(row, column), column)
    said = [as_text(needed(row, path), path) for path in template.fields]
    if not any(said):
        return ""
    between = zip(said, template.texts[1:], strict=True)
    return template.texts[0] + "".join(text + after for text, after in between)


def as_text(value: Any, column: str) -> str:
    """A text, a number, or a list of them, a line an item."""
    if value is None:
        return ""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, dict | list) for item in items):
        raise BadRow(f"{column!r} is no text: name a field inside it, such as `{column}.text`")
    return "\n".join(str(item) for item in items if item is not None)


def number_of(value: Any, column: str) -> float | None:
    """A finite number, or what reads as one; None where nothing is said."""
    if value in (None, ""):
        return None
    try:
        number = float(value if isinstance(value, str | int | float) else "")
    except (ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise BadRow(f"{column!r} is no number: {str(value)[:40]!r}")
    return number


def label_of(value: Any, column: str) -> float | None:
    """1 for true, 0 for false; None where nothing is said."""
    if value in (None, ""):
        return None
    score = _LABELS.get(str(value).strip().lower())
    if score is None:
        raise BadRow(f"{column!r} is neither true nor false: {str(value)[:40]!r}")
    return score
