"""Drops records with an answer in which nothing can be seen, or punctuation alone.

Reading drops answers of white space already, unless the source says `unusable: keep`. Records
without answers are prompts, and stay.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import pyarrow as pa

from mixer.screen.rules.texts import reasons, texts
from mixer.steps import ScreenStep

# RE2's classes: Z separators, C controls and formats, M marks on their own, P punctuation.
_VISIBLE = r"[^\pZ\pC\pM]"
_SAYS_SOMETHING = r"[^\pZ\pC\pM\pP]"


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`punctuation`: whether an answer such as "..." counts as empty; in tasks about punctuation or
    Morse code it is a right one. `on`: the answers judged."""

    punctuation: bool = False
    on: Literal["best_answer", "answers"] = "answers"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        said = texts(batch, self.on)
        blank = ~said.matching(_VISIBLE)
        found = [("answer without a visible character", said.rows_where(blank))]
        if self.punctuation:
            silent = ~said.matching(_SAYS_SOMETHING)
            found.append(("answer of punctuation alone", said.rows_where(silent)))
        return reasons(batch.num_rows, found)
