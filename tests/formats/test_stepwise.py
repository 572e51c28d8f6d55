"""Steps are joined to one answer, which is good only if every step is; nothing of them is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import stepwise
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]

ROW = {
    "prompt": "How many eggs are in 3 boxes of 6?",
    "completions": ["A box has 6 eggs.", "3 boxes have 9 eggs."],
    "labels": [True, False],
}


def test_an_answer_is_good_if_every_step_is(parse: Parse) -> None:
    (record,) = parse("stepwise", ROW)
    assert record.answers[0].messages[0].content == "A box has 6 eggs.\n3 boxes have 9 eggs."
    assert record.answers[0].score == 0.0
    (record,) = parse("stepwise", ROW | {"labels": [True, True]}, separator=" ")
    assert record.answers[0].messages[0].content == "A box has 6 eggs. 3 boxes have 9 eggs."
    assert record.answers[0].score == 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": [True]}, "2 steps in `completions`, but 1 in `labels`"),
        ({"completions": [], "labels": []}, "empty list"),
    ],
)
def test_steps_without_labels_are_bad_rows(change: Any, words: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=words):
        parse("stepwise", ROW | change)


@given(TEXT, st.lists(st.tuples(TEXT, st.booleans()), min_size=1, max_size=5))
def test_render_is_the_inverse_of_parse(prompt: str, steps: list[tuple[str, bool]]) -> None:
    row = stepwise.Row(prompt, [text for text, _ in steps], [label for _, label in steps])
    record = stepwise.parse(row, Place("s", "f", 1), stepwise.Options())
    assert stepwise.render(record) == row
    raw = msgspec.to_builtins(row)
    kept = read("stepwise", raw)
    assert kept is not None
    assert lost_texts(raw, kept) == []
