"""Written placeholders mean nothing was there; system and history become turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_instruction_and_input_make_one_turn(parse: Parse) -> None:
    (record,) = parse("alpaca", {"instruction": "Add.", "input": "1 2", "output": "3"})
    assert record.prompt[0].content == "Add.\n\n1 2"
    assert record.instruction_bytes == 4
    assert record.answers[0].messages[0].content == "3"


@pytest.mark.parametrize("text", ["<noinput>", "No input.", '"<noinput>"', "N/A", "无需输入。"])
def test_a_written_no_input_is_none(parse: Parse, text: str) -> None:
    (record,) = parse("alpaca", {"instruction": "Hm?", "input": text, "output": "x"})
    assert record.prompt[0].content == "Hm?"
    assert record.treatments == ["read a written 'no input' as none"]


@pytest.mark.parametrize("text", ["The <noinput>", "No input shaft turns.", "None", "Night."])
def test_words_that_only_look_like_it_stay(parse: Parse, text: str) -> None:
    (record,) = parse("alpaca", {"instruction": "Hm?", "input": text, "output": "No output"})
    assert record.prompt[0].content == f"Hm?\n\n{text}"
    assert record.answers[0].messages[0].content == "No output"


def test_the_answer_may_be_called_response_but_not_be_two(parse: Parse) -> None:
    (record,) = parse("alpaca", {"instruction": "Add.", "response": "3"})
    assert record.answers[0].messages[0].content == "3"
    (record,) = parse("alpaca", {"instruction": "Add.", "response": "3", "output": "3"})
    assert record.treatments == ["read the answer once, from `output` and `response`"]
    with pytest.raises(BadRow, match="`output` and `response` differ"):
        parse("alpaca", {"instruction": "Add.", "response": "3", "output": "4"})
    with pytest.raises(BadRow, match="needs an answer"):
        parse("alpaca", {"instruction": "Add."})


def test_a_written_no_output_is_an_empty_answer(parse: Parse) -> None:
    (record,) = parse("alpaca", {"instruction": "Hm?", "input": "", "output": "<nooutput>"})
    assert record.answers[0].messages[0].content == ""


def test_system_and_history_come_first(parse: Parse) -> None:
    row = {
        "instruction": "And you?",
        "output": "Well.",
        "system": "Be brief.",
        "history": [["a", "b"]],
    }
    (record,) = parse("alpaca", row)
    assert [tuple(turn) for turn in record.prompt] == [
        ("system", "Be brief."),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "And you?"),
    ]
