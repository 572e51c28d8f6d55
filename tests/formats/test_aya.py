"""The language is the subset; the collection's task types are upstream's words."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.formats import aya
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]
ROW = {"inputs": "Quand part le bac ?", "targets": "À neuf heures.", "language": "French"}


def test_inputs_are_asked_and_targets_answer(parse: Parse) -> None:
    (record,) = parse("aya", ROW | {"language_code": "fra", "user_id": "u"})
    assert record.prompt[0].content == "Quand part le bac ?"
    assert record.answers[0].messages[0].content == "À neuf heures."
    assert record.subset == "fra"
    assert record.meta == {"language": "French", "language_code": "fra"}


def test_rows_of_the_collection_state_their_task(parse: Parse) -> None:
    (record,) = parse("aya", ROW | {"task_type": "summarization"})
    assert (record.subset, record.stated_task) == ("French", ("words", "summarization"))


def test_null_targets_make_a_prompt_and_none_at_all_a_bad_row(parse: Parse) -> None:
    assert parse("aya", ROW | {"targets": None})[0].answers == []
    with pytest.raises(msgspec.ValidationError, match="targets"):
        parse("aya", {"inputs": "Quand ?"})


TEXTS = st.text(min_size=1)


@given(
    st.builds(
        aya.Row,
        inputs=st.text(),
        targets=st.text() | st.none(),
        language=TEXTS | st.none(),
        language_code=TEXTS | st.none(),
        task_type=TEXTS | st.none(),
    )
)
def test_render_is_the_inverse_of_parse(row: aya.Row) -> None:
    assert aya.render(aya.parse(row, Place("s", "f", 1), None)) == row
