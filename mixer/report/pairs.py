"""Pairs of near-duplicates, side by side, with what differs marked."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNITS = re.compile(r"\s+|\w+|[^\w\s]")
# Of a long run that both share, so many characters stay at either end.
_CONTEXT_CHARACTERS = 60
_LONGEST_UNITS = 4000


class Side(NamedTuple):
    """One row of a pair: its file, its number there, and its parts by name."""

    path: str
    row: int
    parts: Sequence[tuple[str, str]]


def side_by_side(one: Side, other: Side, width: int | None = None) -> str:
    """Text in two columns; `[-words-]` are only on the left, `{+words+}` only on the right."""
    width = width or shutil.get_terminal_size((100, 24)).columns
    column = max(20, (width - 3) // 2)
    lines = _columns(
        printable(f"{one.path}:{one.row}"), printable(f"{other.path}:{other.row}"), column
    )
    for (name, left), (_, right) in zip(one.parts, other.parts, strict=False):
        marked = marked_differences(left, right)
        lines += _columns(f"{name}: {marked[0]}", f"{name}: {marked[1]}", column)
    return "\n".join(lines)


def marked_differences(left: str, right: str) -> tuple[str, str]:
    """Both texts with the words that the other lacks marked, and long common runs shortened."""
    a, b = (_UNITS.findall(printable(text))[:_LONGEST_UNITS] for text in (left, right))
    one: list[str] = []
    other: list[str] = []
    for operation in Indel.opcodes(a, b):
        here = "".join(a[operation.src_start : operation.src_end])
        there = "".join(b[operation.dest_start : operation.dest_end])
        if operation.tag == "equal":
            one.append(shortened(here))
            other.append(shortened(there))
        else:
            one.append(f"[-{here}-]" if here else "")
            other.append(f"{{+{there}+}}" if there else "")
    return "".join(one), "".join(other)


def printable(text: str) -> str:
    """Text as a terminal may show it: what would move its cursor, colour it or turn its lines
    around is spelt out."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def in_one_line(text: str) -> str:
    """The same without breaks of lines."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def shortened(text: str) -> str:
    """The beginning and the end of a text that is long."""
    if len(text) <= 2 * _CONTEXT_CHARACTERS + 5:
        return text
    return f"{text[:_CONTEXT_CHARACTERS]} … {text[-_CONTEXT_CHARACTERS:]}"


def _columns(left: str, right: str, width: int) -> list[str]:
    one, other = list(_wrapped(left, width)), list(_wrapped(right, width))
    height = max(len(one), len(other))
    one += [""] * (height - len(one))
    other += [""] * (height - len(other))
    return [f"{a.ljust(width)} | {b}".rstrip() for a, b in zip(one, other, strict=True)]


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        yield from textwrap.wrap(line, width, replace_whitespace=False) or [""]
