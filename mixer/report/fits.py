"""How well formats fit the rows of files, and which of them fits best.

A row counts for a format by the share of its fields that the format reads; one that does not parse
counts nothing. A format that parses whatever it is given reads few fields of it, and so is last.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

TABLE_FORMAT = "columns"
# As good as the best: single rows that one format refuses and another reads make no difference.
NEARLY = 0.02
ENOUGH = 0.5


@dataclass(eq=False)
class Fit:
    """One format on some rows. `typical` are those among the `parsed` that look like the data set
    which the format is named after, `used` the fields that it reads and `left` those that at
    most go to `meta`; `settings` are the format's own keys in a recipe."""

    format: str
    rows: int = 0
    parsed: int = 0
    typical: int = 0
    used_share_sum: float = 0.0
    used: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def parsed_share(self) -> float:
        return self.parsed / max(1, self.rows)

    @property
    def used_share(self) -> float:
        """Of the fields of all rows, a row that does not parse counting as none read."""
        return self.used_share_sum / max(1, self.rows)

    @property
    def is_typical(self) -> bool:
        return 2 * self.typical >= self.parsed

    @property
    def is_enough(self) -> bool:
        return self.parsed_share >= ENOUGH and bool(self.used) and self.is_typical

    @property
    def reason(self) -> str | None:
        """Why most rows do not parse; of equally frequent reasons the first in the alphabet."""
        return min(self.reasons, key=lambda each: (-self.reasons[each], each), default=None)

    def add(self, other: Fit) -> None:
        """The same format on further rows."""
        self.rows += other.rows
        self.parsed += other.parsed
        self.typical += other.typical
        self.used_share_sum += other.used_share_sum
        self.used |= other.used
        self.left |= other.left
        self.reasons += other.reasons


class Known(NamedTuple):
    """What tells formats apart that fit the rows equally well."""

    named_in_path: frozenset[str]
    with_card: frozenset[str]


class Ranking(NamedTuple):
    """`fits` are those with any row parsed, best first; `best` are those nothing tells apart in
    what they read, the first of them by what `Known` says; none where no format is enough."""

    fits: list[Fit]
    best: list[Fit]


def ranked(fits: list[Fit], main_fields: set[str], known: Known) -> Ranking:
    """`main_fields` are those that hold prompt and answer by their names: a format that leaves one
    to `meta` comes after those that read it."""
    enough = [fit for fit in fits if fit.is_enough]
    lost = {fit.format: len(main_fields & fit.left) for fit in enough}
    fewest = min(lost.values(), default=0)
    named = [fit for fit in enough if lost[fit.format] == fewest and fit.format != TABLE_FORMAT]
    first = named or [fit for fit in enough if lost[fit.format] == fewest]
    highest = max((fit.used_share for fit in first), default=0.0)
    near = [fit for fit in first if fit.used_share >= highest - NEARLY]
    most = max(((len(fit.used), -len(fit.left)) for fit in near), default=(0, 0))
    best = [fit for fit in near if (len(fit.used), -len(fit.left)) == most]
    best.sort(key=lambda fit: (*_claims(fit.format, known), -fit.used_share, fit.format))
    rest = [fit for fit in fits if fit.parsed and not any(fit is each for each in best)]
    rest.sort(key=lambda fit: (not fit.is_enough, lost.get(fit.format, 0), *_order(fit)))
    return Ranking(best + rest, best)


def _claims(format: str, known: Known) -> tuple[bool, bool]:
    """First what the path names, then what does not claim to be a certain data set."""
    return format not in known.named_in_path, format in known.with_card


def _order(fit: Fit) -> tuple[float, int, int, str]:
    return -fit.used_share, -len(fit.used), len(fit.left), fit.format
