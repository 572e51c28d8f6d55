"""Every speaker met in the wild has a role, an unknown one is a bad row, and no text is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import sharegpt
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]


def _turns(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{"from": speaker, "value": text} for speaker, text in turns]


TALK = _turns(("human", "Tide?"), ("gpt", "At two."))


@pytest.mark.parametrize("speaker", ["gpt", "chatgpt", "assistant", "bard", "bing", "Assistant"])
def test_every_name_of_the_assistant_is_its_role(speaker: str, parse: Parse) -> None:
    (record,) = parse("sharegpt", {"conversations": [TALK[0], {"from": speaker, "value": "So."}]})
    assert record.answers[0].messages == (Message("assistant", "So."),)
    kept = {} if speaker == "gpt" else {"turn_fields": {"1": {"from": speaker}}}
    assert record.meta == kept


@pytest.mark.parametrize(
    ("speaker", "role"),
    [
        ("user", "user"),
        ("observation", "tool"),
        ("function", "tool"),
        ("function_response", "tool"),
        ("tool", "tool"),
        ("system", "system"),
    ],
)
def test_other_speakers_have_their_roles(speaker: str, role: str, parse: Parse) -> None:
    row = {"conversations": [*TALK, {"from": speaker, "value": "x"}]}
    assert parse("sharegpt", row)[0].prompt[-1] == Message(role, "x")


def test_an_unknown_speaker_is_named_and_nothing_is_emptied(parse: Parse) -> None:
    with pytest.raises(BadRow, match=r"unknown speaker 'humman' - at `\$.conversations\[2\]`"):
        parse("sharegpt", {"conversations": [*TALK, {"from": "humman", "value": "x"}]})


@pytest.mark.parametrize(
    "turn", [{"from": "human"}, {"value": "x"}, {"from": "human", "value": 3}, {"role": "user"}]
)
def test_half_a_turn_is_a_bad_row(turn: dict[str, Any], parse: Parse) -> None:
    with pytest.raises(BadRow, match=r"needs `from` and `value`.*items\[0\]"):
        parse("sharegpt", {"items": [turn]})


def test_lists_may_be_called_items_and_turns_have_role_and_content(parse: Parse) -> None:
    turns = [{"role": "user", "content": "Tide?"}, {"role": "assistant", "content": "At two."}]
    by_role = parse("sharegpt", {"conversations": turns})[0]
    by_items = parse("sharegpt", {"items": TALK})[0]
    assert (by_role.prompt, by_role.answers) == (by_items.prompt, by_items.answers)
    with pytest.raises(BadRow, match="missing or empty"):
        parse("sharegpt", {"conversations": []})


@pytest.mark.parametrize(
    ("identity", "family"),
    [("QkYz3aB_0", "QkYz3aB"), ("a_b_12", "a_b"), ("QkYz3aB", None), (7, None)],
)
def test_parts_of_one_conversation_are_a_family(
    identity: object, family: str | None, parse: Parse
) -> None:
    (record,) = parse("sharegpt", {"id": identity, "conversations": TALK})
    assert (record.family, record.meta["id"]) == (family, identity)


def test_numbered_ids_need_not_be_parts(parse: Parse) -> None:
    row = {"id": "alpaca_7", "conversations": TALK}
    assert parse("sharegpt", row, chunked_ids=False)[0].family is None


def test_a_later_part_may_begin_with_the_assistant(parse: Parse) -> None:
    (record,) = parse("sharegpt", {"conversations": _turns(("gpt", "Go on."), ("human", "b"))})
    assert record.prompt == [Message("assistant", "Go on."), Message("user", "b")]
    assert record.answers == []


@pytest.mark.parametrize(
    ("inside", "systems"),
    [((), ["S"]), ((("system", "S"),), ["S"]), ((("system", "T"),), ["S", "T"])],
)
def test_a_system_field_stands_once_unless_the_list_says_otherwise(
    inside: tuple[tuple[str, str], ...], systems: list[str], parse: Parse
) -> None:
    (record,) = parse("sharegpt", {"system": "S", "conversations": _turns(*inside) + TALK})
    assert [m.content for m in record.prompt if m.role == "system"] == systems


def test_chosen_and_rejected_make_a_preference(parse: Parse) -> None:
    row = {"conversations": TALK[:1], "chosen": TALK[1], "rejected": _turns(("gpt", "No."))}
    (record,) = parse("sharegpt", row)
    assert record.prompt == [Message("user", "Tide?")]
    assert [a.messages[0].content for a in record.answers] == ["At two.", "No."]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"chosen": TALK[1]}, "`rejected` is missing"),
        ({"chosen": TALK[1], "rejected": TALK[0]}, "`rejected` does not end with a turn"),
        ({"images": ["a.jpg"]}, "`images`: mixer reads conversations of text alone"),
    ],
)
def test_what_is_no_preference_and_no_text_says_so(
    more: dict[str, Any], reason: str, parse: Parse
) -> None:
    with pytest.raises(BadRow, match=reason):
        parse("sharegpt", {"conversations": TALK[:1]} | more)


def test_calls_keep_their_text_and_stand_in_the_answer(parse: Parse) -> None:
    call = '{"name": "tide", "arguments": {"at": "Aber", "metres": 1.50}}'
    turns = _turns(("human", "Tide?"), ("function_call", call), ("observation", "14:20"))
    tools = '[{"name": "tide"}]'
    (record,) = parse("sharegpt", {"conversations": turns + TALK[1:], "tools": tools})
    assert [m.role for m in record.answers[0].messages] == ["tool_call", "tool", "assistant"]
    assert record.answers[0].messages[0].content == call
    assert record.meta == {"tools": tools}


def test_several_calls_may_be_a_list_and_others_are_bad_rows(parse: Parse) -> None:
    calls = json.dumps([{"name": "a", "arguments": {}}, {"name": "b", "arguments": '{"c": 1}'}])
    (record,) = parse(
        "sharegpt", {"conversations": _turns(("human", "?"), ("function_call", calls))}
    )
    assert [m.content for m in record.answers[0].messages] == [
        '{"name": "a", "arguments": {}}',
        '{"name": "b", "arguments": {"c": 1}}',
    ]
    for call in ("tide()", "[]", '{"arguments": {}}', '{"name": "a", "arguments": {"x": 1e999}}'):
        with pytest.raises(BadRow, match=r"a call of a tool is .* - at `\$.conversations\[0\]`"):
            parse("sharegpt", {"conversations": _turns(("function_call", call))})


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CALL = st.builds(
    lambda name, arguments: json.dumps({"name": name, "arguments": arguments}),
    TEXT.filter(bool),
    st.dictionaries(TEXT, TEXT | st.integers(-(2**53), 2**53), max_size=3),
)
NAMES = st.sampled_from(["human", "user", "gpt", "bard", "system", "observation", "function"])
TURN = st.one_of(
    st.builds(lambda speaker, text: {"from": speaker, "value": text}, NAMES, TEXT),
    st.builds(lambda name, call: {"from": name, "value": call}, st.just("function_call"), CALL),
    st.builds(
        lambda role, text, weight: {"role": role, "content": text, "weight": weight, "x": None},
        st.sampled_from(["user", "assistant", "tool"]),
        TEXT,
        st.integers(0, 1),
    ),
)
ANSWER = st.builds(lambda text: {"from": "gpt", "value": text}, TEXT)
ROW = st.fixed_dictionaries(
    {"conversations": st.lists(TURN, min_size=1, max_size=5)},
    optional={"system": TEXT, "tools": TEXT, "id": TEXT},
) | st.fixed_dictionaries(
    {"conversations": st.lists(TURN, min_size=1, max_size=3), "chosen": ANSWER, "rejected": ANSWER}
)


def _parsed(row: sharegpt.Row) -> Record:
    return sharegpt.parse(row, Place("s", "f", 1), sharegpt.Options())


@given(ROW)
def test_what_is_rendered_reads_back_as_the_same_record(row: dict[str, Any]) -> None:
    record = _parsed(msgspec.convert(row, sharegpt.Row))
    rendered = sharegpt.render(record)
    assert _parsed(rendered) == record


@given(ROW)
def test_every_text_lands_in_the_record(row: dict[str, Any]) -> None:
    record = _parsed(msgspec.convert(row, sharegpt.Row))
    turns = [*row["conversations"], *(row[name] for name in ("chosen", "rejected") if name in row)]
    texts = [text for turn in turns for name in ("value", "content") if (text := turn.get(name))]
    said = [*record.prompt, *(m for answer in record.answers for m in answer.messages)]
    spoken = [message.content for message in said]
    for text in [*texts, *filter(None, (row.get("system"),))]:
        assert text in spoken or json.loads(text) in [_json(each) for each in spoken]
    assert all(record.meta[name] == row[name] for name in ("tools", "id") if name in row)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


@given(st.lists(st.tuples(st.sampled_from(["human", "gpt", "observation"]), TEXT), min_size=1))
def test_render_is_the_inverse_of_parse(turns: list[tuple[str, str]]) -> None:
    row = sharegpt.Row(conversations=_turns(*turns))
    assert sharegpt.render(_parsed(row)) == row
