"""What screens by patterns have in common: the texts they look at, and patterns of the recipe's."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.screen.rules.texts import On, Texts, texts
from mixer.steps import ScreenStep


class PatternStep(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`patterns`: further regular expressions (RE2; `(?i)` ignores case). `on`: the texts
    judged."""

    patterns: tuple[str, ...] = ()
    on: On = "best_answer"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            try:
                pc.match_substring_regex(pa.array([""]), pattern)
            except pa.ArrowInvalid as error:
                raise ValueError(f"{pattern!r} is no regular expression of RE2: {error}") from error

    def rows_matching(self, batch: pa.RecordBatch, *own: str) -> np.ndarray:
        """bool [rows]: records with a text in which one of these patterns is found, or one of the
        recipe's."""
        said: Texts = texts(batch, self.on)
        found = np.zeros(len(said.row), bool)
        for pattern in (*own, *self.patterns):
            found |= said.matching(pattern)
        return said.rows_where(found)
