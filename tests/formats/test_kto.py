"""A label is the score of one answer, and unpaired feedback never slips into supervised data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import kto
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]

ASK = {"role": "user", "content": "Is the ford open?"}
SAID = {"role": "assistant", "content": "From May on."}


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": [ASK], "completion": [SAID]},
        {"prompt": ASK["content"], "completion": SAID["content"]},
        {"prompt": ASK["content"], "completion": [ASK, SAID]},
        {"completion": [ASK, SAID]},
        {"messages": [ASK, SAID]},
    ],
)
def test_every_shape_is_one_answer_with_the_label_as_its_score(row: Any, parse: Parse) -> None:
    for label, score in ((True, 1.0), (False, 0.0), (1, 1.0)):
        (record,) = parse("kto", row | {"label": label})
        assert record.prompt == [Message("user", ASK["content"])]
        (answer,) = record.answers
        assert (answer.messages[0].content, answer.score) == (SAID["content"], score)


def test_the_label_is_about_the_last_answer(parse: Parse) -> None:
    (record,) = parse("kto", {"messages": [ASK, SAID, ASK, SAID], "label": False})
    assert [message.role for message in record.prompt] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"prompt": "a", "completion": "b", "label": 3}, "true or false"),
        ({"completion": "b", "label": True}, "no `prompt`"),
        ({"prompt": "a", "label": True}, "needs `prompt` and `completion`"),
        ({"completion": "b", "messages": [ASK, SAID], "label": True}, "or `messages`"),
        ({"messages": [ASK], "label": True}, "does not end with a turn of the assistant"),
    ],
)
def test_what_is_no_feedback_says_why(row: Any, words: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=words):
        parse("kto", row)
    with pytest.raises(msgspec.ValidationError, match="label"):
        parse("kto", {key: value for key, value in row.items() if key != "label"})


TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": TEXT}
)


@given(
    st.dictionaries(
        st.sampled_from(["prompt", "completion", "messages"]),
        TEXT | st.lists(TURN, max_size=4),
    ),
    st.booleans(),
)
def test_no_text_is_lost_in_any_shape(row: dict[str, Any], label: bool) -> None:
    record = read("kto", row | {"label": label})
    if record is not None:
        assert lost_texts(row, record) == []


@given(st.lists(TURN, max_size=3), TEXT, st.booleans())
def test_render_is_the_inverse_of_parse(prompt: Any, text: str, label: bool) -> None:
    said = {"role": "assistant", "content": text}
    raw = {"prompt": [*prompt, ASK], "completion": [said], "label": label}
    row = msgspec.convert(raw, kto.Row)
    assert kto.render(kto.parse(row, Place("s", "f", 1), None)) == row


RECIPE = """
name: t
sources:
  judged: {format: kto, path: data/judged.jsonl, license: mit%s}
"""


def _rows() -> list[dict[str, Any]]:
    return [
        {"prompt": f"Ford {n}?", "completion": f"It is {n} feet deep.", "label": n % 2 == 0}
        for n in range(6)
    ]


def _written(out: Path, config: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / "data" / config, partitioning=None).to_pylist()
    return rows


def test_unpaired_feedback_is_written_as_trl_reads_it_and_not_into_sft(
    write_rows: Callable[..., Path], build_recipe: Callable[..., Any]
) -> None:
    write_rows("judged.jsonl", _rows())
    out, summary = build_recipe(RECIPE % "")
    assert summary.configs == {"unpaired": 6}
    rows = {row["id"]: row for row in _written(out, "unpaired")}
    for number, upstream in enumerate(_rows(), 1):
        row = rows[f"judged/data/judged.jsonl:{number}"]
        assert row["prompt"] == [{"role": "user", "content": upstream["prompt"]}]
        assert row["completion"] == [{"role": "assistant", "content": upstream["completion"]}]
        assert row["label"] is upstream["label"]
        assert row["component"] == "feedback"


def test_a_source_may_say_that_it_is_supervised_data(
    write_rows: Callable[..., Path], build_recipe: Callable[..., Any]
) -> None:
    write_rows("judged.jsonl", _rows())
    _, summary = build_recipe(RECIPE % ", use: [sft]")
    assert summary.configs == {"sft": 6}
