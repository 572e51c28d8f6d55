"""Which rows hold text that a pattern (RE2, linear in the text) matches.

Every text of a row is looked at: contents of messages, calls of tools, definitions of tools. JSON
is looked at as it stands and without its escapes, so that `José` finds `Jos\\u00e9`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.errors import InputError

# Says who speaks: no text of the row.
_ROLE = "role"
_ESCAPE = re.compile(r'(?:\\u[0-9a-fA-F]{4})+|\\["\\/bfnrt]')
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def check_pattern(pattern: str) -> None:
    """InputError where it is no pattern, or one that would match every row."""
    try:
        everything = pc.match_substring_regex(pa.array([""]), pattern)[0].as_py()
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        reason = str(error).removeprefix("Invalid regular expression: ")
        raise InputError(f"--match {pattern!r} is no regular expression (RE2): {reason}") from error
    if everything:
        raise InputError(f"--match {pattern!r} matches the empty text, so every row: say more")


def matches(array: pa.Array, pattern: str, is_json: bool = False) -> np.ndarray:
    """bool [rows]: whether any text in it, at any depth, matches."""
    if isinstance(array, pa.ExtensionArray):
        return matches(array.storage, pattern, is_json=True)
    if isinstance(array, pa.ListArray):
        offsets = np.asarray(array.offsets).astype(np.int64)
        inner = matches(array.values, pattern, is_json)
        before = np.concatenate([[0], np.cumsum(inner)])[offsets]
        return np.asarray(np.diff(before) > 0)
    if isinstance(array, pa.StructArray):
        found = np.zeros(len(array), bool)
        for field in array.type:
            if field.name != _ROLE:
                found |= matches(array.field(field.name), pattern, is_json)
        return found
    if not pa.types.is_string(array.type):
        return np.zeros(len(array), bool)
    return _texts_match(array, pattern, is_json)


def _texts_match(texts: pa.StringArray, pattern: str, is_json: bool) -> np.ndarray:
    found = _hits(texts, pattern)
    if is_json:
        escaped = np.flatnonzero(_hits(texts, r"\\") & ~found)
        plain = pa.array(list(_unescaped(texts.take(pa.array(escaped)))), pa.string())
        found[escaped] = _hits(plain, pattern)
    return found


def _hits(texts: pa.StringArray, pattern: str) -> np.ndarray:
    hits = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return np.array(hits.to_numpy(zero_copy_only=False), bool)


def _unescaped(texts: pa.StringArray) -> Iterator[str]:
    """Without JSON's escapes; good for what does not parse as JSON, too."""
    for text in texts.to_pylist():
        yield _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[1] != "u":
        return _SHORT.get(escape[1], escape[1])
    units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in escape.split("\\u")[1:])
    return units.decode("utf-16-be", errors="replace")
