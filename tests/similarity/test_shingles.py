"""Shingles say what a plain Python reading of the text says."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from mixer.similarity.shingles import shingles

TEXTS = st.lists(st.text(max_size=40), max_size=8)


def _sets(texts: pa.Array, **how: int) -> list[tuple[int, ...]]:
    values, offsets = shingles(texts, **how)
    return [tuple(values[a:b].tolist()) for a, b in itertools.pairwise(offsets)]


def _of(*texts: str, **how: int) -> list[tuple[int, ...]]:
    return _sets(pa.array(texts), **how)


@given(TEXTS, st.integers(1, 3), st.integers(0, 5))
def test_a_text_has_the_same_shingles_whatever_stands_beside_it(
    texts: list[str], words: int, whole_below: int
) -> None:
    how = {"words": words, "whole_below": whole_below}
    together = _sets(pa.array(texts, pa.string()), **how)
    assert together == [_of(text, **how)[0] for text in texts]
    padded = pa.array(["before", *texts, "after"], pa.large_string()).slice(1, len(texts))
    assert _sets(padded, **how) == together


@given(st.text(max_size=60))
def test_sets_are_sorted_unique_and_never_empty(text: str) -> None:
    (found,) = _of(text)
    assert len(found) >= 1
    assert list(found) == sorted(set(found))


@given(st.lists(st.sampled_from(["amber", "12", "basil", "öl", "35"]), min_size=1, max_size=12))
def test_words_are_what_white_space_and_punctuation_part(words: list[str]) -> None:
    (found,) = _of(" ".join(words))
    assert len(found) == len(set(words))
    assert found == _of("... " + ", ".join(word.upper() for word in words) + "!")[0]
    pairs = set(itertools.pairwise(words))
    assert len(_of(" ".join(words), words=2)[0]) == max(1, len(pairs))


def test_digits_count_and_width_does_not() -> None:
    one, other, wide = _of("12 + 7", "35 + 9", "１２ + ７")
    assert one != other
    assert one == wide


def test_scripts_without_spaces_are_cut_in_pairs_of_characters() -> None:
    assert len(_of("今天天气很好")[0]) == 5
    assert len(_of("สวัสดีครับ")[0]) > 5
    assert len(_of("好")[0]) == 1
    assert _of("好 is good")[0] == _of("is GOOD 好")[0]


def test_short_texts_are_one_shingle() -> None:
    yes, polite, same = _of("yes", "yes please", "Yes!", whole_below=5)
    assert len(polite) == 1
    assert yes != polite
    assert yes == same


def test_texts_without_words_are_told_apart() -> None:
    smile, question, empty, null = _sets(pa.array([":-)", "??", "", None]))
    assert len({smile, question, empty}) == 3
    assert empty == null


def test_long_texts_grow_the_result() -> None:
    text = " ".join(str(number) for number in range(5_000))
    values, offsets = shingles(pa.array([text, "short", text]))
    assert np.diff(offsets).tolist() == [5_000, 1, 5_000]
    assert (values[:5_000] == values[5_001:]).all()
