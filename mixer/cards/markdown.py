"""Text that others wrote, shown in Markdown as it is: it can neither break a table nor add markup.

Names of columns, values, reasons, licences and addresses come from recipes and data, and both may
be hostile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_CHARACTERS = 500
# An underscore between letters marks nothing up, and names of columns are full of them.
_MARKUP = re.compile(r"[\\`*|\[\]~$]|(?<![^\W_])_|_(?![^\W_])")
# What would start a list, a line or a heading at the start of a line.
_BLOCK = re.compile(r"^(\d*)([-+=.)#])(?=\s|[-+=#]|$)")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Control characters, half a surrogate pair, and those that turn the direction of what follows.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escaped(text: str) -> str:
    """In one line, at most MAX_CHARACTERS of it."""
    marked = _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", plain(text)))
    return "".join(_HTML.get(character, character) for character in marked)


def plain(text: str) -> str:
    """What a reader of `escaped(text)` sees."""
    line = " ".join("".join(map(_seen, text[: 4 * MAX_CHARACTERS])).split())
    return line if len(line) <= MAX_CHARACTERS else f"{line[: MAX_CHARACTERS - 1].rstrip()}…"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what stands in its cells is text, never markup."""
    lines = [
        [escaped(cell) for cell in header],
        ["---"] * len(header),
        *([escaped(cell) for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in _UNSEEN or character in _TURNS
    return "\ufffd" if hidden else character
