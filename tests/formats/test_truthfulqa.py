"""Three published forms of a question become the same record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]

QUESTION, BEST = "Can lightning strike a tower twice?", "Yes, it often does"
GENERATION = {"question": QUESTION, "best_answer": BEST, "category": "Weather"}
CSV = {"Type": "x", "Category": "Weather", "Question": QUESTION, "Best Answer": BEST}
MC = {
    "question": QUESTION,
    "mc1_targets": {"choices": ["No", BEST], "labels": [0, 1]},
    "mc2_targets": {"choices": ["No", BEST, "Yes"], "labels": [0, 1, 1]},
}


@pytest.mark.parametrize("row", [GENERATION, CSV, MC])
def test_the_best_answer_is_the_answer(parse: Parse, row: dict[str, Any]) -> None:
    (record,) = parse("truthfulqa", row)
    assert record.prompt[0].content == QUESTION
    assert record.answers[0].messages[0].content == BEST
    assert record.subset == ("" if row is MC else "Weather")


def test_the_choices_are_kept_but_not_shown(parse: Parse) -> None:
    (record,) = parse("truthfulqa", MC)
    assert record.meta == {"mc1_choices": ["No", BEST]}


def test_a_question_needs_one_right_answer(parse: Parse) -> None:
    with pytest.raises(BadRow, match="best_answer"):
        parse("truthfulqa", {"question": QUESTION})
    with pytest.raises(BadRow, match="one label 1"):
        parse("truthfulqa", MC | {"mc1_targets": {"choices": ["a", "b"], "labels": [1, 1]}})
    with pytest.raises(BadRow, match="Question"):
        parse("truthfulqa", {"best_answer": BEST})
