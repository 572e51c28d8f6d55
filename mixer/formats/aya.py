"""Aya (https://huggingface.co/datasets/CohereForAI/aya_dataset) and sets with its field names.

    {"inputs": "Quand part le bac ?", "targets": "À neuf heures.", "language": "French",
     "language_code": "fra", "annotation_type": "original-annotations", "user_id": "u1"}

The Aya Collection (`id, inputs, targets, dataset_name, task_type, …`), Aya's evaluation suite and
xP3x (`inputs, targets, language, config, …`) are read, too. The subset is the language: its code
(ISO 639-3), or `language` where a row has no code. `task_type` is the task in upstream's words. A
row without `targets` is a bare prompt.

Traps: the Aya Collection holds the Aya Dataset, Dolly and Flan's parts again, templated and
translated into a hundred languages: drop duplicates, and keep its evaluation suite out of training.
"""

from __future__ import annotations

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user

CARD = "aya"


class Row(msgspec.Struct, omit_defaults=True):
    inputs: str
    targets: str | None
    language: str | None = None
    language_code: str | None = None
    task_type: str | None = None


def is_typical(row: Row) -> bool:
    return (row.language_code or row.language or row.task_type) is not None


def parse(row: Row, place: Place, options: object) -> Record:
    facts = {"language": row.language, "language_code": row.language_code}
    return Record(
        prompt=[user(row.inputs)],
        answers=[] if row.targets is None else [assistant(row.targets)],
        subset=row.language_code or row.language or "",
        stated_task=StatedTask("words", row.task_type) if row.task_type else None,
        meta={name: fact for name, fact in facts.items() if fact is not None},
    )


def render(record: Record) -> Row:
    """The upstream row of a record with at most one answer."""
    return Row(
        inputs=record.prompt[0].content,
        targets=record.answers[0].messages[0].content if record.answers else None,
        language=record.meta.get("language"),
        language_code=record.meta.get("language_code"),
        task_type=record.stated_task.category if record.stated_task else None,
    )
