"""What a build did, in numbers: the contents of mixture.json, and all that the card tells."""

from __future__ import annotations

import msgspec


class SourceSummary(msgspec.Struct, frozen=True):
    """One source; every count is of records but `drawn_rows`, which counts repeats."""

    name: str
    format: str
    card: str | None
    license: str
    use: list[str] | None
    origin: str
    read: int
    quarantined: dict[str, int]
    treatments: dict[str, int]
    dropped: dict[str, int]
    not_drawn: int
    drawn: int
    drawn_rows: int


class ShareRow(msgspec.Struct, frozen=True):
    """One value of a column in the mixture."""

    value: str
    rows: int
    row_share: float
    tokens: int
    token_share: float


class GoalRow(msgspec.Struct, frozen=True):
    """One value of the shared column: kept records, rows wanted, rows drawn."""

    value: str
    available: int
    wanted: int
    drawn: int


class Summary(msgspec.Struct, frozen=True):
    """`dropped` is {step: {why: records}} in the flow's order; `composition` {column: rows}."""

    name: str
    mixer: str
    seed: int
    configs: dict[str, int]
    read: int
    quarantined: int
    dropped: dict[str, dict[str, int]]
    not_drawn: int
    drawn: int
    drawn_rows: int
    sources: list[SourceSummary]
    goal_column: str | None
    goals: list[GoalRow]
    missed: list[str]
    composition: dict[str, list[ShareRow]]
    languages: list[str]
    licenses: list[str]
    annotated: list[str]
