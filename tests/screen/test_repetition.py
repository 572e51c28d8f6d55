"""The share of repeated n-grams against a plain count, and what it rejects."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.screen.rules.repeated import longest_runs, repeated_shares
from mixer.similarity.segments import strings

from .screened import dropped, step_of

WORDS = st.lists(st.sampled_from(["tea", "cup", "and", "hot", "2"]), max_size=25)


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 4), st.integers(0, 12))
def test_the_share_is_that_of_a_plain_count(
    texts: list[list[str]], words: int, more_words: int
) -> None:
    min_words = words + more_words
    made = strings(pa.array([" ".join(text) for text in texts]))
    found = repeated_shares(made.data, made.offsets, words, min_words)
    for text, share in zip(texts, found, strict=True):
        grams = Counter(tuple(text[i : i + words]) for i in range(len(text) - words + 1))
        expected = 0.0
        if len(text) >= min_words:
            expected = 1 - len(grams) / grams.total()
        assert share == pytest.approx(expected)


@given(st.lists(st.text(alphabet="aé茶😀 ", max_size=20), min_size=1, max_size=4))
def test_the_longest_run_of_one_character(texts: list[str]) -> None:
    made = strings(pa.array(texts))
    found = longest_runs(made.data, made.offsets)
    for text, longest in zip(texts, found, strict=True):
        runs, last, run = [0], "", 0
        for character in text:
            run = run + 1 if character == last else 1
            last = character
            runs.append(0 if character == " " else run)
        assert longest == max(runs)


def test_loops_go_and_lists_stay() -> None:
    loop = "The tea is hot and the cup is full. " * 12
    chinese = "坚持党的基本路线；坚持党的基本纲领；" * 6
    listed = "".join(f"{n}. Tea number {n} is grown in the valley called {n}.\n" for n in range(9))
    table = "<tr><td>tea</td><td>cup</td></tr>\n" * 20
    found = dropped("repetition", [loop, chinese, listed, table, "tea " * 10, "a" * 300])
    assert found == [True, True, False, False, False, True]
    assert dropped("repetition", [table], markup=True) == [True]


def test_impossible_limits_are_one_sentence() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        step_of("repetition", max_share=2)
    assert np.isfinite(step_of("repetition").max_share)
