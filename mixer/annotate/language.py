"""The main language of a record, by `langdetect` with a fixed seed."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.conversation import Conversation, conversations
from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """Columns `language` (ISO 639-1, `und` where the text does not tell) and its confidence."""

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "template")
    adds: ClassVar[pa.Schema] = pa.schema(
        [("language", pa.string()), ("language_confidence", pa.float64())]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        from mixer.annotate.identification.language_of import language_of

        found = [language_of(_text(one)) for one in conversations(batch)]
        columns = [
            pa.array([language for language, _ in found], pa.string()),
            pa.array([confidence for _, confidence in found], pa.float64()),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)


def _text(one: Conversation) -> str:
    """The last question and the best answer: what a model would learn to read and to say."""
    asked = next((text for role, text in reversed(one.turns) if role == "user"), "")
    return f"{asked}\n{one.best_answer or ''}"
