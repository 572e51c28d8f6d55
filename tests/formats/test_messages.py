"""What follows the last turn of the user is the answer; calls are messages; no text is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import messages
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]

CALL = {"id": "c1", "type": "function", "function": {"name": "tide", "arguments": '{"at": "Aber"}'}}
TIDE = Message("tool_call", '{"name": "tide", "arguments": {"at": "Aber"}, "id": "c1"}')


def _row(*turns: tuple[str, str]) -> dict[str, object]:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def test_what_follows_the_last_turn_of_the_user_is_the_answer(parse: Parse) -> None:
    turns = (("system", "Short."), ("user", "a"), ("assistant", "b"), ("user", "c"))
    (record,) = parse("messages", _row(*turns, ("assistant", "d")))
    assert [turn.role for turn in record.prompt] == ["system", "user", "assistant", "user"]
    assert [message.content for message in record.answers[0].messages] == ["d"]


@pytest.mark.parametrize("last", ["user", "tool", "system"])
def test_a_conversation_without_a_last_word_of_the_assistant_is_a_prompt(
    last: str, parse: Parse
) -> None:
    (record,) = parse("messages", _row(("user", "a"), ("assistant", "b"), (last, "c")))
    assert len(record.prompt) == 3
    assert record.answers == []


def test_unknown_roles_name_the_nearest(parse: Parse) -> None:
    with pytest.raises(BadRow, match=r"did you mean 'assistant'.* - at `\$\.messages\[0\]`"):
        parse("messages", _row(("asistant", "a")))
    with pytest.raises(BadRow, match="empty list"):
        parse("messages", _row())


def test_a_turn_with_fields_that_would_be_lost_is_refused(parse: Parse) -> None:
    turn = {"role": "user", "content": "a", "citations": [1]}
    with pytest.raises(msgspec.ValidationError, match="citations"):
        parse("messages", {"messages": [turn]})


def test_calls_are_messages_after_the_text_of_their_turn(parse: Parse) -> None:
    turns = [
        {"role": "user", "content": "Tide?"},
        {"role": "assistant", "content": "I look.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "name": "tide", "content": "14:20"},
        {"role": "assistant", "content": "At 14:20."},
    ]
    (record,) = parse("messages", {"messages": turns, "tools": [{"name": "tide"}]})
    said = record.answers[0].messages
    assert said[:2] == (Message("assistant", "I look."), TIDE)
    assert said[2:] == (Message("tool", "14:20"), Message("assistant", "At 14:20."))
    assert record.meta["tools"] == [{"name": "tide"}]
    assert record.meta["turn_fields"] == {"3": {"name": "tide", "tool_call_id": "c1"}}
    assert record.treatments == []


@pytest.mark.parametrize("content", [None, "", []])
def test_a_turn_of_calls_alone_has_no_empty_text(content: object, parse: Parse) -> None:
    turn = {"role": "assistant", "content": content, "tool_calls": [CALL], "refusal": None}
    (record,) = parse("messages", {"messages": [{"role": "user", "content": "Tide?"}, turn]})
    assert record.answers[0].messages == (TIDE,)


@pytest.mark.parametrize(
    ("more", "content"),
    [
        (
            {"function_call": {"name": "tide", "arguments": "{}"}},
            '{"name": "tide", "arguments": {}}',
        ),
        (
            {"tool_calls": [{"name": "t", "arguments": {"é": 1}}]},
            '{"name": "t", "arguments": {"é": 1}}',
        ),
        ({"tool_calls": [{"function": {"name": "t"}}]}, '{"name": "t", "arguments": {}}'),
        # Not the JSON of an object: the text stays what it is.
        (
            {"tool_calls": [{"function": {"name": "t", "arguments": "at Aber"}}]},
            '{"name": "t", "arguments": "at Aber"}',
        ),
    ],
)
def test_calls_come_in_several_shapes(more: dict[str, Any], content: str, parse: Parse) -> None:
    turn = {"role": "assistant", "content": None} | more
    (record,) = parse("messages", {"messages": [{"role": "user", "content": "Tide?"}, turn]})
    assert record.answers[0].messages == (Message("tool_call", content),)


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        ({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}, "'image_url'"),
        ({"role": "user", "content": [{"type": "input_audio", "text": "a"}]}, "text alone"),
        ({"role": "user", "content": None}, "a turn without content"),
        ({"role": "user", "content": "a", "tool_calls": [CALL]}, "a turn of user calls a tool"),
        ({"role": "assistant", "tool_calls": [{"type": "custom"}]}, "a call of type 'custom'"),
        ({"role": "assistant", "tool_calls": [{"id": "c1"}]}, "without the name of a function"),
        ({"role": "tool_call", "content": "tide()"}, "not the JSON of an object"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(
    turn: dict[str, Any], reason: str, parse: Parse
) -> None:
    with pytest.raises(BadRow, match=reason) as raised:
        parse("messages", {"messages": [{"role": "user", "content": "a"}, turn]})
    assert "at `$.messages[1]`" in str(raised.value)


def test_a_row_with_images_is_refused(parse: Parse) -> None:
    row = _row(("user", "<image>What is it?")) | {"images": ["a.jpg"]}
    with pytest.raises(BadRow, match="`images`"):
        parse("messages", row)


def test_parts_of_text_are_joined_and_reasoning_is_kept_apart(parse: Parse) -> None:
    parts = [{"type": "text", "text": "Why?"}, {"type": "text", "value": "How?"}]
    thought = [{"type": "reasoning", "value": "Hm."}, {"type": "text", "value": "So."}]
    turns = [{"role": "user", "content": parts}, {"role": "assistant", "content": thought}]
    (record,) = parse("messages", {"messages": turns})
    assert record.prompt == [Message("user", "Why?\nHow?")]
    assert record.answers[0].messages == (Message("assistant", "So."),)
    assert record.meta["turn_fields"] == {"1": {"reasoning": "Hm."}}
    assert record.treatments == [
        "joined the texts of a turn by line breaks",
        "kept reasoning in meta, out of the conversation",
    ]


def test_other_names_of_roles_are_a_treatment(parse: Parse) -> None:
    turns = [
        {"role": "developer", "content": "Short."},
        {"role": "user", "content": "Tide?"},
        {"role": "assistant", "function_call": {"name": "tide", "arguments": "{}"}},
        {"role": "function", "name": "tide", "content": "14:20"},
    ]
    (record,) = parse("messages", {"messages": turns})
    assert [message.role for message in record.prompt] == ["system", "user", "tool_call", "tool"]
    assert record.treatments == [
        "read the role developer as system",
        "read the role function as tool",
    ]
    assert record.meta["turn_fields"]["0"] == {"role": "developer"}


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TURNS = st.lists(
    st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), TEXT), min_size=1
)


@given(TURNS)
def test_render_is_the_inverse_of_parse(turns: list[tuple[str, str]]) -> None:
    row = messages.Row([messages.Turn(role, content) for role, content in turns])
    assert messages.render(messages.parse(row, Place("s", "f", 1), None)) == row


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=3)
FUNCTION = st.builds(
    lambda name, arguments: {"name": name, "arguments": arguments},
    TEXT.filter(bool),
    OBJECT | OBJECT.map(json.dumps) | TEXT,
)
CALLS = st.lists(
    st.builds(
        lambda function, more: {"type": "function", "function": function} | more,
        FUNCTION,
        st.just({}) | st.builds(lambda given: {"id": given}, TEXT),
    ),
    max_size=3,
)
PARTS = st.lists(
    st.builds(
        lambda kind, text: {"type": kind, "text": text},
        st.sampled_from(["text", "reasoning"]),
        TEXT,
    ),
    max_size=3,
)
ANY_TURN = st.one_of(
    st.builds(
        lambda role, content, name: {"role": role, "content": content} | name,
        st.sampled_from(["developer", "user", "assistant", "tool", "function"]),
        TEXT | PARTS,
        st.just({}) | st.builds(lambda n: {"name": n, "weight": 0.0}, TEXT),
    ),
    st.builds(
        lambda content, calls: {"role": "assistant", "content": content, "tool_calls": calls},
        st.none() | TEXT,
        CALLS,
    ),
    st.builds(lambda f: {"role": "assistant", "function_call": f}, FUNCTION),
    st.builds(lambda given, c: {"role": "tool", "tool_call_id": given, "content": c}, TEXT, TEXT),
)


def _parsed(row: dict[str, Any]) -> Record | None:
    try:
        return messages.parse(msgspec.convert(row, messages.Row), Place("s", "f", 1), None)
    except BadRow:
        return None


def _said(record: Record) -> tuple[Any, ...]:
    return record.prompt, record.answers, record.meta


@given(st.lists(ANY_TURN, min_size=1, max_size=5))
def test_what_is_rendered_reads_back_as_the_same_record(turns: list[dict[str, Any]]) -> None:
    record = _parsed({"messages": turns})
    if record is None:
        return
    again = messages.parse(messages.render(record), Place("s", "f", 1), None)
    assert _said(again) == _said(record)
    assert messages.render(again) == messages.render(record)


def _texts(value: Any) -> list[str]:
    """Every text of an upstream turn but the names of its role and kinds."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name not in ("role", "type")}
        return [text for item in kept.values() for text in _texts(item)]
    return []


def _held(record: Record) -> list[str]:
    """Every text of a record, and the texts of its calls."""
    spoken = [*record.prompt, *(m for answer in record.answers for m in answer.messages)]
    found = [text for message in spoken for text in (message.content, *message.content.split("\n"))]
    found += _texts(record.meta)
    for message in spoken:
        if message.role == "tool_call":
            call = json.loads(message.content)
            found += [*_texts(call), json.dumps(call["arguments"])]
    return found


@given(st.lists(ANY_TURN, min_size=1, max_size=5))
def test_every_text_lands_in_the_record(turns: list[dict[str, Any]]) -> None:
    record = _parsed({"messages": turns})
    if record is None:
        return
    held = "\0".join(_held(record))
    for text in _texts(turns):
        try:
            same_object = json.dumps(json.loads(text)) in held
        except ValueError:
            same_object = False
        assert text in held or same_object
