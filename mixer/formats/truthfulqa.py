"""TruthfulQA (https://github.com/sylinrl/TruthfulQA): questions that people often answer wrongly.

    {"question": "Can tea stains be read?", "best_answer": "No, they say nothing.", "type": "…",
     "category": "Fiction", "correct_answers": ["No"], "incorrect_answers": ["Yes"], "source": "…"}
    {"question": "Can tea stains be read?", "mc1_targets": {"choices": ["No", "Yes"],
     "labels": [1, 0]}, "mc2_targets": {"choices": ["No", "Yes"], "labels": [1, 0]}}

The first is a row of the hub's configuration `generation`, the second of `multiple_choice`, whose
choices are never shown to a model, so they are not in the prompt. The original TruthfulQA.csv has
the columns `Type, Category, Question, Best Answer, Correct Answers, …`. The answer is the best one
(the one right choice of mc1); the others are kept in `meta`.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "truthfulqa"


class Choices(msgspec.Struct):
    choices: list[str]
    labels: list[int]


class Row(msgspec.Struct):
    question: str | None = None
    best_answer: str | None = None
    category: str | None = None
    mc1_targets: Choices | None = None
    csv_question: str | None = msgspec.field(default=None, name="Question")
    csv_best_answer: str | None = msgspec.field(default=None, name="Best Answer")
    csv_category: str | None = msgspec.field(default=None, name="Category")


def parse(row: Row, place: Place, options: object) -> Record:
    question = row.question if row.question is not None else row.csv_question
    if question is None:
        raise BadRow("needs `question`, or `Question` in the original CSV")
    best, category = _best(row), row.category or row.csv_category or ""
    unread = beside(row, "question", "category", "mc1_targets")
    meta = {key: text for key, text in unread.items() if text not in (question, best, category)}
    if row.mc1_targets is not None:
        meta["mc1_choices"] = row.mc1_targets.choices
    return Record(
        prompt=[user(question)],
        answers=[assistant(best)],
        subset=category,
        meta=meta,
        stated_task=StatedTask("words", "open_qa"),
    )


def _best(row: Row) -> str:
    stated = row.best_answer if row.best_answer is not None else row.csv_best_answer
    if stated is not None:
        return stated
    given = row.mc1_targets or Choices([], [])
    right = [text for text, label in zip(given.choices, given.labels, strict=False) if label == 1]
    if len(right) != 1:
        raise BadRow("needs `best_answer`, or `mc1_targets` with one label 1")
    return right[0]
