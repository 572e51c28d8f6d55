"""Queues: which records of a cell come first."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mixer.mixture.diverse import EMPTY, SKETCH, diverse
from mixer.mixture.rank import by_number, evenly, position_in_group

GROUPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=50)


@given(GROUPS, st.randoms(use_true_random=False))
def test_positions_count_the_records_before_in_the_group(
    pairs: list[tuple[int, int]], random: object
) -> None:
    one, two = (np.array([pair[i] for pair in pairs], np.int64) for i in range(2))
    priority = np.arange(len(pairs), dtype=np.uint64)
    random.shuffle(priority)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    found = position_in_group(one, two, priority)
    for row, pair in enumerate(pairs):
        before = [i for i, p in enumerate(pairs) if p == pair and priority[i] < priority[row]]
        assert found[row] == len(before)


@given(GROUPS)
def test_every_prefix_of_a_cell_has_its_values_in_equal_parts(pairs: list[tuple[int, int]]) -> None:
    cell, codes = (np.array([pair[i] for pair in pairs], np.int64) for i in range(2))
    place = evenly(cell, codes, np.arange(len(pairs), dtype=np.uint64))
    for one in set(cell.tolist()):
        members = np.flatnonzero(cell == one)
        ordered = codes[members[np.argsort(place[members])]]
        available = np.bincount(ordered, minlength=5)
        for end in range(1, len(ordered) + 1):
            counts = np.bincount(ordered[:end], minlength=5)
            not_exhausted = counts[counts < available]
            if len(not_exhausted):
                assert counts.max() - not_exhausted.min() <= 1


def test_the_top_of_a_number_comes_first_and_none_last() -> None:
    numbers = np.array([1.0, np.nan, 3.0, 3.0])
    priority = np.array([0, 1, 9, 2], np.uint64)
    assert np.argsort(by_number(numbers, priority, lowest=False)).tolist() == [3, 2, 0, 1]
    assert np.argsort(by_number(numbers, priority, lowest=True)).tolist() == [0, 3, 2, 1]


GRAMS = st.lists(
    st.tuples(st.integers(0, 1), st.frozensets(st.integers(0, 15), max_size=6)), max_size=30
)


@given(GRAMS)
def test_the_diverse_queue_is_that_of_the_greedy_rule(
    records: list[tuple[int, frozenset[int]]],
) -> None:
    cell = np.array([one for one, _ in records], np.int64)
    sketches = np.full((len(records), SKETCH), EMPTY, np.uint32)
    for row, (_, grams) in enumerate(records):
        sketches[row, : len(grams)] = sorted(grams)
    place = diverse(cell, sketches, np.arange(len(records), dtype=np.uint64))
    for one in (0, 1):
        members = [row for row in range(len(records)) if cell[row] == one]
        assert sorted(members, key=lambda row: place[row]) == _greedy(records, members)


def _greedy(records: list[tuple[int, frozenset[int]]], members: list[int]) -> list[int]:
    """One record at a time: the most new n-grams, ties by the order of the records."""
    left, covered, order = list(members), set[int](), []
    while left:
        best = max(left, key=lambda row: (len(records[row][1] - covered), -row))
        if not records[best][1] - covered:
            return order + left
        order.append(best)
        left.remove(best)
        covered |= records[best][1]
    return order
