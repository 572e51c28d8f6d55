"""Rows of the hub and of the original CSV say the same; a wrong answer is a bad row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mixer.errors import BadRow
from mixer.formats import mmlu
from mixer.schema import Record
from mixer.sources.containers import raw_rows
from mixer.sources.raw_row import Layout

Parse = Callable[..., list[Record]]

HUB = {
    "question": "Which is a tea?",
    "subject": "tea_making",
    "choices": ["Mocha", "Assam", "Cocoa", "Cider"],
    "answer": 1,
}
CSV = {
    "question": "Which is a tea?",
    "A": "Mocha",
    "B": "Assam",
    "C": "Cocoa",
    "D": "Cider",
    "answer": "B",
}


def test_both_forms_become_the_same_record(parse: Parse) -> None:
    (hub,) = parse("mmlu", HUB)
    (csv,) = parse("mmlu", CSV, file="test/tea_making_test.csv")
    assert hub == csv
    assert hub.prompt[0].content == "Which is a tea?\nA. Mocha\nB. Assam\nC. Cocoa\nD. Cider"
    assert hub.answers[0].messages[0].content == "B. Assam"
    assert hub.subset == "tea_making"


@pytest.mark.parametrize("answer", [4, -1, "E", "", "AB", "?"])
def test_an_answer_that_names_no_choice_is_a_bad_row(parse: Parse, answer: int | str) -> None:
    with pytest.raises(BadRow, match="names no choice"):
        parse("mmlu", HUB | {"answer": answer})


def test_csv_files_have_no_header_line(tmp_path: Path) -> None:
    path = tmp_path / "tea_making_dev.csv"
    path.write_text('"One, or\ntwo?",1,2,3,4,B\nThree?,1,2,3,4,C\nbroken,1\n', encoding="utf-8")
    rows = list(raw_rows(str(path), Layout(columns=mmlu.COLUMNS)))
    assert [row.row for row in rows] == [1, 2, 3]
    assert rows[0].value["question"] == "One, or\ntwo?"
    assert "2 columns, 6 expected" in str(rows[2].reason)
