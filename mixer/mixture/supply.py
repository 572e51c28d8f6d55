"""What the first rows of each cell give: records in the order they are drawn, amounts summed up."""

from __future__ import annotations

import numpy as np

from mixer.mixture.cells import Cells
from mixer.mixture.goals import Unit


class Supply:
    """`order` int64 [drawable records]: by cell, then by place in the queue (`rank` int64 or
    uint64 [records], ties by record)."""

    def __init__(self, cells: Cells, rank: np.ndarray, amounts: dict[Unit, np.ndarray]) -> None:
        members = np.flatnonzero(cells.cell >= 0)
        self.order = members[np.lexsort((members, rank[members], cells.cell[members]))]
        self.records = cells.records
        self.starts = np.concatenate([[0], np.cumsum(cells.records)])
        self.cell = cells.cell
        self._sums = {
            unit: np.concatenate([[0], np.cumsum(amount[self.order])])
            for unit, amount in amounts.items()
        }

    def amounts(self, unit: Unit, rows: np.ndarray, cells: np.ndarray | None = None) -> np.ndarray:
        """What `rows` (int64) of each cell, or of each of `cells`, give: whole epochs first."""
        if unit == "rows":
            return rows
        chosen = slice(None) if cells is None else cells
        epochs, rest = np.divmod(rows, self.records[chosen])
        sums, starts = self._sums[unit], self.starts[:-1][chosen]
        whole = sums[self.starts[1:][chosen]] - sums[starts]
        return np.asarray(epochs * whole + sums[starts + rest] - sums[starts])

    def per_row(self, unit: Unit, rows: np.ndarray | None = None) -> np.ndarray:
        """What a row of each cell gives on average, float64 [cells]: over its first `rows`, or
        over all of its records."""
        counted = self.records if rows is None else np.where(rows > 0, rows, self.records)
        return np.asarray(self.amounts(unit, counted) / counted)

    def repeats(self, rows: np.ndarray) -> np.ndarray:
        """How often each record is drawn, int64 [records]: whole epochs go to every record of a
        cell, the rest to the first in the queue."""
        epochs, rest = np.divmod(rows, self.records)
        cell = self.cell[self.order]
        place = np.arange(len(self.order)) - self.starts[cell]
        result = np.zeros(len(self.cell), np.int64)
        result[self.order] = epochs[cell] + (place < rest[cell])
        return result
