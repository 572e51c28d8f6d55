"""The last turn of the assistant is the answer; unknown roles and fields are bad rows."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import messages
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]


def _row(*turns: tuple[str, str]) -> dict[str, object]:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def test_the_last_turn_of_the_assistant_is_the_answer(parse: Parse) -> None:
    turns = (("developer", "Short."), ("user", "a"), ("assistant", "b"), ("user", "c"))
    (record,) = parse("messages", _row(*turns, ("assistant", "d")))
    assert [turn.role for turn in record.prompt] == ["system", "user", "assistant", "user"]
    assert record.answers[0].messages[0].content == "d"


def test_a_conversation_that_ends_with_the_user_is_a_prompt(parse: Parse) -> None:
    assert parse("messages", _row(("user", "a")))[0].answers == []


def test_unknown_roles_name_the_nearest(parse: Parse) -> None:
    with pytest.raises(BadRow, match="did you mean 'assistant'"):
        parse("messages", _row(("asistant", "a")))
    with pytest.raises(BadRow, match="empty list"):
        parse("messages", _row())


def test_a_turn_with_fields_that_would_be_lost_is_refused(parse: Parse) -> None:
    turn = {"role": "user", "content": "a", "tool_calls": []}
    with pytest.raises(msgspec.ValidationError, match="tool_calls"):
        parse("messages", {"messages": [turn]})


TURNS = st.lists(
    st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), st.text()), min_size=1
)


@given(TURNS)
def test_render_is_the_inverse_of_parse(turns: list[tuple[str, str]]) -> None:
    row = messages.Row([messages.Turn(role, content) for role, content in turns])
    assert messages.render(messages.parse(row, Place("s", "f", 1), None)) == row
