"""Which records a mixture takes: those with the smallest seeded hash of their fingerprint.

The hash of a record depends on nothing but its fingerprint and the seed, so a source that comes or
goes moves no other record's place in the queue.
"""

from __future__ import annotations

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def priorities(keys: np.ndarray, seed: int, purpose: int = 0) -> np.ndarray:
    """uint64 [rows] from fingerprints uint64 [rows, 2] (splitmix64 over both halves).

    `purpose` gives independent orders of the same records: drawing, shuffling, capping.
    """
    start = np.uint64((seed * 2_654_435_761 + purpose * 40_503 + 1) & 0xFFFF_FFFF_FFFF_FFFF)
    return _mixed(_mixed(keys[:, 0] ^ _mixed(np.full(len(keys), start))) ^ keys[:, 1])


def repeats(groups: np.ndarray, rows: dict[int, int], priority: np.ndarray) -> np.ndarray:
    """How often each record is drawn, int64 [rows].

    groups: the value's number of each record, -1 where the record may not be drawn; rows: how many
    rows each value gives. Whole epochs go to every record of the value, the rest by priority.
    """
    result = np.zeros(len(groups), np.int64)
    for group, wanted in rows.items():
        members = np.flatnonzero(groups == group)
        if not len(members) or not wanted:
            continue
        epochs, rest = divmod(wanted, len(members))
        order = members[np.lexsort((members, priority[members]))]
        result[members] = epochs
        result[order[:rest]] += 1
    return result


def first_of_groups(groups: np.ndarray, limit: int, priority: np.ndarray) -> np.ndarray:
    """bool [rows]: whether a row is among the `limit` first of its group by priority."""
    order = np.lexsort((np.arange(len(groups)), priority, groups))
    ordered = groups[order]
    starts = np.ones(len(order), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    position = np.arange(len(order))
    rank = position - np.maximum.accumulate(np.where(starts, position, 0))
    result = np.zeros(len(groups), bool)
    result[order] = rank < limit
    return result


def _mixed(values: np.ndarray) -> np.ndarray:
    """splitmix64's finaliser (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        values = values + _GOLDEN
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(values ^ (values >> np.uint64(31)))
