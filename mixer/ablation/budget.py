"""One size for all members of an ablation, so that their differences are not of size."""

from __future__ import annotations

from typing import NamedTuple

from mixer.errors import GoalMissed


class Limit(NamedTuple):
    """An amount that a size may not pass, and the member that sets it."""

    amount: int
    member: str


def budget(
    asked: int | None, unit: str, limits: list[tuple[Limit, Limit]], when_short: str
) -> tuple[int, list[str]]:
    """The size asked, or the largest that every member can have, with a note that says so.

    limits: the least and the most `unit` (rows, tokens, answer_tokens) of each member; a most of 0
    where it cannot be had at all. GoalMissed where no size serves them all, or the one asked not.
    """
    least = max((low for low, _ in limits), key=lambda limit: limit.amount)
    most = min((high for _, high in limits), key=lambda limit: limit.amount)
    if most.amount == 0:
        raise GoalMissed(
            f"the member {most.member} cannot be had at any size: no records meet its shares "
            "together with the recipe's other goals; leave its design or those goals out"
        )
    if asked is not None and (least.amount <= asked <= most.amount or when_short == "relax"):
        return asked, []
    if least.amount > most.amount:
        raise GoalMissed(
            f"the member {least.member} needs at least {least.amount:,} {unit} and {most.member} "
            f"can have at most {most.amount:,}: no budget serves both; leave must_include or one "
            "of the designs out"
        )
    if asked is None or (asked > most.amount and when_short == "shrink"):
        note = f"all members have {most.amount:,} {unit}, the most that {most.member} can have"
        return most.amount, [note]
    raise GoalMissed(_not_at(asked, unit, least, most))


def _not_at(asked: int, unit: str, least: Limit, most: Limit) -> str:
    if asked < least.amount:
        return (
            f"the member {least.member} needs at least {least.amount:,} {unit} for what must be "
            f"included, and mix.{unit} is {asked:,}: raise {unit} to {least.amount:,}, or leave "
            "must_include or the member's design out"
        )
    return (
        f"the member {most.member} can have at most {most.amount:,} {unit}, and mix.{unit} is "
        f"{asked:,}: reduce {unit} to {most.amount:,} so that all members have an equal budget, "
        "raise max_epochs, or say when_short: shrink"
    )
