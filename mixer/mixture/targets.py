"""Goals → targets: linear bounds on what cells give, each under the name a recipe's author knows.

A target bounds the amount (rows, tokens or answer tokens) that its cells give: from `low` to
`high`, as shares of the whole mixture or, where `is_absolute`, in rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mixer.errors import RecipeError
from mixer.mixture.cells import Cells
from mixer.mixture.goals import Goals, SubsetGoals, Unit, Values, temperature_of, value_shares
from mixer.mixture.presets import uniform
from mixer.mixture.share import Share, share_of

OTHERS = "any other value"
_ROUNDING = 1e-9


class Target(NamedTuple):
    """Bounds for the cells in `members` (int64, in order). `rule` is the word for a whole column
    (uniform, temperature 2) that the share was made by, empty where an author stated it."""

    column: str
    value: str
    label: str
    members: np.ndarray
    low: float
    high: float
    unit: Unit
    is_absolute: bool = False
    stated: float | None = None
    rule: str = ""

    @property
    def name(self) -> str:
        """What an author calls it: `form.creative`."""
        return self.label.partition(" = ")[0]


class SourceGoals(NamedTuple):
    """The goals of one source, or of one of its subsets."""

    source: str
    subset: str | None
    goals: SubsetGoals

    @property
    def where(self) -> str:
        path = f"sources.{self.source}"
        return path if self.subset is None else f"{path}.subsets.{self.subset}"


def members_of(cells: Cells, one: SourceGoals) -> np.ndarray:
    """int64: the cells of a source or subset, in order."""
    members = cells.members("source", one.source)
    if one.subset is not None:
        members = np.intersect1d(members, cells.members("subset", one.subset))
    return members


def targets_of(cells: Cells, goals: Goals, sources: list[SourceGoals]) -> list[Target]:
    """All targets but the size; RecipeError where a column's words meet no data."""
    targets: list[Target] = []
    for column, words in goals.shares.items():
        if words != "natural":
            shares, rule = _shares_and_rule(cells, column, words)
            made = _column(cells, column, shares, goals)
            targets += [target._replace(rule=rule) for target in made]
    for one in sources:
        targets += _source_targets(cells, one, goals)
    return targets


def capacity_of(cells: Cells, goals: Goals, sources: list[SourceGoals]) -> np.ndarray:
    """The most rows each cell may give, int64 [cells]: records times epochs."""
    epochs = np.full(len(cells.records), goals.max_epochs, np.int64)
    for one in sources:
        if one.goals.max_epochs is not None:
            epochs[members_of(cells, one)] = one.goals.max_epochs
    return np.asarray(cells.records * epochs)


def floor_of(cells: Cells, sources: list[SourceGoals]) -> np.ndarray:
    """The fewest rows each cell gives, int64 [cells]: all records of what must be included."""
    least = np.zeros(len(cells.records), np.int64)
    for one in sources:
        if one.goals.must_include:
            members = members_of(cells, one)
            least[members] = cells.records[members]
    return least


def _exact(shares: dict[str, float]) -> dict[str, Share]:
    return {value: Share(share, share, share) for value, share in shares.items()}


def _shares_and_rule(
    cells: Cells, column: str, words: str | Values
) -> tuple[dict[str, Share], str]:
    if isinstance(words, str):
        return _exact(uniform(cells.axis(column).names)), words
    where = f"mix.shares.{column}"
    temperature = temperature_of(words, where)
    if temperature is None:
        return value_shares(words, where), ""
    rule = f"temperature {temperature.temperature:g}"
    return _exact(temperature.shares(cells.available(column))), rule


def _column(cells: Cells, column: str, shares: dict[str, Share], goals: Goals) -> list[Target]:
    targets = []
    for value, share in shares.items():
        label = f"{column}.{value} = {share}"
        members = cells.members(column, value)
        targets.append(
            Target(
                column,
                value,
                label,
                members,
                share.low,
                share.high,
                goals.shares_of,
                stated=share.target,
            )
        )
    return targets + _rest(cells, column, shares, goals.shares_of)


def _rest(cells: Cells, column: str, shares: dict[str, Share], unit: Unit) -> list[Target]:
    """Where exact shares leave a rest and no other value exists to fill it, the rest is a target
    of its own that nothing can meet, so that the shortage has a name."""
    left = 1 - sum(share.low for share in shares.values())
    at_most = sum(share.high for share in shares.values())
    free = [name for name in cells.axis(column).names if name not in shares]
    if free or at_most >= 1 - _ROUNDING:
        return []
    nothing = np.zeros(0, np.int64)
    label = f"{column}.{OTHERS} = {left:.6g}"
    return [Target(column, OTHERS, label, nothing, 1 - at_most, left, unit, stated=left)]


def _source_targets(cells: Cells, one: SourceGoals, goals: Goals) -> list[Target]:
    column = "source" if one.subset is None else "subset"
    value = one.source if one.subset is None else one.subset
    members = members_of(cells, one)
    targets = []
    if one.goals.rows is not None:
        rows = float(one.goals.rows)
        label = f"{one.where}.rows = {one.goals.rows:,}"
        targets.append(Target(column, value, label, members, rows, rows, "rows", True, rows))
    if one.goals.max_rows is not None:
        label = f"{one.where}.max_rows = {one.goals.max_rows:,}"
        rows = float(one.goals.max_rows)
        targets.append(Target(column, value, label, members, 0.0, rows, "rows", True))
    if one.goals.share is not None:
        share = share_of(one.goals.share, f"{one.where}.share")
        label = f"{one.where}.share = {share}"
        unit = goals.shares_of
        bounds = (share.low, share.high)
        targets.append(Target(column, value, label, members, *bounds, unit, False, share.target))
    return targets


def check_values(cells: Cells, targets: list[Target]) -> None:
    """RecipeError for targets of the same value that contradict one another, whatever is there."""
    stated: dict[tuple[str, str, bytes], Target] = {}
    for target in targets:
        if target.is_absolute or not len(target.members):
            continue
        key = (target.column, target.value, target.members.tobytes())
        other = stated.setdefault(key, target)
        if other is not target and (target.low > other.high or other.low > target.high):
            sentence = f"{other.label} and {target.label} contradict each other"
            raise RecipeError(f"{sentence}: they are shares of the same records")
