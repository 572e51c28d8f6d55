"""Screens of wording look at what the assistant says; what a tool gets and gives is no prose."""

from __future__ import annotations

from typing import Any

import pytest

from mixer.schema import Answer, Message, Record, user
from mixer.tool_calls import tool_call

from .screened import reasons

CALL = tool_call("tide", {"at": "Aber"})


def _record(result: str, *last: Message) -> Record:
    return Record([user("Tide?")], [Answer((CALL, Message("tool", result), *last))])


@pytest.mark.parametrize(
    ("screen", "result"),
    [
        ("empty_answer", ""),
        ("refusal", "I'm sorry, but I cannot help with that."),
        ("self_identification", "As an AI language model, I know."),
        ("repetition", "so it is and so it goes " * 20),
        ("truncated", "```python"),
    ],
)
def test_what_a_tool_says_is_not_the_answer(screen: str, result: str) -> None:
    good = Message("assistant", "At twenty past two.")
    bad = Message("assistant", result)
    assert reasons(screen, [_record(result, good), _record(result)]) == [None, None]
    assert reasons(screen, [_record("14:20", bad)]) != [None]


@pytest.mark.parametrize(
    ("screen", "text", "settings"),
    [
        ("personal_data", "ada.lovelace@engine.org", {"on": "answers"}),
        ("mojibake", "donâ€™t", {}),
        ("placeholders", "{{name}}", {}),
    ],
)
def test_what_no_text_may_hold_no_result_may(
    screen: str, text: str, settings: dict[str, Any]
) -> None:
    good = Message("assistant", "At twenty past two.")
    assert reasons(screen, [_record(text, good)], **settings) != [None]


def test_calls_have_lengths() -> None:
    (record,) = [Record([user("Tide?")], [Answer((CALL,))])]
    assert reasons("length", [record], min_answer_words=1, min_answer_tokens=1) == [None]
