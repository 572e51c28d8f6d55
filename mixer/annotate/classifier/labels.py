"""Records in Arrow → task type and form: upstream's word where it states one, else the model's.

What both labels and components are made from, so that they cannot differ.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from mixer.annotate.classifier.classify import classify
from mixer.annotate.upstream.catalogues import label_of
from mixer.annotate.upstream.stated import Stated
from mixer.taxonomy import FORMS, TASK_TYPES

_TASKS, _FORMS = list(TASK_TYPES), list(FORMS)
_OPEN = -1


class Labels(NamedTuple):
    """By row: `task_type`, `form` and `by` (upstream or model), strings; how sure the model is,
    float64, null where upstream says it."""

    task_type: pa.Array
    form: pa.Array
    by: pa.Array
    task_type_confidence: pa.Array
    form_confidence: pa.Array


class _Meta(msgspec.Struct):
    """The one field of `meta` that is looked at; an upstream row may have one of that name."""

    stated_task: Any = None


def labels(batch: pa.RecordBatch, categories: str | None = None) -> Labels:
    """A batch with `prompt`, `answers`, `subset` and `meta`; `categories` is a file, see step
    task_type. The model judges only rows of which upstream leaves something open."""
    task, form = _places(_stated(batch, categories))
    stated, formed = task != _OPEN, form != _OPEN
    judged = classify(batch, ~(stated & formed))
    return Labels(
        _named(np.where(stated, task, judged.task_type), _TASKS),
        _named(np.where(formed, form, judged.form), _FORMS),
        _named(np.where(stated, 0, 1), ["upstream", "model"]),
        pa.array(judged.task_type_confidence, mask=stated),
        pa.array(judged.form_confidence, mask=formed),
    )


def _places(stated: list[Stated | None]) -> tuple[np.ndarray, np.ndarray]:
    """int64 [rows] each: places of task types and forms, _OPEN where upstream says nothing."""
    task, form = np.full((2, len(stated)), _OPEN)
    for row, one in enumerate(stated):
        if one is not None:
            task[row] = _TASKS.index(one.task_type)
            form[row] = _FORMS.index(one.form) if one.form else _OPEN
    return task, form


def _stated(batch: pa.RecordBatch, categories: str | None) -> list[Stated | None]:
    """The label that upstream gives each row, None where it gives none."""
    decode = msgspec.json.Decoder(_Meta).decode
    pairs = [_pair(decode(text).stated_task) for text in batch["meta"].to_pylist()]
    return [
        label_of(*pair, task or "", categories) if pair else None
        for pair, task in zip(pairs, batch["subset"].to_pylist(), strict=True)
    ]


def _named(places: np.ndarray, names: list[str]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(places))


def _pair(value: Any) -> tuple[str, str] | None:
    """Catalogue and category as a format states them; anything else is not ours."""
    if not isinstance(value, list) or [type(each) for each in value] != [str, str]:
        return None
    return value[0], value[1]
