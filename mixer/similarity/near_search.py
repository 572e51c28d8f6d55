"""The search for near-duplicates over a corpus, step by step; text is read once.

Shingles go to a scratch file a part, so memory holds counters, prefixes and the few sets compared.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from mixer.corpus import Corpus, Found, Part
from mixer.similarity.near_join import (
    Postings,
    Prefixes,
    Sets,
    count_shingles,
    leaders,
    prefixes,
    sorted_sets,
)
from mixer.similarity.segments import record_segments
from mixer.similarity.signature import Common, make_common, signature

SHORT_UNITS = 5
# Counters for each shingle, and at most 2^30 of them: half a GiB.
_SLOTS_A_SHINGLE = 2
_MOST_SLOT_BITS = 30


class _Sketch(NamedTuple):
    """A part's shingles on disk, and of each row (within the part) where they are."""

    path: Path
    segment_ends: np.ndarray
    row_segments: np.ndarray
    marks: np.ndarray

    def values(self) -> np.ndarray:
        return np.fromfile(self.path, np.uint32)

    @property
    def row_ends(self) -> np.ndarray:
        return np.asarray(self.segment_ends[self.row_segments])


class Search:
    """`on`, `words` and `threshold` as in the step; every method is exact and the same for any
    number of threads."""

    def __init__(self, corpus: Corpus, on: str, words: int, threshold: float) -> None:
        self.corpus, self.on, self.words, self.threshold = corpus, on, words, threshold

    def leaders(self, rank: np.ndarray) -> Found:
        """rank: int64 [rows], rows in the order in which they are kept."""
        with TemporaryDirectory(dir=self.corpus.scratch, prefix=".near.") as folder:
            sketches = self._sketches(Path(folder))
            marks = np.concatenate([sketch.marks for sketch in sketches])
            copy_of = _copies(marks, rank)
            order, sets, postings = self._candidates(sketches, copy_of, rank)
        fixed = np.zeros(len(order), bool)
        near, alike = leaders(sets, postings, fixed, self.threshold)
        witness, similarity = (
            np.full(self.corpus.rows, -1, np.int64),
            np.full(self.corpus.rows, np.nan),
        )
        found = near >= 0
        witness[order[found]] = order[near[found]]
        similarity[order[found]] = alike[found]
        return _with_copies(witness, similarity, copy_of)

    @cached_property
    def common(self) -> Common:
        return make_common(np.zeros(0, np.uint32))

    def _sketches(self, folder: Path) -> list[_Sketch]:
        common = self.common

        def sketch(part: Part) -> _Sketch:
            batch = part.read(["prompt", "answers", "template"])
            made = record_segments(batch, self.on, self.corpus.kept[part.span])
            found = signature(made, self.words, SHORT_UNITS, common)
            path = folder / f"{part.first}"
            found.values.tofile(path)
            return _Sketch(path, found.ends, made.rows, found.marks)

        return self.corpus.map(sketch, self.corpus.parts)

    def _candidates(
        self, sketches: list[_Sketch], copy_of: np.ndarray, rank: np.ndarray
    ) -> tuple[np.ndarray, Sets, Postings]:
        """Rows that share a shingle of their prefixes, in order of rank, with their sets."""
        parts = list(zip(self.corpus.parts, sketches, strict=True))
        skip = copy_of >= 0
        table = self._counts(sketches, skip)

        def prefixes_of(one: tuple[Part, _Sketch]) -> Prefixes:
            part, sketch = one
            return prefixes(
                table, sketch.values(), sketch.row_ends, skip[part.span], self.threshold
            )

        found = self.corpus.map(prefixes_of, parts)
        order, postings = _postings(found, [part.first for part in self.corpus.parts], rank)
        chosen = np.sort(order)

        def sets_of(one: tuple[Part, _Sketch]) -> Sets:
            part, sketch = one
            first, last = np.searchsorted(chosen, [part.first, part.first + part.rows])
            own = chosen[first:last] - part.first
            return sorted_sets(sketch.values(), sketch.segment_ends, sketch.row_segments, own)

        sets = _joined(self.corpus.map(sets_of, parts))
        return order, _reordered(sets, np.searchsorted(chosen, order)), postings

    def _counts(self, sketches: list[_Sketch], skip: np.ndarray) -> np.ndarray:
        """How often each shingle comes, by its hash; threads share the table by its bytes."""
        total = sum(int(sketch.segment_ends[-1]) for sketch in sketches)
        bits = min(_MOST_SLOT_BITS, max(10, int(_SLOTS_A_SHINGLE * total).bit_length()))
        table = np.zeros(1 << (bits - 1), np.uint8)
        cuts = np.linspace(0, len(table), self.corpus.threads + 1).astype(int).tolist()

        def count(span: tuple[int, int]) -> None:
            for part, sketch in zip(self.corpus.parts, sketches, strict=True):
                count_shingles(table, sketch.values(), sketch.row_ends, skip[part.span], span)

        self.corpus.map(count, list(pairwise(cuts)))
        return table


def _copies(marks: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """int64 [rows]: the first row by rank that says the same, -1 for itself and for no text."""
    order = rank[np.argsort(marks[rank], kind="stable")]
    ordered = marks[order]
    starts = np.ones(len(order), bool)
    starts[1:] = (ordered[1:] != ordered[:-1]) | (ordered[1:] == 0)
    first = order[np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))]
    result = np.full(len(marks), -1, np.int64)
    result[order] = np.where(starts, -1, first)
    return result


def _with_copies(witness: np.ndarray, similarity: np.ndarray, copy_of: np.ndarray) -> Found:
    """A copy goes for the row it copies, or for what that one goes for."""
    copies = np.flatnonzero(copy_of >= 0)
    original = copy_of[copies]
    kept = witness[original] < 0
    witness[copies] = np.where(kept, original, witness[original])
    similarity[copies] = np.where(kept, 1.0, similarity[original])
    return Found(witness, similarity)


def _postings(
    found: list[Prefixes], firsts: list[int], rank: np.ndarray
) -> tuple[np.ndarray, Postings]:
    """Entries whose shingle is in the prefix of two rows, and those rows in order of rank."""
    row = np.concatenate([one.row + first for one, first in zip(found, firsts, strict=True)])
    lengths = np.concatenate([np.diff(one.ends) for one in found])
    lists, count = _shared(np.concatenate([one.values for one in found]))
    places = np.concatenate([one.places for one in found])[lists >= 0]
    owner = np.repeat(row, lengths)[lists >= 0]
    lists = lists[lists >= 0]
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    # Stable, so the entries of a row stay in the order of rarity.
    by_rank = np.argsort(position[owner], kind="stable")
    owner = owner[by_rank]
    starts = np.ones(len(owner), bool)
    starts[1:] = owner[1:] != owner[:-1]
    ends = np.concatenate([np.flatnonzero(starts), [len(owner)]])
    return owner[starts], Postings(lists[by_rank], places[by_rank], ends, count)


def _shared(values: np.ndarray) -> tuple[np.ndarray, int]:
    """int64: a number for each value that comes twice or more, else -1; and how many there are."""
    keys = np.sort(
        (values.astype(np.uint64) << np.uint64(32)) | np.arange(len(values), dtype=np.uint64)
    )
    ordered = (keys >> np.uint64(32)).astype(np.uint32)
    starts = np.ones(len(keys), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    run = np.cumsum(starts) - 1
    several = np.diff(np.append(np.flatnonzero(starts), len(keys))) > 1
    number = np.where(several, np.cumsum(several) - 1, -1)
    result = np.empty(len(values), np.int64)
    result[(keys & np.uint64(0xFFFFFFFF)).astype(np.int64)] = number[run] if len(run) else -1
    return result, int(several.sum())


def _joined(parts: list[Sets]) -> Sets:
    values = np.concatenate([one.values for one in parts])
    ends = _stacked([one.ends for one in parts])
    return Sets(values, ends, _stacked([one.rows for one in parts]))


def _stacked(ends: list[np.ndarray]) -> np.ndarray:
    """Offsets of parts that follow one another."""
    return np.concatenate([[0], np.cumsum(np.concatenate([np.diff(one) for one in ends]))])


def _reordered(sets: Sets, order: np.ndarray) -> Sets:
    if (order == np.arange(len(order))).all():
        return sets
    segments = _ranges(sets.rows[:-1][order], np.diff(sets.rows)[order])
    lengths = np.diff(sets.ends)[segments]
    values = sets.values[_ranges(sets.ends[:-1][segments], lengths)]
    rows = np.concatenate([[0], np.cumsum(np.diff(sets.rows)[order])])
    return Sets(values, np.concatenate([[0], np.cumsum(lengths)]), rows)


def _ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """starts[0], starts[0] + 1, … for each start, one after the other."""
    ends = np.cumsum(lengths)
    return np.asarray(
        np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    )
