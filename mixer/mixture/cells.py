"""Cells: the combinations of values that occur among the records one may draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Axis(NamedTuple):
    """A column: `names` of its values, sorted, and `codes` int64 [records] into them."""

    column: str
    names: list[str]
    codes: np.ndarray


class Cells(NamedTuple):
    """`axes` with codes int64 [cells] each; `cell` int64 [records], -1 where a record may not be
    drawn; `records` int64 [cells]."""

    axes: list[Axis]
    cell: np.ndarray
    records: np.ndarray

    def axis(self, column: str) -> Axis:
        return next(axis for axis in self.axes if axis.column == column)

    def members(self, column: str, value: str) -> np.ndarray:
        """int64: the cells of a value, in order; none where it does not occur."""
        axis = self.axis(column)
        if value not in axis.names:
            return np.zeros(0, np.int64)
        return np.flatnonzero(axis.codes == axis.names.index(value))

    def available(self, column: str) -> dict[str, int]:
        """Records by value of a column."""
        axis = self.axis(column)
        counts = np.bincount(axis.codes, self.records, minlength=len(axis.names))
        return {name: int(count) for name, count in zip(axis.names, counts, strict=True)}


def make_cells(axes: list[Axis], kept: np.ndarray) -> Cells:
    """Cells of the `kept` records, in the order of the axes' names (which are sorted)."""
    members = np.flatnonzero(kept)
    combined = np.zeros(len(members), np.int64)
    for axis in axes:
        _, combined = np.unique(
            combined * max(1, len(axis.names)) + axis.codes[members], return_inverse=True
        )
    _, first, inverse, records = np.unique(
        combined, return_index=True, return_inverse=True, return_counts=True
    )
    cell = np.full(len(kept), -1, np.int64)
    cell[members] = inverse
    coded = [Axis(axis.column, axis.names, axis.codes[members[first]]) for axis in axes]
    return Cells([_present(axis) for axis in coded], cell, records.astype(np.int64))


def _present(axis: Axis) -> Axis:
    """Only the names that occur."""
    used, codes = np.unique(axis.codes, return_inverse=True)
    return Axis(axis.column, [axis.names[code] for code in used.tolist()], codes.astype(np.int64))
