"""A turn is a record: what the user said up to there, and the reference where there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]

ROW = {"question_id": 5, "category": "math", "turns": ["One?", "Two?"], "reference": ["1", "2"]}


def test_a_record_a_turn(parse: Parse) -> None:
    first, second = parse("mt_bench", ROW)
    assert [turn.content for turn in first.prompt] == ["One?"]
    assert [turn.content for turn in second.prompt] == ["One?", "Two?"]
    assert [record.answers[0].messages[0].content for record in (first, second)] == ["1", "2"]
    assert (first.family, second.family, first.subset) == ("5", "5", "math")


def test_without_reference_there_is_no_answer(parse: Parse) -> None:
    without = {key: value for key, value in ROW.items() if key != "reference"}
    for row in (without, ROW | {"reference": None}, ROW | {"reference": ["", " "]}):
        assert all(record.answers == [] for record in parse("mt_bench", row))


def test_the_hub_s_names_are_read_too(parse: Parse) -> None:
    (record,) = parse("mt_bench", {"prompt": ["One?"], "prompt_id": 7, "category": "math"})
    assert (record.prompt[0].content, record.family) == ("One?", "7")


def test_a_question_without_turns_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="turns"):
        parse("mt_bench", {"question_id": 1, "turns": []})
