r"""Flan's chain-of-thought files (https://github.com/google-research/FLAN): TSV without header.

    What is 2 + 2?\nOptions:\n(A) 3\n(B) 4	(B)	Two and two make four.

Columns: input, target, rationale. Quotes are plain text. A line break inside a field is written as
the two characters \n and is turned into one. The answer is the rationale, then the target on a line
of its own; `answer: target` leaves the rationale in `meta` alone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user

CARD = "flan_cot"
COLUMNS = ("input", "target", "rationale")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`answer`: what the model is taught to say."""

    answer: Literal["rationale_then_target", "target"] = "rationale_then_target"


class Row(msgspec.Struct):
    input: str
    target: str
    rationale: str


def parse(row: Row, place: Place, options: Options) -> Record:
    question, target, rationale = (
        text.replace("\\n", "\n") for text in (row.input, row.target, row.rationale)
    )
    with_rationale = options.answer == "rationale_then_target"
    return Record(
        prompt=[user(question)],
        answers=[assistant(f"{rationale}\n{target}" if with_rationale else target)],
        subset=place.file_stem,
        stated_task=StatedTask("cot", place.file_stem),
        meta={"target": target} if with_rationale else {"rationale": rationale},
    )
