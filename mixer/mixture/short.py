"""Why a mixture's targets cannot all be met, in an author's words, and the price of each remedy."""

from __future__ import annotations

import math

import numpy as np

from mixer.mixture.feasible import (
    conflict,
    is_feasible,
    largest_size,
    least_epochs,
    nearest_value,
    smallest_size,
)
from mixer.mixture.goals import Goals, Unit
from mixer.mixture.problem import Problem
from mixer.mixture.solve import Solution
from mixer.mixture.targets import OTHERS, SourceGoals, Target, members_of
from mixer.nearest import nearest

_MISSING = 1e-6
# A share is advised with this many decimals, rounded to the side that can be met.
_DECIMALS = 4
_MOST_NAMED = 4
NONE_LEFT = "no such record is left"
# Rows repeated more often than this are no advice.
_MOST_EPOCHS = 16


def why_short(solution: Solution, goals: Goals, sources: list[SourceGoals]) -> list[str]:
    """One sentence or more; the last names the closest feasible mixture."""
    asked = solution.asked
    if not len(asked.low):
        return ["no record is left to draw: see what dropped them in the ledger"]
    sentences = _size(asked) + _single(asked)
    if sentences:
        named = [number for number, _ in sentences]
        told = [sentence for _, sentence in sentences]
    else:
        named = conflict(asked)
        told = [_together(asked, named)]
    ways = _ways_out(asked, goals, sources, named)
    if ways:
        told.append(f"You can {_either(ways)}.")
    told.append(f"Closest feasible mixture: {closest(solution)}.")
    return told


def _either(ways: list[str]) -> str:
    if len(ways) < 3:
        return " or ".join(ways)
    return f"{', '.join(ways[:-1])}, or {ways[-1]}"


def closest(solution: Solution) -> str:
    """`10,000 rows; form: short_answer 0.4, creative 0.2` as drawn."""
    problem, rows = solution.problem, solution.rows.astype(float)
    parts = [f"{int(rows.sum()):,} rows"]
    columns: dict[str, list[str]] = {}
    for target in solution.asked.targets:
        total = problem.total(rows, target.unit)
        if target.value != OTHERS and total:
            share = problem.amount(rows, target) / total
            columns.setdefault(target.column, []).append(f"{target.value} {share:.3g}")
    for column, values in columns.items():
        more = f" and {len(values) - 8} more" if len(values) > 8 else ""
        parts.append(f"{column}: {', '.join(values[:8])}{more}")
    return "; ".join(parts)


def size_label(problem: Problem) -> str:
    assert problem.size is not None
    return f"mix.{problem.size[0]} = {problem.size[1]:,.0f}"


def _size(problem: Problem) -> list[tuple[int, str]]:
    """Whether the size alone is beyond what is there."""
    if problem.size is None:
        return []
    unit, amount = problem.size
    least, most = problem.total(problem.low, unit), problem.total(problem.high, unit)
    if most < amount - _MISSING:
        return [(-1, f"{size_label(problem)}, but {_left(problem, unit, None)}.")]
    if least > amount + _MISSING:
        sentence = f"what must be included gives {_amount(least, unit)} already"
        return [(-1, f"{size_label(problem)}, but {sentence}.")]
    return []


def _single(problem: Problem) -> list[tuple[int, str]]:
    """Targets that cannot be met whatever the others are; beyond a size that cannot be had, only
    those that no record meets."""
    told = []
    size_is_short = bool(_size(problem))
    for number, target in enumerate(problem.targets):
        low, high = _needed(problem, target)
        own = problem.own(target)
        least, most = float(problem.low @ own), float(problem.high @ own)
        if problem.size is None and not target.is_absolute:
            if low > 0 and most <= _MISSING:
                told.append((number, f"{target.label}: {_left(problem, target.unit, target)}."))
        elif size_is_short and most > _MISSING:
            continue
        elif most < low - _MISSING:
            needs = f"{target.label} needs {_amount(low, target.unit)}"
            told.append((number, f"{needs}; {_left(problem, target.unit, target)}."))
        elif least > high + _MISSING:
            must = f"what must be included gives {_amount(least, target.unit)}"
            told.append((number, f"{target.label} allows {_amount(high, target.unit)}; {must}."))
    return told


def _needed(problem: Problem, target: Target) -> tuple[float, float]:
    if target.is_absolute:
        return target.low, target.high
    if problem.size is not None and problem.size[0] == target.unit:
        return target.low * problem.size[1], target.high * problem.size[1]
    # The size is in another unit: the value's share of the most that the rest could give.
    return (1.0 if target.low > 0 else 0.0), math.inf


def _left(problem: Problem, unit: Unit, target: Target | None) -> str:
    """`18,440 records are left (of them 12,002 with language en)`."""
    cells = np.arange(len(problem.low)) if target is None else target.members
    records = int(problem.cells.records[cells].sum())
    if not records:
        near = _near(problem, target)
        return f"no such record is left (did you mean {near!r}?)" if near else NONE_LEFT
    gives = float((problem.high * problem.per_row[unit])[cells].sum())
    epochs = problem.high[cells].sum() / records
    text = f"{records:,} records are left{_of_them(problem, target)}"
    if unit != "rows":
        return f"{text}, which give {_amount(gives, unit)}"
    return f"{text}, which give {_amount(gives, unit)}" if epochs != 1 else text


def _near(problem: Problem, target: Target | None) -> str | None:
    """A value that is there, where the one with a target may be misspelt."""
    if target is None or target.value == OTHERS:
        return None
    return nearest(target.value, problem.cells.axis(target.column).names)


def _of_them(problem: Problem, target: Target | None) -> str:
    """The commonest value that has a target of its own in another column."""
    if target is None:
        return ""
    best, text = 0, ""
    for other in problem.targets:
        if other.column != target.column:
            both = np.intersect1d(other.members, target.members)
            records = int(problem.cells.records[both].sum())
            if records > best:
                best, text = records, f" (of them {records:,} with {other.column} {other.value})"
    return text


def _together(problem: Problem, named: list[int]) -> str:
    labels = [*dict.fromkeys(_stated(problem.targets[number]) for number in named)]
    if problem.size is not None:
        labels.append(size_label(problem))
    if len(labels) > 2 * _MOST_NAMED:
        labels = [*labels[: 2 * _MOST_NAMED], f"{len(labels) - 2 * _MOST_NAMED} more"]
    if len(labels) < 2:
        return f"{labels[0] if labels else 'the targets'} cannot be met by the records left."
    return f"{', '.join(labels[:-1])} and {labels[-1]} cannot all be met, though each alone can."


def _stated(target: Target) -> str:
    """A target as the recipe has it: shares that one word makes are one."""
    return f"{target.column} = {target.rule}" if target.rule else target.label


def _ways_out(
    problem: Problem, goals: Goals, sources: list[SourceGoals], named: list[int]
) -> list[str]:
    """Single changes, each enough on its own."""
    ways = []
    stated = [number for number in named if number >= 0 and not problem.targets[number].rule]
    for number in stated[:_MOST_NAMED]:
        value = nearest_value(problem, number)
        if value is not None:
            ways.append(_moved(problem.targets[number], value, alone=len(named) == 1))
    ways += _without_rules(problem, named)
    epochs = least_epochs(problem, _global_cells(problem, sources))
    if epochs is not None and goals.max_epochs < epochs <= _MOST_EPOCHS:
        ways.append(f"set max_epochs to {epochs}")
    return ways + _other_size(problem)


def _other_size(problem: Problem) -> list[str]:
    """The nearest size at which all shares hold."""
    if problem.size is None:
        return []
    unit, amount = problem.size
    most = largest_size(problem, unit)
    if most is None or most < 1 - _MISSING:
        return []
    if math.floor(most + _MISSING) < amount:
        return [f"reduce {unit} to {math.floor(most + _MISSING):,}"]
    least = smallest_size(problem, unit)
    if least is None or least <= amount + _MISSING:
        return []
    return [f"raise {unit} to {math.ceil(least - _MISSING):,}"]


def _without_rules(problem: Problem, named: list[int]) -> list[str]:
    """Columns shared by one word, where leaving that word out is enough."""
    ways = []
    targets = [problem.targets[number] for number in named if number >= 0]
    for column, rule in dict.fromkeys((t.column, t.rule) for t in targets if t.rule):
        others = [t for t in problem.targets if not (t.column == column and t.rule)]
        if is_feasible(problem._replace(targets=others)):
            ways.append(f"state shares of {column} by value instead of {rule}")
    return ways


def _moved(target: Target, value: float, *, alone: bool) -> str:
    """`lower form.creative to 0.184`."""
    what = "it" if alone else target.name
    is_lower = value < target.low
    verb = "lower" if is_lower else "raise"
    if target.is_absolute:
        rows = math.floor(value + _MISSING) if is_lower else math.ceil(value - _MISSING)
        return f"{verb} {what} to {rows:,}"
    step = 10**_DECIMALS
    share = math.floor(value * step + 1e-6) if is_lower else math.ceil(value * step - 1e-6)
    if share <= 0:
        return f"take {target.name} out of the shares" if not alone else "take it out of the shares"
    return f"{verb} {what} to {share / step:g}"


def _global_cells(problem: Problem, sources: list[SourceGoals]) -> np.ndarray:
    """bool [cells]: those that the mixture's own max_epochs bounds."""
    result = problem.high > 0
    for one in sources:
        if one.goals.max_epochs is not None:
            result[members_of(problem.cells, one)] = False
    return np.asarray(result)


def _amount(amount: float, unit: Unit) -> str:
    return f"{math.ceil(amount - _MISSING):,} {unit.replace('_', ' ')}"
