"""Drawing depends on fingerprints and the seed alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mixer.mixture.draw import first_of_groups, priorities, repeats

KEYS = arrays(
    np.uint64, st.tuples(st.integers(1, 50), st.just(2)), elements=st.integers(0, 2**64 - 1)
)


@given(KEYS, st.integers(0, 2**32), st.randoms())
def test_a_record_keeps_its_priority_when_others_come_or_go(
    keys: np.ndarray, seed: int, random: object
) -> None:
    everything = priorities(keys, seed)
    some = np.arange(0, len(keys), 2)
    assert (priorities(keys[some], seed) == everything[some]).all()


def test_seeds_and_purposes_give_different_orders() -> None:
    keys = np.arange(200, dtype=np.uint64).reshape(100, 2)
    orders = {tuple(np.argsort(priorities(keys, s, p))) for s in (0, 1) for p in (0, 1, 2)}
    assert len(orders) == 6


def test_draws_are_uniform_over_records() -> None:
    keys = np.arange(40_000, dtype=np.uint64).reshape(20_000, 2)
    drawn = np.argsort(priorities(keys, 5))[:10_000]
    halves = (drawn < 10_000).sum()
    assert abs(halves - 5_000) < 5 * np.sqrt(2_500)


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=60), st.integers(0, 150))
def test_whole_epochs_go_to_all_and_the_rest_to_the_first(groups: list[int], wanted: int) -> None:
    array = np.array(groups)
    priority = np.arange(len(groups), dtype=np.uint64)[::-1]
    drawn = repeats(array, {0: wanted}, priority)
    members = np.flatnonzero(array == 0)
    assert drawn.sum() == (wanted if len(members) else 0)
    assert (drawn[array != 0] == 0).all()
    if len(members):
        assert np.ptp(drawn[members]) <= 1
        extra = members[drawn[members] > drawn[members].min()]
        assert set(extra) == set(members[::-1][: len(extra)])


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 5))
def test_caps_keep_the_first_of_each_group(groups: list[int], limit: int) -> None:
    array = np.array(groups, dtype=np.int64)
    priority = priorities(np.arange(2 * len(groups), dtype=np.uint64).reshape(-1, 2), 3)
    stays = first_of_groups(array, limit, priority)
    for group in set(groups):
        members = np.flatnonzero(array == group)
        best = sorted(members, key=lambda row: (priority[row], row))[:limit]
        assert set(members[stays[members]]) == set(best)
