"""What a record asks for (`task_type`) and what kind of answer it calls for (`form`).

Where upstream states the task (a category of Super-NaturalInstructions or Dolly, a template of P3,
…: annotate/upstream has one file a catalogue), that label wins; else a model judges the text.
"""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Columns `task_type` (13 values) and `form` (3; see mixer/taxonomy.py), `task_type_by`
    (upstream or model), and how sure the model is (`_confidence`, 0–1, null where upstream says
    it). `categories` is upstream's table of the Flan Collection, `flan_collection_info.csv`, for
    tasks of Super-NaturalInstructions known by their names."""

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
        from mixer.annotate.classifier.labels import labels

        return pa.RecordBatch.from_arrays(list(labels(batch, self.categories)), schema=self.adds)
