"""Exact duplicates against a brute-force oracle."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mixer.dedup.exact import first_equal


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=40))
def test_each_row_is_dropped_for_the_first_kept_row_with_its_key(
    rows: list[tuple[int, int, bool]],
) -> None:
    keys = np.array([row[:2] for row in rows], np.uint64).reshape(-1, 2)
    kept = np.array([row[2] for row in rows], bool)
    expected = []
    first: dict[tuple[int, int], int] = {}
    for number, (high, low, is_kept) in enumerate(rows):
        if not is_kept:
            expected.append(-1)
        elif (high, low) in first:
            expected.append(first[high, low])
        else:
            first[high, low] = number
            expected.append(-1)
    assert first_equal(keys, kept).tolist() == expected


def test_a_million_equal_rows_keep_the_first() -> None:
    keys = np.zeros((1_000_000, 2), np.uint64)
    witnesses = first_equal(keys, np.ones(1_000_000, bool))
    assert witnesses[0] == -1
    assert (witnesses[1:] == 0).all()
