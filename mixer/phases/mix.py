"""Mix: how often each kept record is drawn, and what the goals could not get."""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa

from mixer.cards.summary import GoalRow
from mixer.mixture.draw import priorities, repeats
from mixer.mixture.solve import Solution, solve
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe

_PURPOSE = 2
_EVERYTHING = "all records"


class Drawing(msgspec.Struct, frozen=True):
    """`repeat` is int64 [rows]; `missed` holds one sentence for each goal that was missed."""

    column: str | None
    goals: list[GoalRow]
    missed: list[str]
    repeat: np.ndarray


def mix(rows: Rows, recipe: Recipe) -> Drawing:
    column, groups, names = _groups(rows, recipe)
    members = np.bincount(groups[groups >= 0], minlength=len(names))
    available = {name: int(members[number]) for number, name in enumerate(names)}
    solution = solve(available, recipe.mix)
    number_of = {name: number for number, name in enumerate(names)}
    wanted = {number_of[name]: n for name, n in solution.drawn.items() if name in number_of}
    repeat = repeats(groups, wanted, priorities(rows.keys, recipe.seed, _PURPOSE))
    return Drawing(
        column=column,
        goals=_goals(available, solution),
        missed=_missed(column, solution, recipe),
        repeat=repeat,
    )


def _groups(rows: Rows, recipe: Recipe) -> tuple[str | None, np.ndarray, list[str]]:
    """The shared column, the value's number of each kept record (-1 if dropped), the values."""
    column = next(iter(recipe.mix.shares), None)
    kept = rows.kept
    if column is None:
        return None, np.where(kept, 0, -1), [_EVERYTHING]
    encoded = rows.column(column).fill_null("none").dictionary_encode()
    groups = np.asarray(encoded.indices).astype(np.int64)
    names: list[str] = pa.array(encoded.dictionary).to_pylist()
    present = set(np.unique(groups[kept]).tolist())
    order = sorted((name, number) for number, name in enumerate(names) if number in present)
    renumbered = np.full(len(names) + 1, -1, np.int64)
    for new, (_, old) in enumerate(order):
        renumbered[old] = new
    return column, np.where(kept, renumbered[groups], -1), [name for name, _ in order]


def _goals(available: dict[str, int], solution: Solution) -> list[GoalRow]:
    names = sorted(available.keys() | solution.wanted.keys())
    return [
        GoalRow(
            name,
            available.get(name, 0),
            solution.wanted.get(name, 0),
            solution.drawn.get(name, 0),
        )
        for name in names
    ]


def _missed(column: str | None, solution: Solution, recipe: Recipe) -> list[str]:
    goals = recipe.mix
    total = sum(solution.wanted.values())
    if not total:
        return ["no record is left to draw: see what dropped them in the ledger"]
    shares = goals.shares.get(column or "", {})
    sentences = []
    for short in solution.shortages:
        what = f"{column}.{short.value}" if column else "mix.rows"
        share = f" = {shares[short.value]:g}" if short.value in shares else ""
        epochs = f", each at most {goals.max_epochs} times" if goals.max_epochs > 1 else ""
        sentences.append(
            f"{what}{share} needs {short.wanted_rows:,} rows; {short.records:,} records are left"
            f"{epochs}, so {short.available_rows:,} were drawn. "
            f"{_advice(what, short.wanted_rows, short.records, (short.value, shares, total))}"
        )
    return sentences


def _advice(what: str, wanted: int, records: int, share: tuple[str, dict[str, float], int]) -> str:
    if not records:
        return "No such record is left: add a source that has some, or take it out of `shares`"
    value, shares, total = share
    epochs = f"set max_epochs to {-(-wanted // records)}"
    rows = int(records / shares[value]) if value in shares else records
    if value in shares:
        return f"Lower it to {records / total:.3g}, {epochs}, or reduce rows to {rows:,}"
    return f"Reduce rows or {epochs}"
