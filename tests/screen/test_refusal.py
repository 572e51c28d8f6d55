"""Answers that begin by refusing, and those that only sound like it."""

import pytest

from .screened import dropped, step_of


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot assist you in that way.",
        "As an AI language model, I am not able to browse the internet.",
        "Unfortunately, I'm not allowed to share personal details.",
        "I can't give you somebody's address.",
        "This task cannot be completed by a language model.",
        "Sorry, the task requires a visual output.",
        "很抱歉，我无法提供这种信息。",
        "作为一个文本机器人，我不能直接生成图像。",
    ],
)
def test_refusals(answer: str) -> None:
    assert dropped("refusal", [answer]) == [True]


@pytest.mark.parametrize(
    "answer",
    [
        "I can't wait to help!",
        "I can't help thinking about tea.",
        "I cannot recommend this kettle.",
        "Sorry, I won't be able to make it to the meeting.",
        "I'm sorry to hear that. What happened?",
        "A stone cannot float. She said: I'm sorry, I can't help you.",
        "他说他无法提供帮助。",
    ],
)
def test_other_answers(answer: str) -> None:
    assert dropped("refusal", [answer]) == [False]


def test_patterns_of_the_recipe_are_added() -> None:
    answers = ["Das kann ich nicht tun.", "Tee."]
    assert dropped("refusal", answers, patterns=["(?i)^das kann ich nicht"]) == [True, False]


def test_a_pattern_that_cannot_be_read_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        step_of("refusal", patterns=["("])
