"""A text or a list of turns is a prompt without answers, whoever has the last word."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import messages, prompt_only
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]


def test_a_text_is_one_turn_of_the_user(parse: Parse) -> None:
    (record,) = parse("prompt_only", {"prompt": "The harbour lies"})
    assert (record.prompt, record.answers) == ([Message("user", "The harbour lies")], [])


def test_a_prompt_that_ends_with_the_assistant_has_no_answer(parse: Parse) -> None:
    turns = [{"role": "user", "content": "Go on:"}, {"role": "assistant", "content": "The sea"}]
    (record,) = parse("prompt_only", {"prompt": turns, "tools": "[]"})
    assert record.prompt == [Message("user", "Go on:"), Message("assistant", "The sea")]
    assert record.answers == []
    assert record.meta == {"tools": "[]"}


def test_bad_prompts_say_why(parse: Parse) -> None:
    with pytest.raises(BadRow, match="`prompt` is an empty list"):
        parse("prompt_only", {"prompt": []})
    with pytest.raises(BadRow, match=r"unknown role 'usr'.*at `\$\.prompt\[0\]`"):
        parse("prompt_only", {"prompt": [{"role": "usr", "content": "a"}]})
    with pytest.raises(msgspec.ValidationError, match=r"\$\.prompt"):
        parse("prompt_only", {"prompt": None})


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TURNS = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), TEXT), min_size=1)


@given(TEXT | TURNS)
def test_what_is_rendered_reads_back_as_the_same_record(said: str | list[tuple[str, str]]) -> None:
    prompt = said if isinstance(said, str) else [messages.Turn(*turn) for turn in said]
    record = prompt_only.parse(prompt_only.Row(prompt), Place("s", "f", 1), None)
    again = prompt_only.parse(prompt_only.render(record), Place("s", "f", 1), None)
    assert again == record
    texts = [said] if isinstance(said, str) else [text for _, text in said]
    assert [message.content for message in record.prompt] == texts
