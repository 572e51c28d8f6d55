"""Both sets are read; what turns say beside their text is kept, the model is the subset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import wildchat
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]

SAID = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello!"}]


def test_a_conversation_of_lmsys_is_a_record_of_its_model(parse: Parse) -> None:
    row = {"conversation_id": "8d31", "model": "vicuna-13b", "conversation": SAID, "turn": 1}
    (record,) = parse("wildchat", row)
    assert record.prompt == [Message("user", "hi")]
    assert record.answers[0].messages == (Message("assistant", "Hello!"),)
    assert (record.subset, record.meta) == ("vicuna-13b", {})


def test_fields_of_a_turn_of_wildchat_are_kept(parse: Parse) -> None:
    turn = SAID[0] | {"toxic": False, "country": None, "turn": 3, "turn_identifier": 101}
    (record,) = parse("wildchat", {"conversation": [turn, SAID[1]]})
    assert record.meta["turn_fields"] == {"0": {"toxic": False, "turn": 3, "turn_identifier": 101}}


@pytest.mark.parametrize(
    ("conversation", "reason"),
    [
        ([], "empty list"),
        ([{"role": "user"}], r"needs `role` and `content` - at `\$.conversation\[0\]`"),
        ([SAID[0], {"role": "asistant", "content": "a"}], "did you mean 'assistant'"),
    ],
)
def test_bad_rows_say_why(conversation: list[Any], reason: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=reason):
        parse("wildchat", {"conversation": conversation})


TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system"]), "content": st.text()},
    optional={"toxic": st.booleans(), "language": st.text(), "turn": st.integers()},
)


@given(st.lists(TURN, min_size=1, max_size=5), st.text())
def test_render_is_the_inverse_of_parse(turns: list[dict[str, Any]], model: str) -> None:
    row = wildchat.Row(turns, model)
    assert wildchat.render(wildchat.parse(row, Place("s", "f", 1), None)) == row
