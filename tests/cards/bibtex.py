"""Reads BibTeX in the one style of our data cards, and says what is wrong in any other."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEAD = re.compile(r"@(article|inproceedings|misc)\{([a-z]+\d{4}[a-z0-9]+),")
_FIELD = re.compile(r"  (\w+) = \{(.+)\}(,?)")
REQUIRED = ("author", "title", "year", "url")


class Entry(NamedTuple):
    key: str
    fields: dict[str, str]


def read_entry(text: str) -> Entry:
    """One entry, a field a line; ValueError says what is wrong."""
    head, *lines, end = text.split("\n")
    found = _HEAD.fullmatch(head)
    if found is None or end != "}":
        raise ValueError(f"no entry: {head!r} … {end!r}")
    key, fields = found[2], {}
    for number, line in enumerate(lines, 1):
        field = _FIELD.fullmatch(line)
        if field is None or bool(field[3]) != (number < len(lines)):
            raise ValueError(f"{key}: no field: {line!r}")
        if not _is_balanced(field[2]) or field[1] in fields:
            raise ValueError(f"{key}: braces do not match, or a field twice: {line!r}")
        fields[field[1]] = field[2]
    for name in REQUIRED:
        if not fields.get(name):
            raise ValueError(f"{key}: no {name}")
    if not re.fullmatch(r"\d{4}", fields["year"]):
        raise ValueError(f"{key}: the year is {fields['year']!r}")
    return Entry(key, fields)


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0
