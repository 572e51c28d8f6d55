"""Mix: how often each kept record is drawn, and what came of the goals."""

from __future__ import annotations

import msgspec
import numpy as np

from mixer.cards.summary import Mix
from mixer.engines.local import LocalEngine
from mixer.errors import RecipeError
from mixer.mixture.cells import Cells, make_cells
from mixer.mixture.diverse import diverse
from mixer.mixture.draw import priorities
from mixer.mixture.goals import Select, SubsetGoals, Unit
from mixer.mixture.problem import Problem
from mixer.mixture.rank import by_number, evenly
from mixer.mixture.short import why_short
from mixer.mixture.solve import Solution, problem_of, solve
from mixer.mixture.supply import Supply
from mixer.mixture.targets import SourceGoals
from mixer.nearest import did_you_mean
from mixer.phases.axes import amounts, axis, numbers, tokens
from mixer.phases.goal_rows import goal_axes, size_words
from mixer.phases.prompts import sketches
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe

_PURPOSE = 2


class Drawing(msgspec.Struct, frozen=True):
    """`repeat` is int64 [rows]: how often each record is drawn."""

    mix: Mix
    repeat: np.ndarray


def mix(rows: Rows, recipe: Recipe, engine: LocalEngine) -> Drawing:
    sources = source_goals(recipe)
    problem, supply = posed(rows, recipe, engine)
    solution = solve(problem, recipe.mix, supply)
    short = _short(solution, recipe, sources)
    repeat = supply.repeats(solution.rows)
    return Drawing(_told(solution, recipe, short), repeat)


def posed(rows: Rows, recipe: Recipe, engine: LocalEngine) -> tuple[Problem, Supply]:
    """A recipe's goals as numbers, and the queues that records are drawn from."""
    sources = source_goals(recipe)
    cells = _cells(rows, recipe, sources)
    supply = Supply(cells, _queue(rows, recipe, cells, engine), _amounts(rows, recipe))
    return problem_of(cells, recipe.mix, sources, supply), supply


def source_goals(recipe: Recipe) -> list[SourceGoals]:
    """The goals that sources and their subsets state, sources first."""
    found = []
    for name, source in recipe.sources.items():
        own = SubsetGoals(
            rows=source.rows,
            max_rows=source.max_rows,
            share=source.share,
            max_epochs=source.max_epochs,
            must_include=source.must_include,
        )
        if own != SubsetGoals():
            found.append(SourceGoals(name, None, own))
        found += [SourceGoals(name, subset, own) for subset, own in source.subsets.items()]
    return found


def _cells(rows: Rows, recipe: Recipe, sources: list[SourceGoals]) -> Cells:
    """Cells over every column that a goal names."""
    columns = list(recipe.mix.shares)
    if sources:
        columns.append("source")
    if any(one.subset is not None for one in sources):
        columns.append("subset")
    axes = [axis(rows, recipe, column) for column in dict.fromkeys(columns)]
    cells = make_cells(axes, rows.kept)
    for one in sources:
        if one.subset is not None:
            known = cells.axis("subset").names
            if one.subset not in known:
                hint = did_you_mean(one.subset, known)
                raise RecipeError(f"{one.where}: no kept record is of that subset: {hint}")
    return cells


def _amounts(rows: Rows, recipe: Recipe) -> dict[Unit, np.ndarray]:
    """What a row of each record gives, in every unit that the goals use."""
    size = recipe.mix.size
    units = {recipe.mix.shares_of, *([size[0]] if size else [])}
    found: dict[Unit, np.ndarray] = {}
    if "tokens" in units:
        found["tokens"] = tokens(rows)
    if "answer_tokens" in units:
        found["answer_tokens"] = amounts(rows, "answer_tokens")
    return found


def _queue(rows: Rows, recipe: Recipe, cells: Cells, engine: LocalEngine) -> np.ndarray:
    """The order in which the records of a cell are drawn, as one number a record."""
    select = recipe.mix.select
    priority = priorities(rows.keys, recipe.seed, _PURPOSE)
    if select == "random":
        return priority
    if isinstance(select, Select):
        if select.evenly is not None:
            return evenly(cells.cell, axis(rows, recipe, select.evenly).codes, priority)
        column = select.top or select.lowest or ""
        return by_number(numbers(rows, column), priority, lowest=select.top is None)
    members = np.flatnonzero(rows.kept)
    found = diverse(cells.cell[members], sketches(rows, members, engine), priority[members])
    result = np.zeros(rows.count, np.int64)
    result[members] = found
    return result


def _short(solution: Solution, recipe: Recipe, sources: list[SourceGoals]) -> list[str]:
    return why_short(solution, recipe.mix, sources) if solution.outcome != "met" else []


def _told(solution: Solution, recipe: Recipe, short: list[str]) -> Mix:
    cells, rows = solution.problem.cells, solution.rows
    drawn = int(np.minimum(rows, cells.records).sum())
    return Mix(
        size=size_words(solution.asked),
        outcome=solution.outcome,
        short=short,
        notes=list(recipe.notes),
        cells=len(rows),
        axes=goal_axes(solution, recipe.mix),
        records=int(cells.records.sum()),
        epochs=int(rows.sum()) / drawn if drawn else 0.0,
        repeated_rows=int(rows.sum()) - drawn,
    )
