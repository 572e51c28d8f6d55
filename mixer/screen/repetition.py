"""Drops records whose answer says the same again and again.

Measured is the share of n-grams of words that the answer has had before: 0 where no run of `words`
words comes twice. (Gopher's rules, arXiv:2112.11446, table A1, count characters of repeated n-grams
of web pages; answers are shorter, and lists and poems repeat on purpose, so the limits differ.)
Words are those of similarity: pairs of characters in scripts without spaces. A long run of one
character counts as well. Tables, markup and code repeat by their nature and are not judged, unless
`markup` says so.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa

from mixer.screen.rules.texts import On, reasons, texts
from mixer.steps import ScreenStep

_MARKUP = (
    r"(?m)</?[A-Za-z][A-Za-z0-9]*(?: [^<>]*)?/?>|\|[^\n]*\|[^\n]*\||^\s*```|[;{}]\s*$"
    r"|^\s*(?:def|import|class|return|var|let|const) |\[[0-9]\]|\[[0-9., ]+\]|[|\])][*+?{(]"
)


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """More than `max_share` (0-1) of the n-grams of `words` words said before, in texts of at least
    `min_words`; or one character more than `max_run` times in a row. `markup`: whether tables,
    markup and code are judged too. `on`: the texts judged."""

    words: int = 4
    max_share: float = 0.5
    min_words: int = 30
    max_run: int = 200
    markup: bool = False
    on: On = "best_answer"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __post_init__(self) -> None:
        if self.words < 1 or self.min_words < self.words:
            raise ValueError("`words` is at least 1, and `min_words` no less than `words`")
        if not 0 <= self.max_share <= 1 or self.max_run < 2:
            raise ValueError("`max_share` is between 0 and 1, `max_run` at least 2")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        from mixer.screen.rules.repeated import longest_runs, repeated_shares
        from mixer.similarity.segments import strings

        said = texts(batch, self.on)
        if not self.markup:
            said = said.where(~said.matching(_MARKUP))
        content = strings(said.content)
        shares = repeated_shares(content.data, content.offsets, self.words, self.min_words)
        runs = longest_runs(content.data, content.offsets)
        found: list[tuple[str, np.ndarray]] = [
            (
                f"more than {self.max_share:g} of its runs of {self.words} words repeat others",
                said.rows_where(shares > self.max_share),
            ),
            (
                f"one character more than {self.max_run} times in a row",
                said.rows_where(runs > self.max_run),
            ),
        ]
        return reasons(batch.num_rows, found)
