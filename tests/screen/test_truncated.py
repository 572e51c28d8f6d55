"""Answers that end in the middle."""

import pytest

from .screened import dropped

LONG = "Black tea is made from the leaves of a shrub that grows in the hills of India"


@pytest.mark.parametrize(
    "answer",
    [f"{LONG}, and", f"{LONG} because", f"{LONG}. It is grown there, dried there,", f"{LONG} ("],
)
def test_open_sentences(answer: str) -> None:
    assert dropped("truncated", [answer]) == [True]


@pytest.mark.parametrize(
    "answer",
    [
        f"{LONG}.",
        LONG,
        f"Dear Ada,\n\n{LONG}.\n\nSincerely,",
        f"{LONG} :-(",
        "the",
        "Tea, and",
        "where does the tea that we drink in the morning come from",
    ],
)
def test_answers_that_have_an_end(answer: str) -> None:
    assert dropped("truncated", [answer]) == [False]


def test_code_blocks_that_stay_open() -> None:
    assert dropped("truncated", ["```\nx = 1\n", "```\nx = 1\n```", "a ``` b"]) == [
        True,
        False,
        False,
    ]


def test_a_missing_full_stop_counts_if_the_recipe_says_so() -> None:
    answer = f"{LONG}. Then it is dried and rolled and sold in all of the world"
    assert dropped("truncated", [answer]) == [False]
    assert dropped("truncated", [answer], kinds=["no_full_stop"]) == [True]
