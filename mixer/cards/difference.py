"""What `mixer diff` tells of two mixtures, in numbers."""

from __future__ import annotations

import msgspec


class SourceChange(msgspec.Struct, frozen=True):
    """Rows of one source in both mixtures; `kept`, `left` and `came` count records."""

    source: str
    rows_before: int
    rows_after: int
    kept: int
    left: int
    came: int


class ShareChange(msgspec.Struct, frozen=True):
    """One value of a column; shares of rows, 0-1."""

    value: str
    rows_before: int
    rows_after: int
    share_before: float
    share_after: float


class Difference(msgspec.Struct, frozen=True):
    """Records drawn by both, by the first only, by the second only; of those that left, how many
    `came_back` with the same text under another id; of those kept, how many are drawn another
    number of times, or stand in another split."""

    kept: int
    left: int
    came: int
    came_back: int
    repeats_changed: int
    splits_changed: int
    sources: list[SourceChange]
    columns: dict[str, list[ShareChange]]
