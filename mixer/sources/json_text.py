"""The text of one JSON value → the value, or the reason why there is none.

Read in whole, or not at all: where a key stands twice, reading would lose the first; what UTF-8
cannot hold could not be written again. Integers are read up to 4,300 digits, other numbers as
64-bit floats.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.sources.json_kernel import measured
from mixer.sources.raw_row import MAX_DEPTH

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_decode = msgspec.json.Decoder().decode
_CONSTANT = re.compile(rb"NaN|Infinity")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def decoded(text: bytes, keys: int, depth: int) -> Any:
    """`keys`, `depth`: of the span that the text was found in. BadRow with the reason."""
    if depth > MAX_DEPTH:
        raise BadRow(f"nested more than {MAX_DEPTH} levels deep")
    try:
        value = _decode(text)
    except ValueError as error:
        if text.startswith(BYTE_ORDER_MARK):
            return decoded(text[len(BYTE_ORDER_MARK) :], keys, depth)
        value = _read_slowly(text, error)
    if not (type(value) is dict and keys == len(value)) and keys != _keys(value):
        raise BadRow(f"a key stands twice: {_repeated(text)}")
    return value


def decoded_alone(text: bytes) -> Any:
    """The same for a text that no scan has looked at."""
    return decoded(text, *measured(text))


def _read_slowly(text: bytes, error: ValueError) -> Any:
    """JSON with what Python's own writer adds to it: NaN and infinities are read as null.

    Super-NaturalInstructions' task603 has `"URL": [NaN]`; the standard library reads it at a
    quarter of the speed, so it is asked only where msgspec refuses.
    """
    if isinstance(error, UnicodeDecodeError):
        raise BadRow(f"not UTF-8: {error}") from error
    if not _CONSTANT.search(text) and not _SURROGATE.search(text):
        raise BadRow(f"not JSON: {error}") from error
    try:
        value = json.loads(text, parse_float=_number, parse_constant=lambda name: None)
        msgspec.json.encode(value)
    except UnicodeEncodeError as found:
        raise BadRow("a lone surrogate (\\ud800 to \\udfff), half a character") from found
    except ValueError as found:
        raise BadRow(f"not JSON: {found}") from found
    return value


def _number(text: str) -> float:
    """ValueError where it would become infinite, and null when it is written."""
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"a number out of range: {text[:40]}")
    return value


def _keys(value: Any) -> int:
    """How many keys a value has, those of all objects in it."""
    if isinstance(value, dict):
        return len(value) + sum(_keys(item) for item in value.values())
    return sum(map(_keys, value)) if isinstance(value, list) else 0


def _repeated(text: bytes) -> str:
    """The first key that an object has twice."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                found.append(name)
            seen.add(name)

    json.loads(text, object_pairs_hook=look, parse_constant=lambda name: None)
    return f"`{found[0][:100]}`"
