"""Rows that parse, but could not be written: found by mutation, each once ended a build."""

from __future__ import annotations

from typing import Any

import pytest
from checked_reading import Outcome, read_rows

from mixer import formats
from mixer.sources.containers import RawRow

HALF = "half a character (a lone surrogate), which no file can hold"


def outcome(name: str, row: Any, header: Any = None) -> Outcome:
    return read_rows(
        name, formats.options_type(name)(), [RawRow(7, b"raw", row, header, member_row=7)]
    )


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


ALPACA = {"instruction": "Name a tea.", "output": "Assam."}
SUMMARY = {"text": "A fair.", "axes": {"overall": 10**400}}
PAIR = {"prompt": "Tea?", "chosen": "Assam.", "rejected": "No."}


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("alpaca", {**ALPACA, "output": "Ass\ud800am."}, HALF),
        ("alpaca", {**ALPACA, "page": "\udfff"}, HALF),
        ("alpaca", {**ALPACA, "\ud800": 1}, HALF),
        ("alpaca", "\ud800", HALF),
        ("dolly", {"instruction": "Tea?", "response": "Assam.", "category": "\ud800"}, HALF),
        ("alpaca", {**ALPACA, "page": nested(5000)}, "nested too deeply"),
        ("alpaca", {**ALPACA, "page": object()}, "a field holds what JSON has no word for: "),
        ("preference", {**PAIR, "score_chosen": float("nan")}, "the score of an answer is nan"),
        ("preference", {**PAIR, "score_chosen": float("inf")}, "the score of an answer is inf"),
        (
            "summarize_feedback",
            {"info": {"article": "a"}, "summary": SUMMARY},
            "the summary has no",
        ),
        ("columns", {"\ud800": "Tea?"}, "no column 'prompt': known: \\ud800"),
        ("super_ni", {"input": "Loved it.", "output": ["good"]}, "a list without the object"),
        ("mmlu", {"question": "Tea?", "choices": [*"abcdefghijk"], "answer": 10}, "11 choices"),
        ("mt_bench", {"turns": ["Tea?"], "reference": ["a", "b"]}, "2 answers in `reference`"),
    ],
)
def test_goes_to_quarantine_with_the_reason(name: str, row: Any, reason: str) -> None:
    found = outcome(name, row)
    assert found.records == []
    assert [each["id"] for each in found.quarantined] == ["s/a/b.jsonl:7"]
    assert found.quarantined[0]["reason"].startswith(reason)


def test_a_row_of_several_records_is_read_in_whole_or_not_at_all() -> None:
    instances = [{"input": "", "output": "Assam."}, {"input": "", "output": "\ud800"}]
    found = outcome("self_instruct", {"instruction": "Name a tea.", "instances": instances})
    assert (len(found.records), len(found.quarantined)) == (0, 1)
