"""Alpaca's fields with the answer called `response`; the folder is the subset."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import gpteacher
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]
ROW = {"instruction": "Play a ferryman.", "input": "A storm.", "response": "Hold on!"}


def test_the_response_is_the_answer_and_the_folder_the_subset(parse: Parse) -> None:
    (record,) = parse("gpteacher", ROW, "Roleplay/roleplay.json")
    assert record.prompt[0].content == "Play a ferryman.\n\nA storm."
    assert record.answers[0].messages[0].content == "Hold on!"
    assert (record.subset, record.stated_task) == ("Roleplay", None)


def test_codegen_states_its_task(parse: Parse) -> None:
    (record,) = parse("gpteacher", ROW, "Codegen/codegen-instruct.json")
    assert record.stated_task == ("words", "code")


def test_a_row_without_an_answer_is_bad(parse: Parse) -> None:
    with pytest.raises(BadRow, match="needs an answer"):
        parse("gpteacher", {"instruction": "Play.", "input": ""})


@given(st.text(), st.text().filter(lambda text: len(text) > 40), st.text(min_size=20))
def test_render_is_the_inverse_of_parse(instruction: str, given: str, answer: str) -> None:
    row = gpteacher.Row(instruction, input=given, response=answer)
    assert gpteacher.render(gpteacher.parse(row, Place("s", "f", 1), None)) == row
