"""Calls of tools in the columns that trainers read: nothing is lost on the way, ties are kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.phases.shape import shaped
from mixer.phases.tool_columns import folded, has_tools, with_tool_columns
from mixer.record_builder import RecordBuilder
from mixer.schema import MESSAGES, Answer, Message, Record, assistant, user
from mixer.similarity.unfolded_calls import unfolded
from mixer.tool_calls import tool_call

TIDE = tool_call("tide", {"at": "Aber"})
ASKED = [user("Tide?")]


def _table(*records: Record) -> pa.Table:
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    table = pa.Table.from_batches([builder.take()]).select(["prompt", "answers", "meta", "id"])
    return with_tool_columns(table)


def _rows(config: str, *records: Record) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shaped(_table(*records), config, tools=True).to_pylist()
    return rows


def _messages(row: dict[str, Any], column: str = "messages") -> list[dict[str, Any]]:
    """Without nulls, calls as objects."""
    told = [{n: v for n, v in turn.items() if v is not None} for turn in row[column]]
    for turn in told:
        if "tool_calls" in turn:
            turn["tool_calls"] = json.loads(turn["tool_calls"])
    return told


def _call(name: str, arguments: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


def test_calls_in_a_row_are_one_turn_with_the_text_before_them() -> None:
    said = (Message("assistant", "I look."), TIDE, tool_call("wind", {}))
    (row,) = _rows("sft", Record(ASKED, [Answer(said)]))
    calls = [_call("tide", {"at": "Aber"}), _call("wind", {})]
    assert _messages(row)[1:] == [{"role": "assistant", "content": "I look.", "tool_calls": calls}]


def test_a_call_after_a_result_is_a_turn_of_its_own() -> None:
    said = (
        TIDE,
        Message("tool", "14:20"),
        TIDE,
        Message("tool", "15:00"),
        Message("assistant", "k"),
    )
    (row,) = _rows("sft", Record(ASKED, [Answer(said)]))
    assert [turn["role"] for turn in _messages(row)] == [
        *("user", "assistant", "tool", "assistant", "tool", "assistant"),
    ]
    assert [turn.get("name") for turn in _messages(row) if turn["role"] == "tool"] == ["tide"] * 2


def test_a_call_does_not_join_the_turn_of_another_row() -> None:
    first = Record(ASKED, [assistant("So.")])
    second = Record([], [Answer((TIDE,))])
    rows = _rows("sft", first, second)
    assert _messages(rows[0])[-1] == {"role": "assistant", "content": "So."}
    assert _messages(rows[1]) == [
        {"role": "assistant", "tool_calls": [_call("tide", {"at": "Aber"})]}
    ]


@pytest.mark.parametrize("column", ["prompt", "chosen", "rejected"])
def test_what_ties_results_to_calls_is_kept_wherever_they_stand(column: str) -> None:
    call, result = tool_call("tide", {}, "c1"), Message("tool", "14:20")
    prompt = [*ASKED, call, result, Message("user", "And now?")]
    answers = [Answer((call, result, Message("assistant", text))) for text in ("a", "b", "c")]
    places = {"prompt": 2, "chosen": 5, "rejected": 11}
    link = {"tool_call_id": "c1", "name": column, "weight": 1}
    meta = {"turn_fields": {str(places[column]): link, "x": {}, "99": {"name": "beyond"}}}
    (row,) = _rows("preference", Record(prompt, answers, meta=meta))
    names = {
        each: [m.get("name") for m in _messages(row, each) if m["role"] == "tool"]
        for each in places
    }
    assert names == {each: ["tide"] if each != column else [column] for each in places}
    assert all(
        turn["tool_call_id"] == "c1"
        for each in places
        for turn in _messages(row, each)
        if turn["role"] == "tool"
    )


def test_results_that_may_be_of_any_call_get_no_name() -> None:
    both = (
        TIDE,
        tool_call("wind", {}),
        Message("tool", "[14:20, calm]"),
        Message("assistant", "k"),
    )
    (row,) = _rows("sft", Record(ASKED, [Answer(both)]))
    assert [turn for turn in _messages(row) if turn["role"] == "tool"] == [
        {"role": "tool", "content": "[14:20, calm]"}
    ]


def test_results_are_matched_by_id_before_order() -> None:
    calls = (tool_call("tide", {}, "c1"), tool_call("wind", {}, "c2"))
    said = (*calls, Message("tool", "calm"), Message("tool", "14:20"), Message("assistant", "k"))
    fields = {"3": {"tool_call_id": "c2"}, "4": {"tool_call_id": "c1"}}
    (row,) = _rows("sft", Record(ASKED, [Answer(said)], meta={"turn_fields": fields}))
    results = [turn for turn in _messages(row) if turn["role"] == "tool"]
    assert [(turn["name"], turn["tool_call_id"]) for turn in results] == [
        ("wind", "c2"),
        ("tide", "c1"),
    ]


DEFINED = [{"type": "function", "function": {"name": "tide"}}]


@pytest.mark.parametrize(
    ("tools", "written"),
    [
        (DEFINED, DEFINED),
        (json.dumps(DEFINED), DEFINED),
        ('[{"name": "tide"}]', DEFINED),
        ([{"function": {"name": "tide"}}], DEFINED),
        ("[]", None),
        # Fields of that name that are no definitions.
        ("hammer", None),
        (["hammer"], None),
        ([{"function": "hammer"}], None),
        (7, None),
    ],
)
def test_definitions_are_json_as_the_templates_take_it(tools: Any, written: Any) -> None:
    (row,) = _rows("prompts", Record(ASKED, [], meta={"tools": tools}))
    assert (row["tools"] and json.loads(row["tools"])) == written


def test_only_what_has_tools_gets_their_columns() -> None:
    plain = Record(ASKED, [assistant("So.")], meta={"tools": "hammer", "turn_fields": 7})
    assert not has_tools(_table(plain))
    assert shaped(_table(plain), "sft").column_names == ["messages", "id"]
    assert has_tools(_table(plain, Record(ASKED, [Answer((TIDE,))])))
    assert has_tools(_table(plain, Record([*ASKED, Message("tool", "14:20")], [])))
    assert has_tools(_table(plain, Record(ASKED, [], meta={"tools": DEFINED})))


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CALL = st.builds(
    tool_call, TEXT.filter(bool), st.dictionaries(TEXT, TEXT, max_size=2) | TEXT, st.none() | TEXT
)
TURN = st.builds(Message, st.sampled_from(["user", "assistant", "tool"]), TEXT) | CALL


@given(st.lists(st.lists(TURN, max_size=6), max_size=6))
def test_unfolding_gives_back_the_messages(chats: list[list[Message]]) -> None:
    column = pa.array([[turn._asdict() for turn in chat] for chat in chats], MESSAGES)
    first = np.zeros(len(chats), np.int64)
    made = folded(column, first, pa.array([None] * len(chats), pa.string()))
    assert unfolded(made).to_pylist() == column.to_pylist()
    for chat, turns in zip(chats, made.to_pylist(), strict=True):
        assert _by_hand(chat) == [_shape(turn) for turn in turns]
    assert unfolded(column) is column


def _by_hand(chat: list[Message]) -> list[tuple[str, str | None, list[Any]]]:
    """Row by row: role, content and calls of each turn."""
    turns: list[tuple[str, str | None, list[Any]]] = []
    before = ""
    for role, content in chat:
        if role == "tool_call" and before not in ("assistant", "tool_call"):
            turns.append(("assistant", None, []))
        if role == "tool_call":
            call = json.loads(content)
            turns[-1][2].append((call["name"], call["arguments"], call.get("id")))
        else:
            turns.append((role, content, []))
        before = role
    return turns


def _shape(turn: dict[str, Any]) -> tuple[str, str | None, list[Any]]:
    calls = [
        (call["function"]["name"], call["function"]["arguments"], call.get("id"))
        for call in json.loads(turn["tool_calls"] or "[]")
    ]
    return turn["role"], turn["content"], calls
