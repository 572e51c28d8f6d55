"""What is wanted of a mixture, in the recipe's words."""

from __future__ import annotations

import msgspec

from mixer.errors import RecipeError

SHARE_COLUMNS = ("component", "form", "task_type", "language", "source", "subset", "license")


class Goals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rows` of the result; `max_epochs`, how often a record may be drawn; `shares` (0-1) of the
    values of one column. Values left out share the rest in natural proportion. All empty means
    every kept record once."""

    rows: int | None = None
    max_epochs: int = 1
    shares: dict[str, dict[str, float]] = {}

    def check(self) -> None:
        """RecipeError for goals that no data could meet."""
        if self.rows is not None and self.rows < 1:
            raise RecipeError(f"mix.rows is {self.rows}; it must be at least 1")
        if self.max_epochs < 1:
            raise RecipeError(f"mix.max_epochs is {self.max_epochs}; it must be at least 1")
        if len(self.shares) > 1:
            columns = ", ".join(self.shares)
            raise RecipeError(f"mix.shares names {columns}; this version balances one column")
        for column, shares in self.shares.items():
            _check_shares(column, shares)


def _check_shares(column: str, shares: dict[str, float]) -> None:
    if column not in SHARE_COLUMNS:
        known = ", ".join(SHARE_COLUMNS)
        raise RecipeError(f"mix.shares.{column}: no such column to share by; known: {known}")
    for value, share in shares.items():
        if not 0 <= share <= 1:
            raise RecipeError(f"mix.shares.{column}.{value} is {share}; a share lies in 0-1")
    total = sum(shares.values())
    if total > 1 + 1e-9:
        raise RecipeError(f"mix.shares.{column} add up to {total:g}; they may not exceed 1")
