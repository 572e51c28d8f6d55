"""Whether the columns and values that a recipe shares by can exist at all."""

from __future__ import annotations

from mixer.annotate.rules.taxonomy import COMPONENTS, FORMS, TASK_TYPES
from mixer.mixture.goals import Goals
from mixer.nearest import did_you_mean
from mixer.recipe.model import Step
from mixer.recipe.yaml_text import Document

_ALWAYS_THERE = {"source", "subset", "license"}
_TAXONOMY = {"form": FORMS, "task_type": TASK_TYPES, "component": COMPONENTS}


def check_shares(
    document: Document, goals: Goals, sources: list[str], annotate: tuple[Step, ...]
) -> None:
    """RecipeError for a column that no step makes, or a value that its column never has."""
    there = _ALWAYS_THERE.union(*(step.settings.adds.names for step in annotate))
    known = {**_TAXONOMY, "source": sources}
    for column, shares in goals.shares.items():
        if column not in there:
            step = "task_type" if column == "form" else column
            sentence = f"nothing makes the column {column!r}: add `{step}` to `annotate`"
            raise document.error(("mix", "shares", column), sentence)
        for value in shares:
            if column in known and value not in known[column]:
                sentence = f"unknown value: {did_you_mean(value, known[column])}"
                raise document.error(("mix", "shares", column, value), sentence)
