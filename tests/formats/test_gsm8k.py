"""Question and worked answer; the calculator's calls stay unless the recipe takes them out."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]

ROW = {"question": "How many?", "answer": "3 * 4 = <<3*4=12>>12.\n#### 12"}


def test_question_and_answer_are_kept_as_they_are(parse: Parse) -> None:
    (record,) = parse("gsm8k", ROW, file="gsm8k/test.jsonl")
    assert record.prompt[0].content == ROW["question"]
    assert record.answers[0].messages[0].content == ROW["answer"]
    assert (record.subset, record.treatments) == ("test", [])


def test_calls_of_the_calculator_may_be_taken_out(parse: Parse) -> None:
    (record,) = parse("gsm8k", ROW, calculator="without")
    assert record.answers[0].messages[0].content == "3 * 4 = 12.\n#### 12"
    assert record.treatments == ["took out the calls of a calculator"]
    (record,) = parse("gsm8k", ROW | {"answer": "2 << 3 is 16"}, calculator="without")
    assert record.answers[0].messages[0].content == "2 << 3 is 16"
    assert record.treatments == []
