"""Rows of YAML files: the items of a list, or documents, one after the other.

    - instruction: Name a tea.
      response: >-
        Assam,
        from India.
    - instruction: ...

An item of a list begins with `- `, as far from the margin as the first one; what belongs to it
stands further in. So a file is cut into rows by its lines, and a bad row harms no other.
YAML 1.2: `no` is a word. Only plain YAML is read: no tags of Python; a row that unfolds (through
aliases, which must not lead out of it) to more than MAX_VALUES is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.sources.json_text import BYTE_ORDER_MARK
from mixer.sources.plain_value import plain_value
from mixer.sources.raw_row import MAX_DEPTH, RawRow
from mixer.sources.stream import Readable
from mixer.sources.window import Window, lines, newline_of

MAX_YAML_BYTES = 4 << 20
MAX_VALUES = 100_000

_ITEM = re.compile(rb" *-(?: |$)")
_NOTHING = re.compile(rb"\s*(?:#.*)?$|%")
_BETWEEN = re.compile(rb"(?:---|\.\.\.)(?:\s|$)")


def yaml_rows(stream: Readable, head: bytes) -> Iterator[RawRow]:
    number = 0
    head = head.removeprefix(BYTE_ORDER_MARK)
    for text, is_item in _pieces(stream, head):
        try:
            values = _loaded(text)
        except BadRow as error:
            number += 1
            yield RawRow(number, text, reason=str(error), member_row=number)
            continue
        # A document written as one line of JSON may be a list, too.
        several = isinstance(values, list)
        for value in values if several else [values]:
            number += 1
            raw = text if is_item or not several else None
            yield RawRow(number, raw, value, member_row=number)


def _pieces(stream: Readable, head: bytes) -> Iterator[tuple[bytes, bool]]:
    """The text of each item of a list, and of each document that is none."""
    held: list[bytes] = []
    held_bytes = 0
    indent: bytes | None = None
    found = lines(Window(stream, head), MAX_YAML_BYTES, newline_of(head))
    for line, _, _ in found:
        ends = _BETWEEN.match(line) is not None
        if ends or (indent is not None and line.startswith(indent) and _ITEM.match(line)):
            if held:
                yield b"\n".join(held), indent is not None
            held, held_bytes = [], 0
            indent = None if ends else indent
        if ends and not _NOTHING.match(line, 3):
            # `--- {a: 1}`: the document begins beside the mark.
            held, held_bytes = [line], len(line) + 1
        if ends or (not held and _NOTHING.match(line)):
            continue
        if not held and indent is None and _ITEM.match(line):
            indent = line[: len(line) - len(line.lstrip(b" "))] + b"-"
        # Of a row that is too long only so much is kept that it is known to be.
        if held_bytes <= MAX_YAML_BYTES:
            held.append(line)
        held_bytes += len(line) + 1
    if held:
        yield b"\n".join(held), indent is not None


def _loaded(text: bytes) -> Any:
    if len(text) > MAX_YAML_BYTES:
        raise BadRow(f"the row is longer than {MAX_YAML_BYTES >> 20} MiB: write it as JSON lines")
    try:
        value = _parsed(text.decode() + "\n")
        _check_size(value)
        plain = plain_value(value)
        return _encodable(plain)
    except UnicodeDecodeError as error:
        raise BadRow(f"not UTF-8: {error}") from error
    except (ValueError, RecursionError) as error:
        raise BadRow(f"not YAML: {str(error).splitlines()[0]}") from error


def _encodable(value: Any) -> Any:
    """Two escapes that are halves of one character (\\ud83d\\ude00) are joined, as in JSON."""
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        try:
            return _joined(value)
        except UnicodeDecodeError as error:
            raise BadRow("a lone surrogate (\\ud800 to \\udfff), half a character") from error
    return value


def _joined(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    if isinstance(value, dict):
        return {_joined(key): _joined(item) for key, item in value.items()}
    return [_joined(item) for item in value] if isinstance(value, list) else value


def _parsed(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        raise BadRow(f"not YAML: {error.problem or error.context}") from error
    # Odd text makes the parser raise whatever its code meets: TypeError for a mapping as a key.
    except Exception as error:
        said = str(error) or type(error).__name__
        raise BadRow(f"not YAML: {said.splitlines()[0]}") from error


def _check_size(value: Any) -> None:
    """Aliases let a short text unfold without an end."""
    left, characters = MAX_VALUES, MAX_YAML_BYTES
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        left -= 1
        if isinstance(item, dict):
            todo.extend((each, depth + 1) for each in (*item.keys(), *item.values()))
        elif isinstance(item, list | tuple | set):
            todo.extend((each, depth + 1) for each in item)
        elif isinstance(item, str | bytes):
            characters -= len(item)
        if left < 0 or characters < 0:
            raise BadRow(f"it unfolds to more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise BadRow(f"nested more than {MAX_DEPTH} levels deep")
