"""Near-duplicates: records whose prompts and answers are each alike, found exactly.

Similarity is the Jaccard similarity of word triples (mixer/similarity/signature.py), of prompt and
answers apart, and again of what is no template (mixer/similarity/shared_shingles.py); the least
counts. A record is dropped only for a kept one at or above the threshold: no chains.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow.compute as pc

from mixer.corpus import Corpus, Found, Part
from mixer.errors import InputError
from mixer.similarity.compiling import saying_when_compiling
from mixer.similarity.mixture_texts import MixtureTexts
from mixer.similarity.near_search import Leaders, find_leaders
from mixer.similarity.segments import Segments, record_segments
from mixer.similarity.sketches import Piece, Texts
from mixer.steps import DedupStep


class Step(DedupStep, frozen=True):
    """`on`: what must be alike (records with several answers are always compared whole); `keep`:
    which of two stays, the earlier one (`priority`), the longer or the one of the higher score;
    `words`: how many words make a shingle; `against`: folders of built mixtures, whose rows come
    before all others, so that a new batch is cleaned of what was trained on before."""

    paths: ClassVar[tuple[str, ...]] = ("against",)

    on: Literal["record", "prompt", "answer"] = "record"
    threshold: Annotated[float, msgspec.Meta(ge=0.1, le=1)] = 0.8
    keep: Literal["priority", "longest", "highest_score"] = "priority"
    words: Annotated[int, msgspec.Meta(ge=1, le=13)] = 3
    against: str | tuple[str, ...] = ()

    @saying_when_compiling()
    def find(self, corpus: Corpus) -> Found:
        folders = [self.against] if isinstance(self.against, str) else list(self.against)
        before = MixtureTexts(folders, self.on, corpus.rows)

        def rank() -> np.ndarray:
            own = _rank(corpus, self.keep)
            return np.concatenate([np.arange(corpus.rows, corpus.rows + before.rows), own])

        fixed = np.arange(corpus.rows + before.rows) >= corpus.rows
        with TemporaryDirectory(dir=corpus.scratch, prefix=".near.") as folder:
            texts = _texts(corpus, before, self.on, Path(folder))
            found = find_leaders(texts, self.words, self.threshold, rank, fixed)
        return _found(found, before, corpus.rows)


def _found(found: Leaders, before: MixtureTexts, rows: int) -> Found:
    witness, similarity = found.witness[:rows], found.similarity[:rows]
    outside = np.unique(witness[witness >= rows])
    place = np.searchsorted(outside, witness)
    witness = np.where(witness >= rows, rows + place, witness)
    return Found(witness, similarity, outside=tuple(before.ids(outside.tolist())))


def _texts(corpus: Corpus, before: MixtureTexts, on: str, scratch: Path) -> Texts:
    def piece(part: Part) -> Piece:
        def segments() -> Segments:
            batch = part.read(["prompt", "answers"])
            return record_segments(batch, on, corpus.kept[part.span])

        return Piece(part.first, part.rows, segments)

    templates = _templates(corpus) if on != "answer" else []
    pieces = [*map(piece, corpus.parts), *before.pieces()]
    # What was built before is no subset of its own: its sources are mixed.
    subset = np.concatenate(
        [corpus.subset, np.full(before.rows, corpus.subset.max(initial=-1) + 1)]
    )
    return Texts(pieces, subset, templates, corpus.threads, scratch)


def _templates(corpus: Corpus) -> list[str]:
    """Those that two rows or more declare; a template of one row is what that row says."""

    def counted(part: Part) -> dict[str, int]:
        counts = pc.value_counts(part.read(["template"]).column(0).drop_null())
        return dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))

    total: Counter[str] = Counter()
    for counts in corpus.map(counted, corpus.parts):
        total.update(counts)
    return sorted(template for template, rows in total.items() if rows > 1)


def _rank(corpus: Corpus, keep: str) -> np.ndarray:
    """int64 [rows]: rows in the order in which they are kept."""
    rows = np.arange(corpus.rows)
    if keep == "priority":
        return rows
    value = corpus.number("tokens" if keep == "longest" else "score")
    if np.isnan(value[corpus.kept]).all() and corpus.kept.any():
        raise InputError(
            "dedup: near: keep: highest_score, but no record has a score: use priority or longest"
        )
    return np.lexsort((rows, -np.nan_to_num(value, nan=-np.inf)))
