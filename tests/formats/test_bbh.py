"""The task is the file; upstream's files hold a canary beside the examples, copies do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from mixer.formats import bbh
from mixer.schema import Record
from mixer.sources.containers import raw_rows
from mixer.sources.raw_row import Layout

Parse = Callable[..., list[Record]]

ROW = {"input": "not True and True is", "target": "False"}


def test_a_row_becomes_a_record(parse: Parse) -> None:
    (record,) = parse("bbh", ROW, file="bbh/boolean.json")
    assert record.prompt[0].content == "not True and True is"
    assert record.answers[0].messages[0].content == "False"
    assert record.subset == "boolean"


def test_files_with_a_canary_and_bare_arrays_are_read_alike(tmp_path: Path) -> None:
    for number, document in enumerate(({"canary": "x", "examples": [ROW, ROW]}, [ROW, ROW])):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        rows = list(raw_rows(str(path), Layout(rows_at=bbh.ROWS_AT)))
        assert [row.value for row in rows] == [ROW, ROW]
