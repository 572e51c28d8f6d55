"""Orders: every prefix of an interleaved mixture keeps the shares."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mixer.mixture.order import by_number, by_stage, interleaved


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200))
def test_every_prefix_keeps_the_shares(codes: list[int]) -> None:
    array = np.array(codes)
    order = interleaved(array)
    assert sorted(order.tolist()) == list(range(len(codes)))
    share = np.bincount(array) / len(array)
    given_so_far = np.zeros(len(share))
    for position, row in enumerate(order):
        given_so_far[array[row]] += 1
        off = np.abs(given_so_far - share * (position + 1))
        assert off.max() <= 1 + np.log2(len(share)) / 2


@given(st.lists(st.integers(0, 3), max_size=60))
def test_rows_of_one_kind_keep_their_own_order(codes: list[int]) -> None:
    array = np.array(codes, np.int64)
    for order in (interleaved(array), by_stage(array)):
        for code in set(codes):
            own = [row for row in order.tolist() if codes[row] == code]
            assert own == sorted(own)


def test_halves_alternate() -> None:
    assert np.array([0, 0, 1, 1])[interleaved(np.array([0, 0, 1, 1]))].tolist() == [0, 1, 0, 1]


def test_by_number_puts_rows_without_one_last() -> None:
    numbers = np.array([2.0, np.nan, 1.0])
    assert by_number(numbers, descending=False).tolist() == [2, 0, 1]
    assert by_number(numbers, descending=True).tolist() == [0, 2, 1]
