"""Texts are those of user and assistant in turn; an odd number of them is a bare prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import lima
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]


def test_texts_alternate_and_the_source_is_the_subset(parse: Parse) -> None:
    (record,) = parse("lima", {"conversations": ["a", "b", "c", "d"], "source": "multi_turn"})
    assert record.prompt == [Message("user", "a"), Message("assistant", "b"), Message("user", "c")]
    assert record.answers[0].messages == (Message("assistant", "d"),)
    assert record.subset == "multi_turn"


def test_a_row_of_the_test_split_is_a_prompt(parse: Parse) -> None:
    (record,) = parse("lima", {"conversations": ["a"], "source": "pushshift"})
    assert (record.prompt, record.answers) == ([Message("user", "a")], [])


def test_an_empty_conversation_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="empty list"):
        parse("lima", {"conversations": []})


@given(st.lists(st.text(), min_size=1), st.text())
def test_render_is_the_inverse_of_parse(texts: list[str], source: str) -> None:
    row = lima.Row(texts, source)
    assert lima.render(lima.parse(row, Place("s", "f", 1), None)) == row
