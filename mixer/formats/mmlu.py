"""MMLU (https://github.com/hendrycks/test): questions of 57 subjects with four choices.

    {"question": "Which of these is a tea?", "subject": "tea_making",
     "choices": ["Assam", "Mocha", "Cocoa", "Cider"], "answer": 0}
    Which of these is a tea?,Assam,Mocha,Cocoa,Cider,A

The first is a row of the hub's cais/mmlu, where `answer` counts from 0; the second of the original
CSV files, which have no header line; their subject is the file's name (`tea_making_test.csv`). The
choices belong to the prompt: alone, many questions say no more than "which of these is true". The
answer is the letter and the text of the right choice.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "mmlu"
COLUMNS = ("question", "A", "B", "C", "D", "answer")

_LETTERS = "ABCDEFGHIJ"
_HUB = ("question", "answer", "choices", "subject")


class Row(msgspec.Struct):
    question: str
    answer: int | str
    choices: list[str] | None = None
    subject: str = ""
    a: str | None = msgspec.field(default=None, name="A")
    b: str | None = msgspec.field(default=None, name="B")
    c: str | None = msgspec.field(default=None, name="C")
    d: str | None = msgspec.field(default=None, name="D")


def is_typical(row: Row) -> bool:
    return bool(row.subject) or row.a is not None


def parse(row: Row, place: Place, options: object) -> Record:
    choices = row.choices or [text for text in (row.a, row.b, row.c, row.d) if text is not None]
    if len(choices) > len(_LETTERS):
        raise BadRow(f"{len(choices)} choices: they are lettered {_LETTERS[0]} to {_LETTERS[-1]}")
    lettered = [f"{letter}. {text}" for letter, text in zip(_LETTERS, choices, strict=False)]
    subject = row.subject or _subject(place.file_stem)
    return Record(
        prompt=[user("\n".join([row.question, *lettered]))],
        answers=[assistant(lettered[_right(row.answer, len(lettered))])],
        subset=subject,
        stated_task=StatedTask("mmlu", subject),
        meta=beside(row, *_HUB) if row.choices else {},
    )


def _right(answer: int | str, choices: int) -> int:
    """The place of the right choice, counted from 0."""
    places = {letter: place for place, letter in enumerate(_LETTERS)}
    place = places.get(answer.strip(), -1) if isinstance(answer, str) else answer
    if not 0 <= place < choices:
        raise BadRow(f"`answer` names no choice: {answer!r}, there are {choices}")
    return place


def _subject(stem: str) -> str:
    """The subject that a CSV file is named after: `tea_making_test` → `tea_making`."""
    for ending in ("_test", "_val", "_dev"):
        stem = stem.removesuffix(ending)
    return stem
