"""What is wanted of a mixture, in the recipe's words."""

from __future__ import annotations

from typing import Literal

import msgspec

from mixer.errors import RecipeError
from mixer.mixture.presets import Temperature
from mixer.mixture.share import Share, ShareWords, share_of

Unit = Literal["rows", "tokens", "answer_tokens"]
WhenShort = Literal["error", "shrink", "relax"]
Values = dict[str, float | str | ShareWords]

STAGES = ("supervised", "reward", "policy")
_TEMPERATURE_KEYS = {"temperature", "cap", "scale"}
# Shares are stated with a few decimals; sums are compared with room for their binary form.
_ROUNDING = 1e-9


class Select(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records of a cell come first: the `top` or `lowest` of a number, or `evenly` over the
    values of a column."""

    top: str | None = None
    lowest: str | None = None
    evenly: str | None = None


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`interleave` columns so that every prefix keeps their shares; `stages`, one after the other,
    each the values of columns it takes; `ascending` or `descending` by a number."""

    interleave: str | tuple[str, ...] | None = None
    stages: tuple[dict[str, str | tuple[str, ...]], ...] | None = None
    ascending: str | None = None
    descending: str | None = None


class SubsetGoals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wanted of one source or of one subset of it: exactly `rows`, at most `max_rows`, a
    `share` of the mixture, `max_epochs` of a record, or every record (`must_include`)."""

    rows: int | None = None
    max_rows: int | None = None
    share: float | str | ShareWords | None = None
    max_epochs: int | None = None
    must_include: bool = False

    def check(self, where: str) -> None:
        for name in ("rows", "max_rows"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise RecipeError(f"{where}.{name} is {number}; it cannot be negative")
        if self.rows is not None and self.max_rows is not None and self.rows > self.max_rows:
            raise RecipeError(f"{where}: rows {self.rows:,} is above max_rows {self.max_rows:,}")
        if self.max_epochs is not None and self.max_epochs < 1:
            raise RecipeError(f"{where}.max_epochs is {self.max_epochs}; it must be at least 1")
        if self.share is not None:
            share_of(self.share, f"{where}.share")


class Goals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All empty means every kept record once. Sizes: `rows`, `tokens` (prompt and answer) or
    `answer_tokens` of the result. `shares` (0-1, of `shares_of`) by column and value: numbers,
    tolerances, bounds, or for the whole column `uniform`, `natural` or a temperature; values left
    out share the rest in natural proportion. `max_epochs`: how often a record may be drawn."""

    rows: int | None = None
    tokens: int | None = None
    answer_tokens: int | None = None
    preset: Literal["instructgpt", "flan-2022"] | None = None
    shares: dict[str, str | Values] = {}
    shares_of: Unit = "rows"
    max_epochs: int = 1
    when_short: WhenShort = "error"
    select: Literal["random", "diverse"] | Select = "random"
    order: Literal["shuffled"] | Order = "shuffled"
    split: dict[str, float | str] = {}
    stages: dict[str, float | str] = {}

    @property
    def size(self) -> tuple[Unit, int] | None:
        """The stated size and its unit."""
        units: tuple[Unit, ...] = ("rows", "tokens", "answer_tokens")
        stated = [(unit, getattr(self, unit)) for unit in units if getattr(self, unit) is not None]
        return stated[0] if stated else None

    def check(self) -> None:
        """RecipeError for goals that no data could meet."""
        self._check_size()
        for column, words in self.shares.items():
            _check_axis(f"mix.shares.{column}", words)
        for name in ("select", "order"):
            _check_one_key(name, getattr(self, name))
        if self.split and self.stages:
            raise RecipeError("mix has both split and stages: state one of them")
        _check_parts("mix.split", self.split)
        _check_parts("mix.stages", self.stages)
        _check_stages(self.stages)

    def _check_size(self) -> None:
        stated = [n for n in ("rows", "tokens", "answer_tokens") if getattr(self, n) is not None]
        if len(stated) > 1:
            raise RecipeError(f"mix states {' and '.join(stated)}: a mixture has one size")
        for name in (*stated, "max_epochs"):
            if getattr(self, name) < 1:
                raise RecipeError(f"mix.{name} is {getattr(self, name)}; it must be at least 1")


def temperature_of(words: Values, where: str) -> Temperature | None:
    """The temperature that a column's words state, None where they state shares."""
    if "temperature" not in words:
        return None
    numbers: dict[str, float] = {}
    for key, value in words.items():
        if key not in _TEMPERATURE_KEYS or not isinstance(value, int | float):
            known = ", ".join(sorted(_TEMPERATURE_KEYS))
            raise RecipeError(f"{where}.{key}: beside temperature only numbers for {known} stand")
        if value <= 0:
            raise RecipeError(f"{where}.{key} is {value:g}; it must be above 0")
        numbers[key] = float(value)
    return Temperature(**numbers)


def value_shares(words: Values, where: str) -> dict[str, Share]:
    """The share of each stated value."""
    return {value: share_of(stated, f"{where}.{value}") for value, stated in words.items()}


def _check_axis(where: str, words: str | Values) -> None:
    if isinstance(words, str):
        if words not in ("uniform", "natural"):
            sentence = f"{where} is {words!r}; write uniform, natural, or shares by value"
            raise RecipeError(sentence)
        return
    if temperature_of(words, where) is not None:
        return
    shares = value_shares(words, where)
    total = sum(share.target or 0.0 for share in shares.values())
    if total > 1 + _ROUNDING:
        raise RecipeError(f"{where} add up to {total:g}; they may not exceed 1")
    least = sum(share.low for share in shares.values())
    if least > 1 + _ROUNDING:
        raise RecipeError(f"{where}: the least shares add up to {least:g}; they may not exceed 1")


def _check_one_key(name: str, words: object) -> None:
    if not isinstance(words, Select | Order):
        return
    fields = words.__struct_fields__
    stated = [field for field in fields if getattr(words, field) is not None]
    if len(stated) != 1:
        raise RecipeError(f"mix.{name} needs exactly one of {', '.join(fields)}")


def _check_parts(where: str, parts: dict[str, float | str]) -> None:
    """Split names with shares that leave no less than nothing to `train`."""
    total = 0.0
    for name, part in parts.items():
        if name == "group_by":
            if part not in ("prompt", "family", "subset", "source", "id"):
                sentence = (
                    f"{where}.group_by is {part!r}; known: prompt, family, subset, source, id"
                )
                raise RecipeError(sentence)
            continue
        if not name.isidentifier():
            raise RecipeError(f"{where}.{name}: a split's name is letters, digits and '_'")
        if isinstance(part, str) or not 0 < part <= 1:
            raise RecipeError(f"{where}.{name} is {part}; a share lies above 0 and up to 1")
        total += part
    if total > 1 + _ROUNDING:
        raise RecipeError(f"{where} add up to {total:g}; they may not exceed 1")


def _check_stages(stages: dict[str, float | str]) -> None:
    for name in stages:
        if name not in (*STAGES, "group_by"):
            raise RecipeError(f"mix.stages.{name}: the stages are {', '.join(STAGES)}")
    total = sum(part for part in stages.values() if not isinstance(part, str))
    if stages and abs(total - 1) > _ROUNDING:
        raise RecipeError(f"mix.stages add up to {total:g}; every row belongs to one, so to 1")
