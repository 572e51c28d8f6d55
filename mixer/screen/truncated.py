"""Drops records whose answer ends in the middle: of a code block, or of a sentence.

open_code      a code block is opened (three backquotes) and not closed
open_sentence  the last character is a comma or an opening bracket, or the last word one that
               needs another after it (the, and, because …), in an answer of `min_words`
no_full_stop   prose of several sentences, the last of which has no end; not by default, since
               lists, titles and reviews end so, too
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.screen.rules.texts import Texts, reasons, texts
from mixer.steps import ScreenStep

Kind = Literal["open_code", "open_sentence", "no_full_stop"]
_REASONS: dict[Kind, str] = {
    "open_code": "ends in the middle of a code block",
    "open_sentence": "ends in the middle of a sentence",
    "no_full_stop": "the last sentence has no end",
}
_LAST_CHARACTERS = 400
# A comma after five words in the last line, so that "Sincerely," is an end.
_OPEN_SENTENCE = (
    r"(?i)(?:(?:[\w'’-]+,? ){4,}[\w'’-]+,|[，、]|\s[(\[{]"
    r"|\b(?:the|an|and|or|because|which|their|its|your|my|our|every|into|between|although"
    r"|whereas|if))\s*$"
)
# A full stop inside, then at least six words to the end without one, of letters, in one line.
_NO_FULL_STOP = r"[.!?][\"')”’]?\s+(?:[A-Za-z][\w'’-]*,? ){6,}[\w'’-]*[a-z]\s*$"


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`kinds`: what counts. `min_words`: shorter answers are no sentences. `on`: the answers
    judged."""

    kinds: tuple[Kind, ...] = ("open_code", "open_sentence")
    min_words: int = 10
    on: Literal["best_answer", "answers"] = "best_answer"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        said = texts(batch, self.on)
        enough = f"(?:[^ ]+ +){{{max(0, self.min_words - 1)}}}"
        long = said.where(said.matching(enough))
        ends = long._replace(content=pc.utf8_slice_codeunits(long.content, -_LAST_CHARACTERS, None))
        find = {
            "open_code": lambda: _open_code(said),
            "open_sentence": lambda: ends.rows_where(ends.matching(_OPEN_SENTENCE)),
            "no_full_stop": lambda: ends.rows_where(ends.matching(_NO_FULL_STOP)),
        }
        found = [(_REASONS[kind], find[kind]()) for kind in self.kinds]
        return reasons(batch.num_rows, found)


def _open_code(said: Texts) -> np.ndarray:
    fences = np.asarray(pc.count_substring_regex(said.content, r"(?m)^\s*```"))
    return said.rows_where(fences % 2 == 1)
