"""The search of a corpus for evaluation items; text is read once, a row group at a time.

Memory holds the items' n-grams and the hits, nothing of the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import numpy as np

from mixer.arrays import joined
from mixer.corpus import Corpus, Part
from mixer.decontaminate.grams import ItemGrams, item_grams
from mixer.decontaminate.index import Index, Parts, make_index, parts_of
from mixer.decontaminate.rules import Rules
from mixer.decontaminate.scan import Hits, Room, hits, make_room, pairs
from mixer.similarity.segments import Segments, record_segments

_TEXT = ("prompt", "answers")
# A share such as 0.7 · 10 comes out of floating point a little too large.
_ROUNDING = 1e-9


class Evaluation(NamedTuple):
    """All items of all sets, in the recipe's order, ready to be searched for."""

    parts: Parts
    grams: Index


class Leaks(NamedTuple):
    """`found`: what rows hit, by row, then part; `ignored_grams`: n-grams left out as common text;
    `ignored_parts` bool [parts]: parts that nothing but such n-grams would have hit."""

    found: Hits
    ignored_grams: int
    ignored_parts: np.ndarray


class _Rooms:
    """A room for each thread that is at work."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._free: list[Room] = []

    @contextmanager
    def taken(self) -> Iterator[Room]:
        try:
            room = self._free.pop()
        except IndexError:
            room = make_room(self._index)
        yield room
        self._free.append(room)


def read_items(sets: Sequence[Sequence[Part]], rules: Rules) -> Evaluation:
    """`sets`: the row groups of each evaluation set."""
    grams: list[ItemGrams] = []
    items, answers, set_of = [], [], []
    first = 0
    for place, own in enumerate(sets):
        for part in own:
            made = _segments(part, np.ones(part.rows, bool))
            grams.append(item_grams(made, rules.units, rules.least_units))
            item, is_answer = parts_of(made.kind, made.rows, first)
            items.append(item)
            answers.append(is_answer)
            set_of.append(np.full(part.rows, place))
            first += part.rows
    parts = Parts(joined(items, np.int64), joined(answers, np.bool_), joined(set_of, np.int64))
    set_of_part = parts.set_of[parts.item]
    return Evaluation(parts, make_index(grams, set_of_part, rules.units, rules.least_units))


def leaks(corpus: Corpus, evaluation: Evaluation, rules: Rules) -> Leaks:
    """What the kept rows of a corpus hold; the same for any parts and threads."""
    index = evaluation.grams
    if rules.common is not None:
        return _rare_leaks(corpus, index, rules.common)
    needed = least_held(index.sizes, rules.needed)
    rooms = _Rooms(index)

    def hits_of(part: Part) -> Hits:
        with rooms.taken() as room:
            found = hits(_segments(part, corpus.kept[part.span]), index, needed, room)
        return found._replace(row=found.row + part.first)

    found = corpus.map(hits_of, corpus.parts)
    row = joined([one.row for one in found], np.int64)
    part = joined([one.part for one in found], np.int32)
    order = np.lexsort((part, row))
    held = joined([one.held for one in found], np.int32)
    return Leaks(Hits(row[order], part[order], held[order]), 0, np.zeros(len(index.sizes), bool))


def least_held(sizes: np.ndarray, share: float) -> np.ndarray:
    """int32: the least number of n-grams that is at least `share` of `sizes`, and at least one."""
    return np.maximum(1, np.ceil(share * sizes - _ROUNDING)).astype(np.int32)


def _rare_leaks(corpus: Corpus, index: Index, common_rows: int) -> Leaks:
    """Rows that share an n-gram which no more than `common_rows` rows hold."""

    rows = np.zeros(len(index.ends) - 1, np.int64)
    adding = Lock()
    rooms = _Rooms(index)

    def pairs_of(part: Part) -> tuple[np.ndarray, np.ndarray]:
        with rooms.taken() as room:
            found = pairs(_segments(part, corpus.kept[part.span]), index, room)
        grams, counts = np.unique(found.gram, return_counts=True)
        with adding:
            rows[grams] += counts
        first = _first_of_each(found.gram, common_rows)
        return found.row[first] + part.first, found.gram[first]

    found = corpus.map(pairs_of, corpus.parts)
    row = joined([rows_of for rows_of, _ in found], np.int64)
    gram = joined([grams_of for _, grams_of in found], np.int32)
    rare = rows[gram] <= common_rows
    hit = _hits_of_pairs(row[rare], gram[rare], index)
    ignored = np.flatnonzero(rows > common_rows)
    touched = np.zeros(len(index.sizes), bool)
    touched[_postings(ignored, index)[1]] = True
    touched[hit.part] = False
    return Leaks(hit, len(ignored), touched)


def _first_of_each(grams: np.ndarray, most: int) -> np.ndarray:
    """bool: the first `most` pairs of each n-gram; of one with more, none will count."""
    order = np.argsort(grams, kind="stable")
    ordered = grams[order]
    within = np.arange(len(grams)) - np.searchsorted(ordered, ordered)
    result = np.zeros(len(grams), bool)
    result[order[within < most]] = True
    return result


def _hits_of_pairs(row: np.ndarray, gram: np.ndarray, index: Index) -> Hits:
    which, part = _postings(gram, index)
    both, held = np.unique(
        row[which] * len(index.sizes) + part if len(part) else np.zeros(0, np.int64),
        return_counts=True,
    )
    rows, parts = np.divmod(both, max(1, len(index.sizes)))
    return Hits(rows, parts.astype(np.int32), held.astype(np.int32))


def _postings(grams: np.ndarray, index: Index) -> tuple[np.ndarray, np.ndarray]:
    """Of n-grams: places in `grams`, and the parts that have them, one pair a part."""
    starts, lengths = index.ends[grams], index.ends[grams + 1] - index.ends[grams]
    which = np.repeat(np.arange(len(grams)), lengths)
    within = np.arange(len(which)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return which, index.parts_of[starts[which] + within]


def _segments(part: Part, chosen: np.ndarray) -> Segments:
    """All that the chosen rows say."""
    return record_segments(part.read(_TEXT), "record", chosen)
