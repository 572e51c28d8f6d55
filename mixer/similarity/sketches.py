"""A corpus as shingles: read once, piece by piece, kept in scratch files.

Memory holds of each row where its shingles lie and a mark of what it says. Shingles take about as
many bytes as the text, and are read back when a pass needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from mixer.corpus import in_order
from mixer.similarity.column_segments import column_segments
from mixer.similarity.segments import Segments, says_something
from mixer.similarity.shared_shingles import (
    in_most_rows,
    sampled_rows,
    shared_shingles,
    split_shared,
)
from mixer.similarity.signature import row_marks, signature

SHORT_UNITS = 5

R = TypeVar("R")


class Piece(NamedTuple):
    """Rows first … first + rows; `segments` makes their segments, on some thread."""

    first: int
    rows: int
    segments: Callable[[], Segments]


class Texts(NamedTuple):
    """What is compared: `pieces` one after the other (rows that take no part have no segments);
    `subset` int64 [rows], rows that may share a wording; `templates`, wordings that rows declare;
    `scratch`, a folder."""

    pieces: Iterable[Piece]
    subset: np.ndarray
    templates: list[str]
    threads: int
    scratch: Path


class Sketch(NamedTuple):
    """The shingles of a piece, uint32 in files: those of segment s are ends[s]:ends[s + 1], and of
    the shared ones, which lie apart, shared_ends[s]:shared_ends[s + 1]; of row r (within the
    piece) the segments rows[r]:rows[r + 1]; `marks` uint64 [segments]; `said` bool [rows]. Its rows
    are `span`."""

    span: slice
    path: Path
    ends: np.ndarray
    shared_ends: np.ndarray
    rows: np.ndarray
    marks: np.ndarray
    said: np.ndarray

    def values(self) -> np.ndarray:
        return np.fromfile(self.path, np.uint32)

    def shared_values(self) -> np.ndarray:
        shared = self.path.with_suffix(".shared")
        return np.fromfile(shared, np.uint32) if shared.exists() else np.zeros(0, np.uint32)

    @property
    def row_ends(self) -> np.ndarray:
        return np.asarray(self.ends[self.rows])


class Sketches:
    """The sketches of `texts` with shingles of so many `words`; `marks` uint64 [rows], equal for
    rows that say the same, 0 for those that say nothing and so repeat nothing."""

    def __init__(self, texts: Texts, words: int) -> None:
        self.texts, self.words = texts, words
        self.parts = list(in_order(self._sketch, texts.pieces, texts.threads))
        marks = [row_marks(one.rows, one.marks) * one.said for one in self.parts]
        self.marks = np.concatenate([np.zeros(0, np.uint64), *marks])
        self._split_shared()

    def map(self, work: Callable[[Sketch], R]) -> list[R]:
        return list(in_order(work, self.parts, self.texts.threads))

    def _sketch(self, piece: Piece) -> Sketch:
        made = piece.segments()
        found = signature(made, self.words, SHORT_UNITS)
        path = self.texts.scratch / f"{piece.first}"
        found.values.tofile(path)
        none = np.zeros_like(found.ends)
        span = slice(piece.first, piece.first + piece.rows)
        return Sketch(span, path, found.ends, none, made.rows, found.marks, says_something(made))

    def _split_shared(self) -> None:
        values = np.concatenate([self._shared_by_most(), self._of_templates()])
        if not len(values):
            return
        shared = shared_shingles(values)

        def split(one: Sketch) -> Sketch:
            own, ends, held, shared_ends = split_shared(
                one.values(), one.ends, one.marks, self.words, shared
            )
            own.tofile(one.path)
            held.tofile(one.path.with_suffix(".shared"))
            return one._replace(ends=ends, shared_ends=shared_ends)

        self.parts = self.map(split)

    def _shared_by_most(self) -> np.ndarray:
        sampled = sampled_rows(self.marks, self.texts.subset)
        values, lengths = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
        for one in self.parts:
            first, last = np.searchsorted(sampled, [one.span.start, one.span.stop])
            own = sampled[first:last] - one.span.start
            if len(own):
                ends, all_values = one.row_ends, one.values()
                values.extend(all_values[ends[row] : ends[row + 1]] for row in own)
                lengths.append(np.diff(ends)[own])
        row = np.repeat(np.arange(len(sampled)), np.concatenate(lengths))
        return in_most_rows(np.concatenate(values), row, self.texts.subset[sampled])

    def _of_templates(self) -> np.ndarray:
        if not self.texts.templates:
            return np.zeros(0, np.uint32)
        made = column_segments([[pa.array(self.texts.templates, pa.large_string())]])
        return signature(made, self.words, SHORT_UNITS).values
