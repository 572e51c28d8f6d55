"""Both releases: pairs, and conversations whose last turn is the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import wizardlm
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]


def test_a_pair_is_a_prompt_and_an_answer(parse: Parse) -> None:
    (record,) = parse("wizardlm", {"instruction": "Plan a walk.", "output": "Day one."})
    assert record.prompt == [Message("user", "Plan a walk.")]
    assert record.answers[0].messages[0].content == "Day one."
    assert record.instruction_bytes == 12


def test_the_last_turn_of_a_conversation_is_the_answer(parse: Parse) -> None:
    turns = [{"from": "human", "value": "Plan."}, {"from": "gpt", "value": "Day one."}]
    (record,) = parse("wizardlm", {"idx": "w", "conversations": turns})
    assert record.prompt == [Message("user", "Plan.")]
    assert record.answers[0].messages == (Message("assistant", "Day one."),)
    (bare,) = parse("wizardlm", {"conversations": turns[:1]})
    assert bare.answers == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"instruction": "Plan."}, "needs `instruction, output`, or `conversations`"),
        ({"conversations": []}, "empty list"),
        ({"conversations": [], "output": "x"}, "which one is meant"),
    ],
)
def test_other_rows_are_bad(parse: Parse, row: Any, words: str) -> None:
    with pytest.raises(BadRow, match=words):
        parse("wizardlm", row)


def test_an_unknown_speaker_is_named_with_its_place(parse: Parse) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"'bing' - at `\$\.conversations\[0\]"):
        parse("wizardlm", {"conversations": [{"from": "bing", "value": "x"}]})


TURNS = st.lists(st.builds(wizardlm.Turn, st.sampled_from(["system", "human", "gpt"]), st.text()))


@given(TURNS.filter(bool))
def test_render_is_the_inverse_of_parse(turns: list[wizardlm.Turn]) -> None:
    row = wizardlm.Row(conversations=turns)
    assert wizardlm.render(wizardlm.parse(row, Place("s", "f", 1), None)) == row
