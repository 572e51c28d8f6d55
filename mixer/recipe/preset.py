"""A recipe's preset → the shares, caps and selection that it stands for."""

from __future__ import annotations

import msgspec

from mixer.mixture.goals import Goals, Select, Values
from mixer.mixture.presets import FLAN_2022, Preset, flan_2022, instructgpt
from mixer.nearest import did_you_mean
from mixer.recipe.model import Source, Step
from mixer.recipe.yaml_text import Document

Expanded = tuple[Goals, dict[str, Source], tuple[str, ...]]
_TEMPLATE = "template_type"


def with_preset(
    document: Document, goals: Goals, sources: dict[str, Source], annotate: tuple[Step, ...]
) -> Expanded:
    """Goals and sources with the preset written out, and notes on it; what a recipe states itself
    stays as stated."""
    if goals.preset is None:
        return goals, sources, ()
    if goals.preset == "instructgpt":
        preset = instructgpt()
        return _shared(goals, preset), sources, (preset.note,)
    _check_collections(document, sources)
    preset = flan_2022({source.collection or "" for source in sources.values()})
    shared = _shared(goals, preset)
    # Rows of a task in proportion to what its cap leaves, templates in equal parts.
    shared = msgspec.structs.replace(shared, shares={**shared.shares, **_stratified(goals)})
    has_template = any(_TEMPLATE in step.settings.adds.names for step in annotate)
    if has_template and goals.select == "random":
        shared = msgspec.structs.replace(shared, select=Select(evenly=_TEMPLATE))
    capped = {name: _capped(source) for name, source in sources.items()}
    return shared, capped, (preset.note,)


def _shared(goals: Goals, preset: Preset) -> Goals:
    stated: Values = dict(preset.shares)
    return msgspec.structs.replace(goals, shares={preset.column: stated, **goals.shares})


def _stratified(goals: Goals) -> dict[str, str]:
    return {} if "subset" in goals.shares else {"subset": "natural"}


def _capped(source: Source) -> Source:
    if source.max_rows_per_subset is not None:
        return source
    part = FLAN_2022[source.collection or ""]
    return msgspec.structs.replace(source, max_rows_per_subset=part.max_rows_per_task)


def _check_collections(document: Document, sources: dict[str, Source]) -> None:
    for name, source in sources.items():
        if source.collection not in FLAN_2022:
            hint = did_you_mean(source.collection or "", FLAN_2022)
            sentence = f"the preset flan-2022 needs `collection`, the part of Flan it is: {hint}"
            raise document.error(("sources", name), sentence)
