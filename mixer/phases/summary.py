"""The numbers of a build, summed over its rows: what mixture.json and the card tell."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec
import numpy as np
import pandas as pd
import pyarrow.compute as pc

from mixer import __version__
from mixer.cards.summary import (
    ByModel,
    Decontamination,
    Mix,
    ShareRow,
    SourceSummary,
    StepSummary,
    Summary,
)
from mixer.phases.arrange import Plan
from mixer.phases.axes import numbers, tokens, values
from mixer.phases.contamination import summarise_contamination
from mixer.phases.decontaminate import Contamination
from mixer.phases.licensing import licensing
from mixer.phases.mix import Drawing
from mixer.phases.origin import origin
from mixer.phases.overlaps import overlaps
from mixer.phases.read import ReadResult, ReadTask
from mixer.phases.rows import Rows
from mixer.recipe.license import because, card_name
from mixer.recipe.model import Recipe, Step
from mixer.report.statistics import CONFIDENCES, UNSURE, by_model, is_labelled, shares

COMPOSITION = ("source", "component", "form", "task_type", "language", "license")
KINDS = ("annotate", "screen", "dedup")
ANNOTATED = ("component", "form", "task_type", "language")


class Prepared(NamedTuple):
    """Records read, annotated, screened and without duplicates; `configs` bool [rows, 3]."""

    licenses: dict[str, str]
    read: list[tuple[ReadTask, ReadResult]]
    rows: Rows
    configs: np.ndarray
    contamination: Contamination | None = None


class Selected(NamedTuple):
    """A recipe carried out up to the drawing, nothing written yet."""

    recipe: Recipe
    licenses: dict[str, str]
    read: list[tuple[ReadTask, ReadResult]]
    rows: Rows
    drawing: Drawing
    plan: Plan
    contamination: Contamination | None = None

    @property
    def evaluations_read(self) -> list[tuple[ReadTask, ReadResult]]:
        found = self.contamination
        return [] if found is None else found.evaluations.everything_read


def summarise(selected: Selected) -> Summary:
    """Every count is a sum over the fates of rows; nothing is counted twice or estimated."""
    recipe, rows, drawing = selected.recipe, selected.rows, selected.drawing
    columns = [*COMPOSITION, *(c for c in recipe.mix.shares if c not in (*COMPOSITION, "subset"))]
    present = [name for name in columns if name not in ANNOTATED or rows.has(name)]
    frame = drawn_frame(selected, present)
    splits: dict[str, dict[str, int]] = {}
    for file in selected.plan.files:
        own = splits.setdefault(file.config, {})
        own[file.split] = own.get(file.split, 0) + file.rows
    sources = _sources(selected)
    return Summary(
        name=recipe.name,
        mixer=__version__,
        seed=recipe.seed,
        configs={config: sum(own.values()) for config, own in splits.items()},
        read=sum(source.read for source in sources),
        quarantined=sum(sum(source.quarantined.values()) for source in sources),
        dropped=rows.dropped_by_step(),
        not_drawn=int((rows.kept & (drawing.repeat == 0)).sum()),
        drawn=int((drawing.repeat > 0).sum()),
        drawn_rows=int(drawing.repeat.sum()),
        sources=sources,
        mix=_mix(selected),
        splits=splits,
        composition={name: share_rows(frame, name) for name in present},
        languages=drawn_values(frame, "language", but="und"),
        licenses=drawn_values(frame, "license"),
        annotated=[_described(step.name, step.settings) for step in recipe.annotate],
        by_model={name: model_labels(frame, name) for name in present if is_labelled(frame, name)},
        overlaps=overlaps(rows),
        found=list(rows.notes),
        decontamination=_decontamination(selected),
        licensing=licensing(rows, selected.plan, recipe),
        steps=[_step(kind, step) for kind in KINDS for step in getattr(recipe, kind)],
    )


def _step(kind: str, step: Step) -> StepSummary:
    """Paths stay away: they say nothing to anyone else."""
    stated = msgspec.to_builtins(step.settings)
    kept = {key: value for key, value in stated.items() if value not in (None, [], (), {})}
    for path in step.settings.paths:
        kept.pop(path, None)
    return StepSummary(kind, step.name, kept)


def _decontamination(selected: Selected) -> Decontamination | None:
    wanted, found = selected.recipe.decontaminate, selected.contamination
    if wanted is None or found is None:
        return None
    return summarise_contamination(found, wanted.against)


def drawn_frame(selected: Selected, columns: list[str]) -> pd.DataFrame:
    """One line a drawn record: `columns`, `rows` (its repeats), `tokens` (prompt and answer)."""
    repeat = selected.drawing.repeat
    return record_frame(selected.rows, selected.recipe, repeat, columns)


def record_frame(
    rows: Rows, recipe: Recipe, repeat: np.ndarray, columns: list[str]
) -> pd.DataFrame:
    """The same for any choice of records, each `repeat` times; and how sure labels are."""
    drawn = np.flatnonzero(repeat > 0)
    data: dict[str, object] = {"rows": repeat[drawn], "tokens": tokens(rows)[drawn]}
    for name in columns:
        taken = values(rows, recipe, name).take(drawn).dictionary_encode()
        codes = np.asarray(taken.indices.fill_null(-1))
        data[name] = pd.Categorical.from_codes(codes, taken.dictionary.to_pylist())
    for name in filter(rows.has, CONFIDENCES.values()):
        data[name] = numbers(rows, name)[drawn]
    return pd.DataFrame(data)


def _mix(selected: Selected) -> Mix:
    """The drawing's account, with what splits and stages had to give."""
    mix = selected.drawing.mix
    return msgspec.structs.replace(mix, notes=[*mix.notes, *selected.plan.notes])


def share_rows(frame: pd.DataFrame, column: str) -> list[ShareRow]:
    """The values of a column of `drawn_frame`, most rows first."""
    table = shares(frame, column)
    rows = table.rename_axis("value").reset_index().to_dict("records")
    return msgspec.convert(rows, list[ShareRow])


def model_labels(frame: pd.DataFrame, column: str) -> ByModel:
    """How many labels of the column are the model's, and how many it is not sure of."""
    return ByModel(*by_model(frame, column), UNSURE)


def drawn_values(frame: pd.DataFrame, column: str, but: str = "") -> list[str]:
    """The values of a column that are there, sorted."""
    if column not in frame:
        return []
    return sorted(value for value in frame[column].dropna().unique() if value != but)


def _described(name: str, settings: object) -> str:
    return f"{name}: tokenizer" if getattr(settings, "tokenizer", None) else name


def _sources(selected: Selected) -> list[SourceSummary]:
    sources = selected.rows.column("source")
    return [
        _source(selected, name, np.asarray(pc.equal(sources, name)))
        for name in selected.recipe.sources
    ]


def _source(selected: Selected, name: str, mine: np.ndarray) -> SourceSummary:
    source, rows, repeat = selected.recipe.sources[name], selected.rows, selected.drawing.repeat
    results = [result for task, result in selected.read if task.name == name]
    quarantined, treatments = Counter[str](), Counter[str]()
    for result in results:
        quarantined.update(result.quarantined)
        treatments.update(result.treatments)
    dropped = Counter(rows.reasons[code][0] for code in rows.reason[mine & ~rows.kept].tolist())
    return SourceSummary(
        name=name,
        format=source.format,
        card=card_name(source),
        license=selected.licenses[name],
        license_because=because(source),
        use=list(source.use) if source.use is not None else None,
        origin=origin(source, sum(len(result.files) for result in results)),
        read=int(mine.sum()) + sum(quarantined.values()),
        quarantined=dict(sorted(quarantined.items())),
        treatments=dict(sorted(treatments.items())),
        dropped=dict(sorted(dropped.items())),
        not_drawn=int((mine & rows.kept & (repeat == 0)).sum()),
        drawn=int((mine & (repeat > 0)).sum()),
        drawn_rows=int(repeat[mine].sum()),
        revision=source.revision,
        masked=list(source.mask),
    )
