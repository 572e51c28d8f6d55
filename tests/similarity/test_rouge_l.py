"""ROUGE-L against its plain definition: the table of the longest common subsequence, words by a
regular expression, F in the reference's order of operations."""

from __future__ import annotations

import re
from itertools import chain, pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from mixer.similarity.rouge_l import common_subsequence, f_measure, make_scratch
from mixer.similarity.rouge_words import rouge_words

NUMBERS = st.integers(1, 40).flatmap(
    lambda most: st.lists(st.integers(0, most), max_size=200).map(
        lambda values: np.array(values, np.int32)
    )
)


@given(NUMBERS, NUMBERS)
def test_the_common_subsequence_is_the_longest(one: np.ndarray, other: np.ndarray) -> None:
    scratch = make_scratch(41, 200)
    expected = LCSseq.similarity(one.tolist(), other.tolist())
    assert common_subsequence(one, other, scratch) == expected
    assert common_subsequence(other, one, scratch) == expected
    assert not scratch.masks.any()


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 1000])
def test_blocks_of_64_words_join_without_a_seam(length: int) -> None:
    ones = np.ones(length, np.int32)
    turns = np.arange(2 * length, dtype=np.int32) % 2
    scratch = make_scratch(2, 2 * length)
    assert common_subsequence(ones, turns, scratch) == length
    assert common_subsequence(turns[::-1].copy(), turns, scratch) == 2 * length - 1


def _f_measure(common: int, one: int, other: int) -> float:
    precision, recall = common / other, common / one
    return 2 * precision * recall / (precision + recall) if common else 0.0


def test_f_has_every_bit_of_the_reference() -> None:
    for one in range(1, 50):
        for other in range(1, 50):
            for common in range(min(one, other) + 1):
                assert f_measure(common, one, other) == _f_measure(common, one, other)


def test_seven_in_ten_is_not_always_above_seven_tenths() -> None:
    # All of these are 0.7 on paper; what binary arithmetic makes of them decides.
    sizes = [(7 * k, 10 * k, 10 * k) for k in range(1, 40)]
    sizes += [(7 * k, 5 * k, 15 * k) for k in range(1, 40)]
    above = [f_measure(*size) > 0.7 for size in sizes]
    assert above == [_f_measure(*size) > 0.7 for size in sizes]


def _words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).split()


def _hashes(texts: list[str | None], other_scripts: bool = True) -> list[list[int]]:
    hashes, offsets = rouge_words(pa.array(texts, pa.string()), other_scripts)
    return [hashes[a:b].tolist() for a, b in pairwise(offsets)]


@given(st.lists(st.text(max_size=30) | st.text("aAkK1 .é\u0130\u212a好", max_size=30), max_size=6))
@example(["\u0130stanbul \u212aelvin", "i stanbul kelvin"])
def test_words_are_those_of_the_reference(texts: list[str]) -> None:
    found = _hashes([*texts], other_scripts=False)
    expected = [_words(text) for text in texts]
    assert [len(row) for row in found] == [len(row) for row in expected]
    pairs = {pair for one, two in zip(found, expected, strict=True) for pair in zip(one, two)}  # noqa: B905 - of one length
    assert len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs})


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_ascii_is_read_alike_with_and_without_other_scripts(text: str) -> None:
    assert _hashes([text]) == _hashes([text], other_scripts=False)


def test_a_text_mostly_of_other_letters_is_cut_into_words_of_its_script() -> None:
    chinese, russian, french, named = _hashes(
        ["用 Python 写一首诗", "Напиши стих о Москве", "Résumez ce texte en une phrase", "say 你好"]
    )
    assert len(chinese) == 5  # 用, python and three pairs
    assert len(russian) == 4
    assert french == _hashes(["R sumez ce texte en une phrase"])[0]
    assert len(named) == 2
    assert set(chinese) & set(_hashes(["python"])[0])


def test_half_is_not_mostly_ascii() -> None:
    assert len(_hashes(["hello мир"])[0]) == 2
    assert len(_hashes(["hello there мир"])[0]) == 2


def test_an_emoji_is_no_other_script() -> None:
    assert _hashes(["Hi 😀"]) == _hashes(["hi"])


def test_nothing_has_no_words() -> None:
    assert _hashes(["", None, "?!", "😀", "\x00"]) == [[], [], [], [], []]
    assert _hashes([]) == []


def test_a_slice_of_a_column_reads_the_same() -> None:
    column = pa.array(["left out", "name a tea", "好 好好"], pa.large_string())
    expected = list(chain(*_hashes(["name a tea", "好 好好"])))
    assert rouge_words(column.slice(1), True).hashes.tolist() == expected
