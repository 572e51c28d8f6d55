"""Any column may be any part of a record; what the map does not name is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import columns
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]
MAP = {"prompt": "q", "answer": "a"}


def _said(record: Record) -> tuple[list[str], list[str]]:
    answers = [message.content for answer in record.answers for message in answer.messages]
    return [turn.content for turn in record.prompt], answers


def test_the_map_says_which_column_is_what(parse: Parse) -> None:
    wanted = {"prompt": ["task", "text"], "answer": "good", "rejected": "bad", "system": "how"}
    row = {"task": "Sum up.", "text": "Long.", "good": "Short.", "bad": "", "how": "Be brief."}
    (record,) = parse("columns", row, map=wanted | {"subset": "topic.name"})
    assert _said(record) == (["Be brief.", "Sum up.\n\nLong."], ["Short.", ""])
    assert record.subset == ""


def test_an_empty_answer_makes_a_prompt(parse: Parse) -> None:
    for row in ({"q": "Why?", "a": ""}, {"q": "Why?", "a": None}, {"q": "Why?"}):
        assert _said(parse("columns", row, map=MAP)[0]) == (["Why?"], [])


def test_paths_numbers_and_lists_are_text(parse: Parse) -> None:
    row = {"x": {"q": "3 * 4?"}, "a": [12, "twelve", None], "topic": 7}
    (record,) = parse("columns", row, map={"prompt": "x.q", "answer": "a", "subset": "topic"})
    assert _said(record) == (["3 * 4?"], ["12\ntwelve"])
    assert record.subset == "7"


def test_a_column_that_is_missing_or_no_text_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="no column 'q': the row has question"):
        parse("columns", {"question": "x"}, map=MAP)
    with pytest.raises(BadRow, match=r"name a field inside it, such as `a\.text`"):
        parse("columns", {"q": "x", "a": {"text": "y"}}, map=MAP)


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_is_read_is_what_was_written(prompt: str, answer: str) -> None:
    options = columns.Options(columns.ColumnMap(prompt="q", answer="a"))
    record = columns.parse({"q": prompt, "a": answer}, Place("s", "f", 1), options)
    assert _said(record) == ([prompt], [answer])


def test_other_columns_are_kept_in_meta_and_mapped_ones_are_not(
    build_recipe: Callable[..., Any], write_rows: Callable[..., Path], tmp_path: Path
) -> None:
    write_rows("a.jsonl", [{"q": "Why?", "a": "So.", "id": 5, "x": {"y": 1}}])
    source = "{format: columns, path: data/a.jsonl, map: {prompt: q, answer: a, subset: x.y}}"
    build_recipe(f"name: t\nsources: {{s: {source}}}\n")
    (shard,) = (tmp_path / "out.work" / "read").rglob("00000.parquet")
    (row,) = pq.read_table(shard).to_pylist()
    assert (row["meta"], row["subset"]) == ('{"id":5,"x":{"y":1}}', "1")
