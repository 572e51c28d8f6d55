"""Which of the three parts of alignment a record feeds: instruction, open_ended or feedback."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.conversation import Conversation, conversations
from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Column `component`. Several answers, or a score, make feedback; else the form decides."""

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "template")
    adds: ClassVar[pa.Schema] = pa.schema([("component", pa.string())])
    uses: ClassVar[tuple[str, ...]] = ("form",)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        templates = batch.column("template").to_pylist()
        forms = batch.column("form").to_pylist() if "form" in batch.schema.names else None
        values = []
        for row, one in enumerate(conversations(batch)):
            known = forms[row] if forms else None
            values.append(_component(one, known, templates[row]))
        return pa.RecordBatch.from_arrays([pa.array(values, pa.string())], schema=self.adds)


def _component(one: Conversation, form: str | None, template: str | None) -> str:
    from mixer.annotate.rules.task_rules import classify, component

    is_feedback = len(one.answers) > 1 or one.scored
    if form is None and not is_feedback:
        form = classify(one.turns, one.best_answer, template).form
    return component(form or "", is_feedback)
