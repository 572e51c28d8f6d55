"""The raw rows that a format shows in its docstring, as values: what it says that it reads."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, NamedTuple

from mixer import formats

# What stands for more of the same, at the end of a list or object.
_AND_SO_ON = re.compile(r',?\s*(?:"…"|…|\.\.\.)(?=\s*[\]}])')
_SHORTHAND = {"[turns]": "[]", ' "type": "…"}': ' "type": "x"}'}
_decode = json.JSONDecoder(strict=False).raw_decode


class Documented(NamedTuple):
    """A row, and what its file says once for all of its rows."""

    row: dict[str, Any]
    header: dict[str, Any] | None


@cache
def documented_rows(name: str) -> list[Documented]:
    module: Any = formats.load(name)
    objects = [value for value in _objects(module.__doc__) if value]
    at = getattr(module, "ROWS_AT", None)
    if at is None:
        return [Documented(value, None) for value in objects]
    return [
        Documented(row, {key: held for key, held in value.items() if key != at})
        for value in objects
        for row in value.get(at, [])
    ]


def _objects(text: str) -> list[dict[str, Any]]:
    for short, written in _SHORTHAND.items():
        text = text.replace(short, written)
    text = _AND_SO_ON.sub("", text)
    found, start = [], 0
    while (start := text.find("{", start)) >= 0:
        try:
            value, start = _decode(text, start)
        except ValueError:
            start += 1
        else:
            found.append(value)
    return found
