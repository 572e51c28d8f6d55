"""The context follows the instruction; the category is the subset."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_a_row_becomes_a_record(parse: Parse) -> None:
    row = {"instruction": "Who?", "context": "The town runs it.", "response": "The town."}
    (record,) = parse("dolly", row | {"category": "closed_qa"})
    assert record.prompt[0].content == "Who?\n\nThe town runs it."
    assert record.answers[0].messages[0].content == "The town."
    assert (record.subset, record.instruction_bytes) == ("closed_qa", 4)
