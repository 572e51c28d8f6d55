"""Whether the columns and values that a recipe's goals name can exist at all."""

from __future__ import annotations

import pyarrow as pa

from mixer.errors import RecipeError
from mixer.mixture.goals import Goals, Order, Select, Values
from mixer.nearest import did_you_mean
from mixer.recipe.model import Recipe
from mixer.recipe.yaml_text import Document, Path
from mixer.taxonomy import (
    COMPONENTS,
    FORMS,
    INSTRUCTGPT_USE_CASES,
    TASK_TYPE_BY,
    TASK_TYPES,
)

_ALWAYS_THERE = ("source", "subset", "license", "collection", "length_band")
_TAXONOMY = {
    "form": FORMS,
    "task_type": TASK_TYPES,
    "task_type_by": TASK_TYPE_BY,
    "component": COMPONENTS,
    "use_case": sorted(set(INSTRUCTGPT_USE_CASES.values())),
    "length_band": ("0-63", "64-255", "256-1023", "1024-4095", "4096+"),
}
_TEMPERATURE = "temperature"


def check_goals(document: Document, recipe: Recipe) -> None:
    """RecipeError for a column that no step makes, a value that its column never has, or goals of
    a source that are stated twice."""
    goals = recipe.mix
    _check_shares(document, recipe)
    _check_column(document, recipe, recipe.ablate.over, ("ablate", "over"))
    for key, columns in _named_columns(goals):
        for column in columns:
            _check_column(document, recipe, column, ("mix", key))
    _check_numbers(document, recipe)
    _check_sources(document, recipe)


def _check_shares(document: Document, recipe: Recipe) -> None:
    collections = [source.collection or name for name, source in recipe.sources.items()]
    known = {**_TAXONOMY, "source": list(recipe.sources), "collection": collections}
    for column, words in recipe.mix.shares.items():
        _check_column(document, recipe, column, ("mix", "shares", column))
        for value in _values(words):
            if column in known and value not in known[column]:
                sentence = f"unknown value: {did_you_mean(value, known[column])}"
                raise document.error(("mix", "shares", column, value), sentence)


def _values(words: str | Values) -> list[str]:
    return [] if isinstance(words, str) or _TEMPERATURE in words else list(words)


def check_column(recipe: Recipe, column: str, where: str) -> None:
    """RecipeError for a column that nothing makes, named `where` on the command line."""
    fault = _fault(recipe, column)
    if fault:
        raise RecipeError(f"{where}: {fault}")


def _check_column(document: Document, recipe: Recipe, column: str, path: Path) -> None:
    fault = _fault(recipe, column)
    if fault:
        raise document.error(path, fault)


def _fault(recipe: Recipe, column: str) -> str:
    """Why goals cannot name a column; empty where they can."""
    there = [*_ALWAYS_THERE, *_made(recipe, numbers=False)]
    if "task_type" in there:
        there.append("use_case")
    if column in there:
        return ""
    makers = dict.fromkeys(("form", "use_case", "task_type_by"), "task_type")
    makers |= dict.fromkeys(("prompt_language", "answer_language"), "language")
    step = makers.get(column, column)
    if step in ("task_type", "language"):
        return f"nothing makes the column {column!r}: add `{step}` to `annotate`"
    return f"no column {column!r} to share by: {did_you_mean(column, there)}"


def _check_numbers(document: Document, recipe: Recipe) -> None:
    goals = recipe.mix
    named: list[tuple[str, str]] = []
    if isinstance(goals.select, Select):
        named += [("select", n) for n in (goals.select.top, goals.select.lowest) if n]
    if isinstance(goals.order, Order):
        named += [("order", n) for n in (goals.order.ascending, goals.order.descending) if n]
    known = ["tokens", *_made(recipe, numbers=True)]
    for key, column in named:
        if column not in known:
            sentence = f"no column of numbers {column!r}: {did_you_mean(column, known)}"
            raise document.error(("mix", key), sentence)


def _made(recipe: Recipe, *, numbers: bool) -> list[str]:
    """Columns that the recipe's steps add, numbers or strings."""
    fields = [field for step in recipe.annotate for field in step.settings.adds]
    return [field.name for field in fields if (field.type != pa.string()) == numbers]


def _named_columns(goals: Goals) -> list[tuple[str, list[str]]]:
    named: list[tuple[str, list[str]]] = []
    if isinstance(goals.select, Select) and goals.select.evenly:
        named.append(("select", [goals.select.evenly]))
    if isinstance(goals.order, Order):
        interleave = goals.order.interleave or ()
        named.append(("order", [interleave] if isinstance(interleave, str) else list(interleave)))
        named.append(("order", [column for stage in goals.order.stages or () for column in stage]))
    return named


def _check_sources(document: Document, recipe: Recipe) -> None:
    shared = recipe.mix.shares.get("source", {})
    for name, source in recipe.sources.items():
        if source.share is not None and not isinstance(shared, str) and name in shared:
            sentence = f"the share of {name!r} is stated here and in mix.shares.source"
            raise document.error(("sources", name, "share"), sentence)
