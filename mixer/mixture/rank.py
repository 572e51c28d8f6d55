"""Which records of a cell come first: a queue for each cell, as one number a record.

random        by the seeded hash of the fingerprint, which nothing else moves
top, lowest   by a number; records without it come last, ties by the hash
evenly        one record of each value in turn, each value's by the hash
"""

from __future__ import annotations

import numpy as np


def by_number(numbers: np.ndarray, priority: np.ndarray, *, lowest: bool) -> np.ndarray:
    """int64 [records]; numbers float64, NaN where a record has none."""
    key = numbers if lowest else -numbers
    return _places(np.lexsort((np.arange(len(key)), priority, key)))


def evenly(cell: np.ndarray, codes: np.ndarray, priority: np.ndarray) -> np.ndarray:
    """int64 [records]: the first of each value, then the second of each, within every cell."""
    turn = position_in_group(cell, codes, priority)
    return _places(np.lexsort((np.arange(len(cell)), priority, turn)))


def position_in_group(*keys: np.ndarray) -> np.ndarray:
    """int64 [records]: how many records of the same group come before; the last of `keys` orders
    within a group, the others make it."""
    *groups, priority = keys
    order = np.lexsort((np.arange(len(priority)), priority, *groups[::-1]))
    starts = np.zeros(len(order), bool)
    starts[:1] = True
    for group in groups:
        ordered = group[order]
        starts[1:] |= ordered[1:] != ordered[:-1]
    position = np.arange(len(order))
    result = np.empty(len(order), np.int64)
    result[order] = position - np.maximum.accumulate(np.where(starts, position, 0))
    return result


def _places(order: np.ndarray) -> np.ndarray:
    result = np.empty(len(order), np.int64)
    result[order] = np.arange(len(order))
    return result
