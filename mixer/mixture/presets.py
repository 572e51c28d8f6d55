"""Published mixtures by name, and the shares that a rule makes of what is there."""

from __future__ import annotations

from typing import NamedTuple

# Ouyang et al. 2022 (InstructGPT), Table 1: use cases of prompts to the API. Adds up to 0.999.
INSTRUCTGPT = {
    "generation": 0.456,
    "open_qa": 0.124,
    "brainstorming": 0.112,
    "chat": 0.084,
    "rewrite": 0.066,
    "summarization": 0.042,
    "classification": 0.035,
    "other": 0.035,
    "closed_qa": 0.026,
    "extraction": 0.019,
}


class Part(NamedTuple):
    """A sub-mixture of Flan: its share, and how many rows of a task may enter."""

    share: float
    max_rows_per_task: int


# Longpre et al. 2023 (The Flan Collection), github.com/google-research/FLAN flan/v2 mixtures.
FLAN_2022 = {
    "flan2021": Part(0.40, 30_000),
    "t0": Part(0.32, 20_000),
    "niv2": Part(0.20, 5_000),
    "cot": Part(0.05, 100_000),
    "dialog": Part(0.03, 200_000),
}


class Preset(NamedTuple):
    """A preset for what a recipe holds: shares of `column`, and `note` on what had to give."""

    column: str
    shares: dict[str, float]
    note: str


def instructgpt() -> Preset:
    """Shares of `use_case`, divided by their sum so that they add up to 1."""
    note = "instructgpt: Table 1 adds up to 0.999, so each share is divided by that"
    return Preset("use_case", _whole(INSTRUCTGPT), note)


def flan_2022(collections: set[str]) -> Preset:
    """Shares of `collection` over the parts of Flan that a recipe names as collections."""
    shares = {name: part.share for name, part in FLAN_2022.items() if name in collections}
    missing = [name for name in FLAN_2022 if name not in collections]
    note = "flan-2022: all five parts are there"
    if missing:
        total = f"{sum(shares.values()):.2f}"
        there = f"the other shares are divided by {total}"
        note = f"flan-2022: no source is of {', '.join(missing)}; {there}"
    return Preset("collection", _whole(shares), note)


def uniform(values: list[str]) -> dict[str, float]:
    """The same share for every value."""
    return dict.fromkeys(values, 1 / len(values)) if values else {}


class Temperature(NamedTuple):
    """rate = min(n · scale, cap)^(1/temperature), in this order (Raffel et al. 2020, seqio)."""

    temperature: float
    cap: float | None = None
    scale: float = 1.0

    def shares(self, available: dict[str, int]) -> dict[str, float]:
        """Shares by value from its records; temperature 1 is natural, large ones near uniform."""
        limit = float("inf") if self.cap is None else self.cap
        rates = {
            value: min(count * self.scale, limit) ** (1 / self.temperature)
            for value, count in available.items()
        }
        return _whole(rates)


def _whole(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {value: share / total for value, share in shares.items()}
