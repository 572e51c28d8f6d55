"""What a record asks for (`task_type`) and what kind of answer it calls for (`form`).

The text is judged first. Where upstream states the task (a category of Super-NaturalInstructions
or Dolly, a template of P3, …: annotate/upstream has one file a catalogue), that label wins.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from mixer.annotate.upstream.catalogues import label_of
from mixer.annotate.upstream.stated import Stated
from mixer.steps import AnnotateStep
from mixer.taxonomy import FORMS, TASK_TYPES

_TASKS, _FORMS = list(TASK_TYPES), list(FORMS)


class _Meta(msgspec.Struct):
    """The one field of `meta` that is looked at; an upstream row may have one of that name."""

    stated_task: Any = None


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Columns `task_type` (13 values) and `form` (3; see mixer/taxonomy.py), how sure the label is
    (`_confidence`, 0–1; 1 where upstream says so), and `task_type_by` (upstream or model).
    `categories` is upstream's table of the Flan Collection, `flan_collection_info.csv`, for tasks
    of Super-NaturalInstructions known by their names."""

    categories: str | None = None

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "subset", "meta")
    paths: ClassVar[tuple[str, ...]] = ("categories",)
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            ("task_type", pa.string()),
            ("form", pa.string()),
            ("task_type_by", pa.string()),
            ("task_type_confidence", pa.float64()),
            ("form_confidence", pa.float64()),
        ]
    )

    def files(self) -> list[str]:
        return [] if self.categories is None else [self.categories]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        from mixer.annotate.classifier.classify import classify

        judged = classify(batch)
        task, task_sure = judged.task_type, judged.task_type_confidence
        form, form_sure = judged.form, judged.form_confidence
        by = np.ones(batch.num_rows, np.int8)
        for row, stated in enumerate(self._stated(batch)):
            if stated is None:
                continue
            task[row], task_sure[row], by[row] = _TASKS.index(stated.task_type), 1.0, 0
            if stated.form:
                form[row], form_sure[row] = _FORMS.index(stated.form), 1.0
        columns = [
            _named(task, _TASKS),
            _named(form, _FORMS),
            _named(by, ["upstream", "model"]),
            pa.array(task_sure),
            pa.array(form_sure),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)

    def _stated(self, batch: pa.RecordBatch) -> list[Stated | None]:
        """The label that upstream gives each row, None where it gives none."""
        decode = msgspec.json.Decoder(_Meta).decode
        pairs = [_pair(decode(text).stated_task) for text in batch["meta"].to_pylist()]
        return [
            label_of(*pair, task or "", self.categories) if pair else None
            for pair, task in zip(pairs, batch["subset"].to_pylist(), strict=True)
        ]


def _named(places: np.ndarray, names: list[str]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(places))


def _pair(value: Any) -> tuple[str, str] | None:
    """Catalogue and category as a format states them; anything else is not ours."""
    if not isinstance(value, list) or [type(each) for each in value] != [str, str]:
        return None
    return value[0], value[1]
