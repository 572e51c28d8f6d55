"""Arrays one after the other, runs of equals in sorted ones, and ranges of places."""

from __future__ import annotations

import numpy as np


def joined(arrays: list[np.ndarray], kind: type) -> np.ndarray:
    """One after the other; of no array an empty one of that kind."""
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def first_of_run(order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Of each value the first of its run; starts: bool, where runs start, true at 0."""
    places = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    return np.asarray(order[places])


def ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """starts[0], starts[0] + 1, … for each start, one after the other."""
    ends = np.cumsum(lengths)
    return np.asarray(
        np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    )
