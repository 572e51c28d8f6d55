"""Which of the three parts of alignment a record feeds: instruction, open_ended or feedback."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.steps import AnnotateStep
from mixer.taxonomy import COMPONENTS

_INSTRUCTION, _OPEN_ENDED, _FEEDBACK = range(3)


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Column `component`. Several answers, or a score, make feedback; else the form decides: that
    of the step task_type, or what that step would say."""

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "subset", "meta")
    adds: ClassVar[pa.Schema] = pa.schema([("component", pa.string())])
    uses: ClassVar[tuple[str, ...]] = ("form",)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        short = np.asarray(pc.equal(_forms(batch), "short_answer").fill_null(False))
        place = np.where(_is_feedback(batch), _FEEDBACK, np.where(short, _INSTRUCTION, _OPEN_ENDED))
        named = pa.array(list(COMPONENTS), pa.string()).take(pa.array(place))
        return pa.RecordBatch.from_arrays([named], schema=self.adds)


def _forms(batch: pa.RecordBatch) -> pa.Array:
    if "form" in batch.schema.names:
        return batch.column("form")
    from mixer.annotate.classifier.labels import labels

    return labels(batch).form


def _is_feedback(batch: pa.RecordBatch) -> np.ndarray:
    answers = batch.column("answers")
    ends = answers.offsets.to_numpy()
    scored = np.asarray(answers.values.field("score").is_valid()).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(scored)])
    return np.asarray((np.diff(ends) > 1) | (before[ends[1:]] > before[ends[:-1]]))
