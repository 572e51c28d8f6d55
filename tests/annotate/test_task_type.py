"""The text is judged, unless upstream states the task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mixer.annotate.component import Step as ComponentStep
from mixer.annotate.task_type import Step
from mixer.record_builder import RecordBuilder
from mixer.schema import Record, StatedTask, assistant, user

POEM = "Write a poem about tea."


def _batch(*records: Record) -> pa.RecordBatch:
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    return builder.take()


def _labels(*records: Record) -> list[tuple[str, str, str]]:
    columns = Step()(_batch(*records)).columns[:3]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _record(stated: StatedTask | None = None, **meta: Any) -> Record:
    return Record([user(POEM)], [assistant("Tea, O tea.")], stated_task=stated, meta=meta)


def test_upstream_wins_and_the_model_decides_what_upstream_leaves_open() -> None:
    ((task_type, form, _),) = _labels(_record())
    assert (task_type, form) == ("generation", "creative")
    assert _labels(
        _record(),
        _record(StatedTask("dolly", "general_qa")),
        _record(StatedTask("dolly", "open_qa")),
        _record(StatedTask("p3", "imdb_Reviewer_Enjoyment")),
    ) == [
        (task_type, form, "model"),
        (task_type, form, "model"),
        ("open_qa", form, "upstream"),
        ("classification", "short_answer", "upstream"),
    ]


@pytest.mark.parametrize("value", [5, "dolly", ["dolly"], ["dolly", 1], {"dolly": "open_qa"}, None])
def test_an_upstream_field_of_the_same_name_is_no_statement(value: Any) -> None:
    ((_, _, by),) = _labels(_record(stated_task=value))
    assert by == "model"


def test_confidence_is_the_model_s_and_null_where_upstream_says_it() -> None:
    stated = [None, StatedTask("dolly", "open_qa"), StatedTask("p3", "imdb_Reviewer_Enjoyment")]
    made = Step()(_batch(*map(_record, stated)))
    sure, of_form = (made[f"{name}_confidence"].to_pylist() for name in ("task_type", "form"))
    assert [each is None for each in sure] == [False, True, True]
    assert [each is None for each in of_form] == [False, False, True]
    assert all(0 < each <= 1 for each in (sure[0], of_form[0], of_form[1]))
    assert of_form[0] == of_form[1]


def test_component_takes_the_same_form_whether_it_is_annotated_or_not() -> None:
    stated = StatedTask("p3", "imdb_Reviewer_Enjoyment")
    scored = Record([user(POEM)], [assistant("Tea.", 1.0)])
    batch = _batch(_record(), _record(stated), scored)
    form = Step()(batch)["form"]
    annotated = batch.append_column("form", form)
    found = ComponentStep()(batch)["component"].to_pylist()
    assert found == ["open_ended", "instruction", "feedback"]
    assert ComponentStep()(annotated)["component"].to_pylist() == found


def test_no_rows_make_no_labels() -> None:
    assert Step()(_batch(_record()).slice(0, 0)).schema == Step().adds


def test_the_format_s_word_reaches_the_step(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    (tmp_path / "rows.csv").write_text("q,a,kind\nWho runs it?,The town.,Closed QA\nHm?,No.,\n")
    source = (
        f"{{format: columns, path: {tmp_path}/rows.csv, map: {{prompt: q, answer: a, task: kind}}}}"
    )
    out, _ = build_recipe(f"name: t\nsources: {{s: {source}}}\nannotate: [task_type]\n")
    table = pa.concat_tables(
        pa.parquet.read_table(path) for path in sorted(Path(out).glob("data/*/*.parquet"))
    )
    labels = zip(table["task_type"].to_pylist(), table["task_type_by"].to_pylist(), strict=True)
    assert ("closed_qa", "upstream") in set(labels)
    assert sorted(table["task_type_by"].to_pylist()) == ["model", "upstream"]
    assert table["task_type_confidence"].null_count == 1
