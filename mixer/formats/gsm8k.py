"""GSM8K (https://github.com/openai/grade-school-math): school word problems, solved in steps.

    {"question": "Ana has 3 jars of 4 figs. How many figs has she?",
     "answer": "She has 3 * 4 = <<3*4=12>>12 figs.\\n#### 12"}

The answer ends in `#### ` and the result. Calls of a calculator, `<<3*4=12>>`, stand in the steps;
`calculator: without` takes them out, which is how most copies in instruction data are written. The
files of Socratic questions have the same fields. The train, test and Socratic rows are told apart
by the name of their file alone, which is the subset.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user

CARD = "gsm8k"

_CALL = re.compile(r"<<[^<>]*>>")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`calculator`: whether the steps keep the calls of a calculator."""

    calculator: Literal["with", "without"] = "with"


class Row(msgspec.Struct):
    question: str
    answer: str


def is_typical(row: Row) -> bool:
    return "#### " in row.answer


def parse(row: Row, place: Place, options: Options) -> Record:
    answer, treatments = row.answer, []
    if options.calculator == "without" and _CALL.search(answer):
        answer = _CALL.sub("", answer)
        treatments.append("took out the calls of a calculator")
    return Record(
        prompt=[user(row.question)],
        answers=[assistant(answer)],
        subset=place.file_stem,
        treatments=treatments,
        stated_task=StatedTask("words", "math"),
    )
