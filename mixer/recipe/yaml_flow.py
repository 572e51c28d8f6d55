"""Values as YAML on one line, for recipes that mixer writes."""

from __future__ import annotations

import json
import re
from typing import Any

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# Words that YAML reads as something else than a text, in the one version or the other.
_WORDS = frozenset({"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"})


def flow(value: Any) -> str:
    """Texts in quotes where they are more than a word."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str) and _WORD.fullmatch(value) and value not in _WORDS:
        return value
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """YAML takes no control characters inside quotes, and no pairs of \\u for one character."""
    return '"' + "".join(map(_written, text)) + '"'


def _written(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
