"""The columns that trainers read, against a row-by-row oracle."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from mixer.phases.shape import concatenated, shaped
from mixer.record_builder import RecordBuilder
from mixer.schema import MESSAGES, Answer, Message, Record

TURNS = st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), st.text()), max_size=4)


@given(st.lists(st.tuples(TURNS, TURNS), max_size=20))
def test_lists_are_joined_row_by_row(rows: list[tuple[list[Message], list[Message]]]) -> None:
    def column(side: int) -> pa.Array:
        return pa.array([[m._asdict() for m in row[side]] for row in rows], MESSAGES)

    joined = concatenated(column(0), column(1)).to_pylist()
    assert joined == [[m._asdict() for m in (*first, *second)] for first, second in rows]


def _table(records: list[Record]) -> pa.Table:
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    return pa.Table.from_batches([builder.take()]).select(["prompt", "answers", "id"])


def _answer(text: str, score: float | None = None) -> Answer:
    return Answer((Message("assistant", text),), score)


def test_preferences_take_the_best_and_the_last_answer_with_their_scores() -> None:
    prompt = [Message("user", "Tea?")]
    ranking = Record(prompt, [_answer("a", 3.0), _answer("b", 2.0), _answer("c", 1.0)])
    pair = Record(prompt, [_answer("d"), _answer("e")])
    rows = shaped(_table([ranking, pair]), "preference", scores=True).to_pylist()
    assert [row["chosen"][0]["content"] for row in rows] == ["a", "d"]
    assert [row["rejected"][0]["content"] for row in rows] == ["c", "e"]
    assert [row["score_chosen"] for row in rows] == [3.0, None]
    assert [row["score_rejected"] for row in rows] == [1.0, None]


def test_scores_are_left_out_where_no_row_has_any() -> None:
    pair = Record([Message("user", "Tea?")], [_answer("d"), _answer("e")])
    assert shaped(_table([pair]), "preference").column_names == [
        "prompt",
        "chosen",
        "rejected",
        "id",
    ]


def test_unpaired_rows_have_a_completion_and_a_label() -> None:
    prompt = [Message("user", "Tea?")]
    good, bad = Record(prompt, [_answer("a", 1.0)]), Record(prompt, [_answer("b", 0.0)])
    rows = shaped(_table([good, bad]), "unpaired").to_pylist()
    assert [row["completion"][0]["content"] for row in rows] == ["a", "b"]
    assert [row["label"] for row in rows] == [True, False]
    assert list(rows[0]) == ["prompt", "completion", "label", "id"]


def test_supervised_rows_hold_the_whole_conversation() -> None:
    record = Record([Message("system", "Be brief."), Message("user", "Tea?")], [_answer("Yes.")])
    (row,) = shaped(_table([record]), "sft").to_pylist()
    assert [turn["role"] for turn in row["messages"]] == ["system", "user", "assistant"]


def test_all_files_of_a_configuration_have_the_same_columns(
    write_rows: Callable[[str, list[Any]], Path], build_recipe: Callable[..., Any]
) -> None:
    pair = {"chosen": "It is.", "rejected": "It is not."}
    rows = [{"prompt": f"Is tea {number} green?", **pair} for number in range(40)]
    write_rows("p.jsonl", [*rows, rows[0] | {"score_chosen": 2.0, "prompt": "Is milk white?"}])
    out, _ = build_recipe(
        "name: t\nsources:\n  p: {format: preference, path: data/p.jsonl}\n"
        "mix: {split: {validation: 0.3}}\n"
    )
    train, validation = (
        pq.read_schema(out / "data" / "preference" / f"{split}-00000-of-00001.parquet")
        for split in ("train", "validation")
    )
    assert train.equals(validation)
    assert "score_chosen" in train.names
    described = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
    fields = described["recordSet"][0]["field"]
    assert [field["name"] for field in fields] == train.names
