"""Near-duplicates: records whose prompts and answers are each alike, found exactly.

Similarity is the Jaccard similarity of word triples (mixer/similarity/signature.py), of prompt and
answers apart, without the template and without what most rows of a subset share. A record is
dropped only for a kept one at or above the threshold: no chains.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import numpy as np

from mixer.corpus import Corpus, Found
from mixer.similarity.near_search import Search
from mixer.steps import DedupStep


class Step(DedupStep, frozen=True):
    """`on`: what must be alike (records with several answers are always compared whole); `keep`:
    which of two stays, the earlier one (`priority`), the longer or the one of the higher score;
    `words`: how many words make a shingle."""

    on: Literal["record", "prompt", "answer"] = "record"
    threshold: Annotated[float, msgspec.Meta(ge=0.1, le=1)] = 0.8
    keep: Literal["priority", "longest", "highest_score"] = "priority"
    words: Annotated[int, msgspec.Meta(ge=1, le=13)] = 3

    def find(self, corpus: Corpus) -> Found:
        search = Search(corpus, self.on, self.words, self.threshold)
        return search.leaders(_rank(corpus, self.keep))


def _rank(corpus: Corpus, keep: str) -> np.ndarray:
    """int64 [rows]: rows in the order in which they are kept."""
    rows = np.arange(corpus.rows)
    if keep == "priority":
        return rows
    value = corpus.number("tokens" if keep == "longest" else "score")
    return np.lexsort((rows, -np.nan_to_num(value, nan=-np.inf)))
