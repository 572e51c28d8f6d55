"""Groups stay together, shares are met as nearly as groups allow, few groups move."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mixer.mixture.split import Groups, make_groups, split, stages

LABELS = st.lists(st.integers(0, 20), min_size=1, max_size=80)


def _groups(labels: list[int]) -> Groups:
    priority = np.random.Generator(np.random.PCG64(1)).integers(0, 2**63, len(labels))
    rows = np.ones(len(labels), np.int64)
    return make_groups(np.array(labels), rows, priority.astype(np.uint64))


@given(LABELS, st.integers(0, 50), st.integers(0, 50))
def test_no_group_is_on_two_sides(labels: list[int], validation: int, test: int) -> None:
    shares = {"validation": validation / 100, "test": test / 100}
    names, code = split(_groups(labels), shares)
    for label in set(labels):
        assert len({names[code[i]] for i, own in enumerate(labels) if own == label}) == 1
    if validation + test < 100:
        assert names[0] == "train"


@given(st.integers(1, 3_000), st.integers(1, 40))
def test_shares_are_exact_where_groups_are_single_rows(rows: int, percent: int) -> None:
    names, code = split(_groups(list(range(rows))), {"validation": percent / 100})
    assert (code == names.index("validation")).sum() == round(rows * percent / 100)


def test_shares_that_add_up_to_one_leave_no_train() -> None:
    names, code = split(_groups(list(range(100))), {"a": 0.25, "b": 0.75})
    assert names == ["a", "b"]
    assert np.bincount(code).tolist() == [25, 75]


def test_a_group_larger_than_a_split_stays_in_train() -> None:
    labels = [0] * 90 + list(range(1, 11))
    names, code = split(_groups(labels), {"validation": 0.05})
    assert {names[c] for c in code[:90]} == {"train"}
    assert (code == names.index("validation")).sum() == 5


def test_a_new_source_moves_no_group_from_one_side_to_the_other_but_by_size() -> None:
    generator = np.random.Generator(np.random.PCG64(2))
    priority = generator.integers(0, 2**63, 4_000).astype(np.uint64)
    ones = np.ones(4_000, np.int64)
    _, before = split(make_groups(np.arange(2_000), ones[:2_000], priority[:2_000]), {"v": 0.1})
    _, after = split(make_groups(np.arange(4_000), ones, priority), {"v": 0.1})
    moved = (before != after[:2_000]).sum()
    assert moved < 40


def test_stages_take_what_they_can_use() -> None:
    # 50 bare prompts, 100 with one answer, 50 pairs.
    answers = np.array([0] * 50 + [1] * 100 + [2] * 50)
    serves = np.stack([answers == 1, answers == 2, np.ones(200, bool)], axis=1)
    shares = {"supervised": 0.25, "reward": 0.25, "policy": 0.5}
    stage, missed = stages(_groups(list(range(200))), serves, shares)
    assert np.bincount(stage).tolist() == [50, 50, 100]
    assert (answers[stage == 0] == 1).all()
    assert (answers[stage == 1] == 2).all()
    assert not missed
    _, missed = stages(_groups(list(range(200))), serves, {"supervised": 0.2, "reward": 0.8})
    assert missed[0] == "mix.stages.reward wants 160 rows and has 50"
