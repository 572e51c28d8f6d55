"""Splits and stages: groups of records that belong together, each wholly on one side.

Groups come in the order of the smallest seeded hash among their records, so that a source that
comes or goes moves few of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mixer.mixture.goals import STAGES

TRAIN = "train"


class Groups(NamedTuple):
    """`group` int64 [records], 0 … n−1; `order` int64 [n]: the groups in the order of the draw;
    `rows` int64 [n]."""

    group: np.ndarray
    order: np.ndarray
    rows: np.ndarray


def make_groups(labels: np.ndarray, rows: np.ndarray, priority: np.ndarray) -> Groups:
    """labels: any numbers; rows: how many rows each record has."""
    _, group = np.unique(labels, return_inverse=True)
    count = int(group.max(initial=-1)) + 1
    earliest = np.full(count, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(earliest, group, priority)
    total = np.bincount(group, rows, minlength=count).astype(np.int64)
    return Groups(group, np.lexsort((np.arange(count), earliest)), total)


def split(groups: Groups, shares: dict[str, float]) -> tuple[list[str], np.ndarray]:
    """Names of the splits, and the code of each record. What is left is `train`; shares that add
    up to 1 leave nothing: the last split takes what is over."""
    names = [*shares]
    if sum(shares.values()) < 1 - 1e-9 and TRAIN not in shares:
        names = [TRAIN, *shares]
    total = int(groups.rows.sum())
    rest = names.index(TRAIN) if TRAIN in names else len(names) - 1
    code = np.full(len(groups.rows), rest)
    free = np.ones(len(groups.rows), bool)
    for number, name in enumerate(names):
        if number != rest:
            chosen = fill(groups, free, round(shares[name] * total))
            code[chosen], free[chosen] = number, False
    return names, code[groups.group]


def fill(groups: Groups, free: np.ndarray, wanted_rows: int) -> np.ndarray:
    """int64: free groups in order until `wanted_rows`; a group too large for the room is passed."""
    candidates = groups.order[free[groups.order]]
    chosen: list[np.ndarray] = []
    room = wanted_rows
    while True:
        candidates = candidates[groups.rows[candidates] <= room]
        if not len(candidates) or room <= 0:
            return np.concatenate([*chosen, np.zeros(0, np.int64)])
        ends = np.cumsum(groups.rows[candidates])
        fitting = int(np.searchsorted(ends, room, side="right"))
        chosen.append(candidates[:fitting])
        room -= int(ends[fitting - 1])
        candidates = candidates[fitting:]


def stages(
    groups: Groups, serves: np.ndarray, shares: dict[str, float]
) -> tuple[np.ndarray, list[str]]:
    """The stage of each record (index into STAGES), and a sentence for each stage that misses its
    share by more than a group. `serves` bool [records, 3]: the stages a record can be used in;
    a group goes where all of its records can. The policy stage takes any prompt."""
    able = np.ones((len(groups.rows), len(STAGES)), bool)
    for number in range(len(STAGES)):
        np.logical_and.at(able[:, number], groups.group, serves[:, number])
    total = int(groups.rows.sum())
    code = np.full(len(groups.rows), STAGES.index("policy"))
    free = np.ones(len(groups.rows), bool)
    # The stage that fewest records can serve chooses first.
    for name in ("reward", "supervised"):
        number = STAGES.index(name)
        chosen = fill(groups, free & able[:, number], round(shares.get(name, 0.0) * total))
        code[chosen], free[chosen] = number, False
    return code[groups.group], _missed(groups, code, shares)


def _missed(groups: Groups, code: np.ndarray, shares: dict[str, float]) -> list[str]:
    total = int(groups.rows.sum())
    largest = int(groups.rows.max(initial=1))
    sentences = []
    for number, name in enumerate(STAGES):
        wanted, there = round(shares.get(name, 0.0) * total), int(groups.rows[code == number].sum())
        if abs(there - wanted) > max(largest, len(STAGES)):
            sentences.append(f"mix.stages.{name} wants {wanted:,} rows and has {there:,}")
    return sentences
