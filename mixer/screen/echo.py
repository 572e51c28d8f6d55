"""Drops records whose answer repeats the prompt: it begins with the whole last message, or with the
whole instruction where the source tells which part of the message that is.

Case, white space and ASCII punctuation do not count. An answer that repeats the input alone is no
echo: a sentence without a mistake is its own correction. Nor is code with the task in its first
comment.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.screen.rules.texts import first_messages, last_messages, reasons
from mixer.steps import ScreenStep

_COMMENT = r"^\s*(?:\"\"\"|'''|#|//|/\*|<!--|--|```)"


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`min_characters`: a message of fewer letters and digits, such as a greeting, may be repeated.
    `instruction`: whether repeating the instruction without its input counts."""

    min_characters: int = 20
    instruction: bool = True

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers", "instruction_bytes")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        from mixer.screen.rules.same_beginning import same_beginning
        from mixer.similarity.segments import strings

        first = first_messages(batch)
        prose = ~np.asarray(pc.match_substring_regex(first, _COMMENT).fill_null(True))
        asked, answered = strings(last_messages(batch)), strings(first)
        whole = np.diff(asked.offsets)

        def repeats(asked_bytes: np.ndarray) -> np.ndarray:
            same = same_beginning(asked, answered, asked_bytes, self.min_characters)
            return np.asarray(prose & same)

        found = [("answer repeats the prompt", repeats(whole))]
        if self.instruction:
            told = np.asarray(batch.column("instruction_bytes").fill_null(0))
            found.append(("answer repeats the instruction", repeats(np.minimum(told, whole))))
        return reasons(batch.num_rows, found)
