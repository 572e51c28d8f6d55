"""What a record asks for (`task_type`) and what kind of answer it calls for (`form`), by rules."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.conversation import conversations
from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Columns `task_type` (13 values) and `form` (3); the taxonomy is in annotate/rules."""

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "template")
    adds: ClassVar[pa.Schema] = pa.schema([("task_type", pa.string()), ("form", pa.string())])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        from mixer.annotate.rules.task_rules import classify

        templates = batch.column("template").to_pylist()
        labels = [
            classify(one.turns, one.best_answer, template)
            for one, template in zip(conversations(batch), templates, strict=True)
        ]
        columns = [pa.array([label[i] for label in labels], pa.string()) for i in (0, 1)]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)
