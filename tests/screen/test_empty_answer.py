"""Answers with nothing to see in them."""

from mixer.schema import Record, assistant, user

from .screened import dropped, reasons


def test_invisible_characters_are_nothing() -> None:
    assert dropped("empty_answer", ["\u200b\u00a0", "\u202e", "x", "😀", "茶", "+"]) == [
        True,
        True,
        *[False] * 4,
    ]


def test_punctuation_counts_if_the_recipe_says_so() -> None:
    answers = ["...", "？！", "a."]
    assert dropped("empty_answer", answers) == [False] * 3
    assert dropped("empty_answer", answers, punctuation=True) == [True, True, False]


def test_any_answer_of_a_preference_or_the_best_alone() -> None:
    pair = Record([user("a")], [assistant("Assam"), assistant("\u200b")])
    assert reasons("empty_answer", [pair]) == ["answer without a visible character"]
    assert reasons("empty_answer", [pair], on="best_answer") == [None]
