"""The order of a mixture's rows: shuffled, interleaved, by stages or by a number."""

from __future__ import annotations

import numpy as np


def interleaved(codes: np.ndarray) -> np.ndarray:
    """int64 [rows]: an order in which every prefix keeps the shares of the codes.

    codes int64 [rows], rows of a code already in their own order. The code that is furthest behind
    its share goes next, ties by the smaller code.
    """
    counts = np.bincount(codes)
    share = counts / max(1, len(codes))
    queues = np.argsort(codes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    given = np.zeros(len(counts), np.int64)
    result = np.empty(len(codes), np.int64)
    wanted = np.zeros(len(counts))
    for position in range(len(codes)):
        wanted = share * (position + 1)
        # A billionth of a row: equal shares must tie whatever the rounding of their products.
        behind = np.round(wanted - given, 9)
        behind[given >= counts] = -np.inf
        code = int(behind.argmax())
        result[position] = queues[starts[code] + given[code]]
        given[code] += 1
    return result


def by_stage(stage: np.ndarray) -> np.ndarray:
    """int64 [rows]: stage after stage, each in the order it had."""
    return np.argsort(stage, kind="stable")


def by_number(numbers: np.ndarray, *, descending: bool) -> np.ndarray:
    """int64 [rows]: by a number, rows without one last; equal ones in the order they had."""
    return np.argsort(-numbers if descending else numbers, kind="stable")
