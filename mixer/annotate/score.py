"""Scores as upstream gives them: that of the best answer, and how far the last one is behind."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """`score` of the best answer and `preference_margin`, best minus last; null where upstream
    gives no scores, and for the margin where there is one answer."""

    reads: ClassVar[tuple[str, ...]] = ("answers",)
    adds: ClassVar[pa.Schema] = pa.schema(
        [("score", pa.float64()), ("preference_margin", pa.float64())]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        answers = batch.column("answers")
        offsets = np.asarray(answers.offsets).astype(np.int64)
        first, last = offsets[:-1], offsets[1:] - 1
        scores = answers.values.field("score")
        best = scores.take(pa.array(first, mask=last < first))
        worst = scores.take(pa.array(last, mask=last <= first))
        return pa.RecordBatch.from_arrays([best, pc.subtract(best, worst)], schema=self.adds)
