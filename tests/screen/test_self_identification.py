"""Answers that speak as a model, and those that speak about models."""

import pytest

from .screened import dropped


@pytest.mark.parametrize(
    "answer",
    [
        "As an AI language model, I have no favourite tea.",
        "Well, I'm an AI assistant developed by a team.",
        "I was created by OpenAI to help.",
        "I am ChatGPT.",
        "I'm just a chatbot, so I do not drink.",
        "I don't have personal opinions about tea.",
        "作为一个人工智能助手，我没有喝过茶。",
        "您好，我是由某公司开发的人工智能助手。",
    ],
)
def test_models(answer: str) -> None:
    assert dropped("self_identification", [answer]) == [True]


@pytest.mark.parametrize(
    "answer",
    [
        "A language model predicts the next word.",
        "As an AI researcher she read about tea.",
        "It can serve as an AI assistant, if it is fast.",
        "My programming team met on Monday.",
        "I work as a virtual assistant.",
        "人工智能正在改变世界。",
    ],
)
def test_about_models(answer: str) -> None:
    assert dropped("self_identification", [answer]) == [False]
