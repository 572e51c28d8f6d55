"""Maps by names of columns: what they hold counts, too."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer import formats
from mixer.phases.suggested_map import NAMES, suggested_map
from mixer.schema import Place

CHAT = [{"role": "user", "content": "Tea?"}, {"role": "assistant", "content": "Yes."}]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Question": "a", "Best Answer": "b"}, {"prompt": "Question", "answer": "Best Answer"}),
        (
            {"question": "a", "context": "b", "answer": "c"},
            {"prompt": "question", "input": "context", "answer": "answer"},
        ),
        ({"input": "a", "target": "b"}, {"prompt": "input", "answer": "target"}),
        (
            {"prompt": "a", "chosen": "b", "rejected": "c"},
            {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"},
        ),
        (
            {"prompt": "a", "response": "b", "label": True},
            {"prompt": "prompt", "answer": "response", "label": "label"},
        ),
        (
            {"prompt": "a", "response": "b", "score": 3},
            {"prompt": "prompt", "answer": "response", "score": "score"},
        ),
        (
            {"chosen": CHAT, "rejected": CHAT[:1] + CHAT[1:]},
            {"chosen": "chosen", "rejected": "rejected"},
        ),
        ({"dialogue": CHAT, "prompt": "Tea?"}, {"messages": "dialogue"}),
        (
            {"question": "b", "history": [["a", "b"]], "answer": "c"},
            {"prompt": "question", "answer": "answer", "history": "history"},
        ),
        # The prompt holds the input already.
        (
            {"prompt": "Sum 1 2", "input": "1 2", "output": "3"},
            {"prompt": "prompt", "answer": "output"},
        ),
        # A label of a class is none of an answer, and objects are no text.
        ({"prompt": "a", "label": "tea", "answer": {"x": 1}}, {"prompt": "prompt"}),
    ],
)
def test_columns_are_known_by_name_and_kind(row: dict[str, Any], expected: dict[str, str]) -> None:
    found = suggested_map([row])
    assert found is not None
    assert found["map"] == expected


def test_columns_that_rows_leave_out_are_optional() -> None:
    found = suggested_map([{"question": "a", "answer": "b"}, {"question": "a"}])
    assert found == {"map": {"prompt": "question", "answer": "answer"}, "optional": ["answer"]}


def test_a_category_is_the_subset_where_it_divides_the_rows() -> None:
    rows = [{"question": "a", "category": f"{n % 2}"} for n in range(4)]
    assert suggested_map(rows) == {"map": {"prompt": "question", "subset": "category"}}
    assert suggested_map(rows[:2]) == {"map": {"prompt": "question"}}


def test_other_names_are_no_hint() -> None:
    assert suggested_map([{"colour": "red"}]) is None
    assert suggested_map([{"human": ["a", "b"], "machine": ["c"]}]) is None
    assert suggested_map([]) is None


_VALUES = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(CHAT),
    st.just(CHAT[1]),
    st.lists(st.text(max_size=3), max_size=2),
)


@given(st.lists(st.dictionaries(st.sampled_from(sorted(NAMES)), _VALUES), max_size=4))
def test_whatever_is_suggested_goes_together_and_is_the_same_for_any_order(
    rows: list[dict[str, Any]],
) -> None:
    found = suggested_map(rows)
    assert found == suggested_map([dict(reversed(row.items())) for row in rows])
    if found is not None:
        msgspec.convert(found, formats.options_type("columns"))


@given(st.sampled_from(["prompt", "question"]), st.text(min_size=1), st.text())
def test_what_is_suggested_reads_the_row(name: str, asked: str, said: str) -> None:
    row = {name: asked, "answer": said}
    options = msgspec.convert(suggested_map([row]), formats.options_type("columns"))
    record = formats.load("columns").parse(row, Place("s", "f", 1), options)
    assert not isinstance(record, list)
    assert record.prompt[0].content == asked
