"""The rationale comes before the target; written line breaks become line breaks."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]

ROW = {"input": "2 + 2?\\nOptions:\\n(A) 4", "target": "(A)", "rationale": 'Two "twos".'}


def test_the_answer_is_rationale_then_target(parse: Parse) -> None:
    (record,) = parse("flan_cot", ROW, "cot/sums_train.tsv.gz")
    assert record.prompt[0].content == "2 + 2?\nOptions:\n(A) 4"
    assert record.answers[0].messages[0].content == 'Two "twos".\n(A)'
    assert (record.subset, record.meta) == ("sums_train", {"target": "(A)"})


def test_the_target_alone_on_request(parse: Parse) -> None:
    (record,) = parse("flan_cot", ROW, answer="target")
    assert record.answers[0].messages[0].content == "(A)"
    assert record.meta == {"rationale": 'Two "twos".'}
