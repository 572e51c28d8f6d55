"""The main language of a record, of its question and of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

import pyarrow as pa

from mixer.conversation import Conversation, conversations
from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """`language` (ISO 639-1, `und` where the text does not tell) of the last question and the best
    answer together, how sure that is, and `prompt_language` and `answer_language` of each alone.

    `detector` is `fast` or `langdetect`, hundreds of times slower.
    """

    detector: Literal["fast", "langdetect"] = "fast"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            ("language", pa.string()),
            ("language_confidence", pa.float64()),
            ("prompt_language", pa.string()),
            ("answer_language", pa.string()),
        ]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        found = _by_langdetect(batch) if self.detector == "langdetect" else _fast(batch)
        columns = [pa.array(one, kind.type) for one, kind in zip(found, self.adds, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)


def _fast(batch: pa.RecordBatch) -> Iterable[Any]:
    from mixer.annotate.identification.records import record_languages
    from mixer.similarity.compiling import saying_when_compiling

    with saying_when_compiling():
        return record_languages(batch)


def _by_langdetect(batch: pa.RecordBatch) -> Iterable[Any]:
    from mixer.annotate.identification.language_of import language_of

    rows = []
    for one in conversations(batch):
        asked, said = _last_question(one), one.best_answer or ""
        both = language_of(f"{asked}\n{said}")
        rows.append((*both, language_of(asked)[0], language_of(said)[0]))
    return zip(*rows, strict=True) if rows else ([], [], [], [])


def _last_question(one: Conversation) -> str:
    return next((text for role, text in reversed(one.turns) if role == "user"), "")
