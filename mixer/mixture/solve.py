"""How many records of each value a mixture takes: pure numbers.

One axis: a stated share is met to the row; values left out divide the rest in proportion to what
exists. A value that has too few records gives all it has and the others keep their own targets, so
the mixture is smaller than asked, and the shortage says so.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from mixer.mixture.goals import Goals

OTHERS = "any other value"


class Shortage(NamedTuple):
    """A target that the kept records cannot meet."""

    value: str
    wanted_rows: int
    available_rows: int
    records: int


class Solution(NamedTuple):
    """Rows wanted and rows to draw for each value; what fell short."""

    wanted: dict[str, int]
    drawn: dict[str, int]
    shortages: list[Shortage]


def solve(available: dict[str, int], goals: Goals) -> Solution:
    """`available`: kept records by value of the shared column (one value without shares)."""
    shares = next(iter(goals.shares.values()), {})
    capacity = {value: count * goals.max_epochs for value, count in available.items()}
    rows = goals.rows
    if rows is None:
        rows = largest_size(capacity, shares) if shares else sum(available.values())
    wanted = targets(rows, available, shares)
    drawn = {value: min(count, capacity.get(value, 0)) for value, count in wanted.items()}
    shortages = [
        Shortage(value, count, capacity.get(value, 0), available.get(value, 0))
        for value, count in wanted.items()
        if count > drawn[value]
    ]
    return Solution(wanted, drawn, shortages)


def targets(rows: int, available: dict[str, int], shares: dict[str, float]) -> dict[str, int]:
    """Whole rows by value that add up to `rows`, each within one row of its share.

    Shares that leave a rest with no other value to fill it want that rest of OTHERS.
    """
    exact = {value: _exact(share) for value, share in shares.items()}
    free = {value: count for value, count in available.items() if value not in shares}
    rest, total = 1 - sum(exact.values(), Fraction(0)), sum(free.values())
    if rest > 0 and total:
        exact |= {value: rest * Fraction(count, total) for value, count in free.items()}
    elif rest > 0:
        exact[OTHERS] = rest
    return largest_remainder(rows, exact)


def largest_remainder(rows: int, shares: dict[str, Fraction]) -> dict[str, int]:
    """Whole rows for shares that add up to 1, by Hamilton's method: floors, then one row each to
    the largest remainders (ties by name)."""
    exact = {value: rows * share for value, share in shares.items()}
    counts = {value: int(amount) for value, amount in exact.items()}
    missing = rows - sum(counts.values())
    by_remainder = sorted(exact, key=lambda value: (counts[value] - exact[value], value))
    for value in by_remainder[:missing]:
        counts[value] += 1
    return counts


def largest_size(capacity: dict[str, int], shares: dict[str, float]) -> int:
    """The most rows at which every stated share, and the rest, can be met."""
    free = sum(count for value, count in capacity.items() if value not in shares)
    bounds = [
        int(capacity.get(value, 0) / _exact(share)) for value, share in shares.items() if share > 0
    ]
    rest = 1 - sum((_exact(share) for share in shares.values()), Fraction(0))
    if rest > 0 and free:
        bounds.append(int(free / rest))
    return min(bounds, default=sum(capacity.values()))


def _exact(share: float) -> Fraction:
    """The decimal that the recipe states, not the binary fraction nearest to it."""
    return Fraction(str(share))
