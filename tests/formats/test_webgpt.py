"""The answer with the positive score is preferred; ties are no preferences; quotes are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import webgpt
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]

ROW = {
    "question": {"dataset": "eli5", "id": "a1", "full_text": "Why do boats float?"},
    "answer_0": "Wood is light.",
    "answer_1": "They push water away [1].",
    "quotes_0": {"title": [], "extract": []},
    "quotes_1": {"title": ["Buoyancy"], "extract": ["A body displaces water."]},
    "score_0": -0.5,
    "score_1": 0.5,
}


def test_the_answer_with_the_higher_score_comes_first(parse: Parse) -> None:
    (record,) = parse("webgpt", ROW)
    assert [(a.messages[0].content, a.score) for a in record.answers] == [
        ("They push water away [1].", 0.5),
        ("Wood is light.", -0.5),
    ]
    assert (record.subset, record.family, record.drop) == ("eli5", "a1", None)


def test_ties_are_dropped_with_the_reason(parse: Parse) -> None:
    (record,) = parse("webgpt", ROW | {"score_0": 0, "score_1": 0})
    assert record.drop == "a tie: neither answer is preferred"


def test_a_question_without_text_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match=r"\$.question.full_text"):
        parse("webgpt", ROW | {"question": {"dataset": "eli5"}})


QUOTES = st.fixed_dictionaries({"title": st.lists(TEXT), "extract": st.lists(TEXT)})


@given(
    st.fixed_dictionaries(
        {
            "question": st.fixed_dictionaries(
                {"full_text": TEXT}, optional={"dataset": TEXT, "id": TEXT | st.integers()}
            ),
            "answer_0": TEXT,
            "answer_1": TEXT,
            "score_0": st.floats(-1, 1),
            "score_1": st.floats(-1, 1),
            "quotes_0": QUOTES,
        }
    )
)
def test_render_is_the_inverse_of_parse_and_no_text_is_lost(row: dict[str, Any]) -> None:
    typed = msgspec.convert(row, webgpt.Row)
    assert webgpt.render(webgpt.parse(typed, Place("s", "f", 1), None)) == typed
    kept = read("webgpt", row)
    assert kept is not None
    assert lost_texts(row, kept) == []
