"""Word rules against the steps of Self-Instruct's published code."""

from __future__ import annotations

import re
import string

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.dedup.novelty import Step
from mixer.dedup.rules.word_rules import SELF_INSTRUCT, WordRules, broken, sentences


def _broken(texts: list[str | None], rules: WordRules) -> list[int]:
    return broken(pa.array(texts, pa.large_string()), rules).tolist()


def _published(text: str) -> bool:
    """Whether Self-Instruct's code keeps a text: its steps, said once more."""
    text = " ".join(text.split()).capitalize()
    if not 3 < len(text.split()) <= 150 or text.startswith("Write a program"):
        return False
    banned = "|".join(SELF_INSTRUCT.banned_words)
    if re.search(rf"\b({banned})\b", text, flags=re.IGNORECASE):
        return False
    return text[0] not in string.punctuation and text[0].isascii()


PIECES = ["draw", "Map", "go", "to", "images", "imagery", "write", "a", "program", "x_file", "tea"]
LINKS = [" ", "  ", "\n", "-", ",", "_", "é", "\u3000", "\x1f"]


@given(st.lists(st.sampled_from(PIECES) | st.sampled_from(LINKS) | st.text(max_size=3)))
def test_the_rules_are_those_of_the_published_code(pieces: list[str]) -> None:
    text = "".join(pieces)
    # Capitals of a few ligatures and long s are ASCII letters: the one place where we differ.
    if text.strip()[:1].isascii() or not text.strip()[0].capitalize()[0].isascii():
        assert (_broken([text], SELF_INSTRUCT)[0] < 0) == _published(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Name a tea", "fewer than 4 words"),
        ("word " * 151, "more than 150 words"),
        ("Sketch the PICTURE of it", "holds the word 'picture'"),
        ("Go\nto the next town", "holds the word 'go to'"),
        ("Write a  program that adds", "begins with 'write a program'"),
        ("(a) or (b) or (c)?", "does not begin with an ASCII letter or digit"),
        ("École ou lycée, lequel préférer?", "does not begin with an ASCII letter or digit"),
        ("Name a pictureless tea now", None),
        ("word " * 150, None),
        ("3 teas to name now", None),
    ],
)
def test_a_rule_says_why(text: str, reason: str | None) -> None:
    (number,) = _broken([text], SELF_INSTRUCT)
    assert (sentences(SELF_INSTRUCT)[number] if number >= 0 else None) == reason


def test_rules_can_be_given_one_by_one() -> None:
    step = Step(rules="self_instruct", min_words=2, banned_words=(), first_character="letter")
    assert step.word_rules == SELF_INSTRUCT._replace(
        min_words=2, banned_words=(), first_character="letter"
    )
    texts = ["好的，写一首诗", "¿qué?", "c++ is it"]
    letters = WordRules(banned_words=("c++",), first_character="letter")
    assert _broken(texts, letters) == [-1, 1, 0]


def test_no_text_and_no_rule_break_nothing() -> None:
    assert _broken([None, ""], WordRules()) == [-1, -1]
    assert _broken([None, ""], SELF_INSTRUCT) == [-1, 0]
    assert _broken([], SELF_INSTRUCT) == []
