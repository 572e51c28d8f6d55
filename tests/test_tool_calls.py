"""A call keeps what upstream wrote, and whatever stands in it, its message is JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.tool_calls import calls_of, parsed_call, tool_call


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ({"at": "Aber"}, '{"at": "Aber"}'),
        # Numbers and spaces as upstream wrote them, a key that comes twice too.
        (' {"a":1.50,  "a":12345678901234567890123} ', '{"a":1.50,  "a":12345678901234567890123}'),
        ("", '""'),
        ("[1]", '"[1]"'),
        ('{"a": 1e999}', '"{\\"a\\": 1e999}"'),
        ('{"a": "\\ud800"}', '"{\\"a\\": \\"\\\\ud800\\"}"'),
        ("[" * 100_000, json.dumps("[" * 100_000)),
        (None, "null"),
    ],
)
def test_arguments_are_an_object_or_what_they_were(arguments: Any, written: str) -> None:
    message = tool_call("f", arguments, "c1")
    assert message.content == f'{{"name": "f", "arguments": {written}, "id": "c1"}}'
    assert bytes(parsed_call(message.content).arguments).decode() == written


@pytest.mark.parametrize("arguments", [{"a": float("nan")}, {"a": date(2024, 1, 1)}, {"a": b"b"}])
def test_what_json_cannot_say_is_a_bad_row(arguments: Any) -> None:
    with pytest.raises(BadRow, match="cannot be written as JSON"):
        tool_call("f", arguments)


def test_calls_are_read_flat_or_as_openai_has_them() -> None:
    flat = '{"name": "f", "arguments": "{\\"a\\": 1}", "id": "c1"}'
    nested = '{"type": "function", "id": "c1", "function": {"name": "f", "arguments": {"a": 1}}}'
    expected = tool_call("f", {"a": 1}, "c1")
    assert calls_of(flat) == calls_of(nested) == [expected]
    assert calls_of(f"[{flat}, {nested}]") == [expected, expected]
    deep = '{"name": "f", "arguments": ' + "[" * 100_000 + "}"
    for text in ("", "f()", "[]", "7", "{}", '{"name": "f", "thought": ""}', deep):
        with pytest.raises(BadRow, match="a call of a tool is"):
            calls_of(text)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT.filter(bool), TEXT | st.dictionaries(TEXT, TEXT), st.none() | TEXT)
def test_a_call_reads_back_as_itself(name: str, arguments: Any, identity: str | None) -> None:
    message = tool_call(name, arguments, identity)
    call = parsed_call(message.content)
    assert (call.name, call.id) == (name, identity)
    assert calls_of(message.content) == [message]
