"""Families are the connected components of all near-duplicate pairs, found by brute force here."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from mixer.similarity.families import families
from mixer.similarity.shingles import Shingles, shingles

SETS = st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=10), max_size=25)
THRESHOLDS = st.sampled_from([0.3, 0.5, 0.6, 0.75, 0.8, 0.9, 1.0])


def _packed(sets: list[frozenset[int]]) -> Shingles:
    values = [value * 2_654_435_761 % 2**32 for one in sets for value in one]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in sets])]).astype(np.int64)
    packed = np.array(values, np.uint32)
    for start, end in itertools.pairwise(offsets):
        packed[start:end].sort()
    return Shingles(packed, offsets)


def _brute_force(sets: list[frozenset[int]], threshold: float) -> list[int]:
    label = list(range(len(sets)))
    for _ in sets:
        for i, one in enumerate(sets):
            for j, other in enumerate(sets):
                if len(one & other) >= threshold * len(one | other) - 1e-9:
                    label[i] = label[j] = min(label[i], label[j])
    return label


@given(SETS, THRESHOLDS)
def test_they_are_those_of_brute_force(sets: list[frozenset[int]], threshold: float) -> None:
    assert families(_packed(sets), threshold).tolist() == _brute_force(sets, threshold)


@given(SETS, THRESHOLDS, st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(
    sets: list[frozenset[int]], threshold: float, random: object
) -> None:
    place = list(range(len(sets)))
    random.shuffle(place)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    straight = families(_packed(sets), threshold)
    moved = families(_packed([sets[i] for i in place]), threshold)
    same = {(straight[a], moved[i]) for i, a in enumerate(place)}
    assert len(same) == len(set(straight.tolist())) == len(set(moved.tolist()))


def test_a_pair_exactly_at_the_threshold_is_one_family() -> None:
    sets = [frozenset(range(5)), frozenset(range(4))]
    assert families(_packed(sets), 0.8).tolist() == [0, 0]
    assert families(_packed(sets), 0.81).tolist() == [0, 1]


def test_thousands_of_equal_texts_and_a_shared_template_are_no_trouble() -> None:
    template = "Say whether the following statement about birds is true or false and explain why"
    texts = [f"{template}: bird {n} {n * 7} {n * 13} {n * 17} {n * 19}" for n in range(3_000)]
    found = families(shingles(pa.array(texts + texts[:1] * 5_000)), 0.95)
    assert (found[:3_000] == np.arange(3_000)).all()
    assert (found[3_000:] == 0).all()
