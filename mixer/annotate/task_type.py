"""What a record asks for (`task_type`) and what kind of answer it calls for (`form`).

The text is judged first. Where upstream states the task (a category of Super-NaturalInstructions
or Dolly, a template of P3, …: annotate/upstream has one file a catalogue), that label wins.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import pyarrow as pa

from mixer.annotate.upstream.catalogues import label_of
from mixer.annotate.upstream.stated import Stated
from mixer.conversation import conversations
from mixer.steps import AnnotateStep


class _Meta(msgspec.Struct):
    """The one field of `meta` that is looked at; an upstream row may have one of that name."""

    stated_task: Any = None


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Columns `task_type` (13 values), `form` (3; see annotate/rules/taxonomy.py) and
    `task_type_by` (upstream or model). `categories` is upstream's table of the Flan Collection,
    `flan_collection_info.csv`, for tasks of Super-NaturalInstructions known by their names."""

    categories: str | None = None

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "template", "subset", "meta")
    paths: ClassVar[tuple[str, ...]] = ("categories",)
    adds: ClassVar[pa.Schema] = pa.schema(
        [("task_type", pa.string()), ("form", pa.string()), ("task_type_by", pa.string())]
    )

    def files(self) -> list[str]:
        return [] if self.categories is None else [self.categories]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        labels = [
            (stated.task_type, stated.form or form, "upstream")
            if stated is not None
            else (task_type, form, "model")
            for (task_type, form), stated in zip(_judged(batch), self._stated(batch), strict=True)
        ]
        columns = [pa.array([label[i] for label in labels], pa.string()) for i in range(3)]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)

    def _stated(self, batch: pa.RecordBatch) -> list[Stated | None]:
        """The label that upstream gives each row, None where it gives none."""
        decode = msgspec.json.Decoder(_Meta).decode
        pairs = [_pair(decode(text).stated_task) for text in batch["meta"].to_pylist()]
        return [
            label_of(*pair, task or "", self.categories) if pair else None
            for pair, task in zip(pairs, batch["subset"].to_pylist(), strict=True)
        ]


def _pair(value: Any) -> tuple[str, str] | None:
    """Catalogue and category as a format states them; anything else is not ours."""
    if not isinstance(value, list) or [type(each) for each in value] != [str, str]:
        return None
    return value[0], value[1]


def _judged(batch: pa.RecordBatch) -> list[tuple[str, str]]:
    """Task type and form of each row, from its text alone."""
    from mixer.annotate.rules.task_rules import classify

    templates = batch.column("template").to_pylist()
    return [
        classify(one.turns, one.best_answer, template)
        for one, template in zip(conversations(batch), templates, strict=True)
    ]
