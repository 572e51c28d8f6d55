"""Written placeholders mean nothing was there; system and history become turns."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_instruction_and_input_make_one_turn(parse: Parse) -> None:
    (record,) = parse("alpaca", {"instruction": "Add.", "input": "1 2", "output": "3"})
    assert record.prompt[0].content == "Add.\n\n1 2"
    assert record.instruction_bytes == 4
    assert record.answers[0].messages[0].content == "3"


def test_a_written_no_input_is_none(parse: Parse) -> None:
    (record,) = parse("alpaca", {"instruction": "Hm?", "input": "<noinput>", "output": "x"})
    assert record.prompt[0].content == "Hm?"
    assert record.treatments == ["read a written 'no input' as none"]


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
