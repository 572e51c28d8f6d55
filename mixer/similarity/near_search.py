"""The search for near-duplicates: what repeats what, over a corpus of any size.

Texts are read once (sketches.py); memory holds counters, prefixes and the few sets compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mixer.corpus import in_order
from mixer.similarity.alike import Sets
from mixer.similarity.copies import copies, with_copies
from mixer.similarity.leaders import leaders
from mixer.similarity.near_join import all_pairs
from mixer.similarity.nearest_fixed import nearest_fixed
from mixer.similarity.postings import Postings, make_postings
from mixer.similarity.prefix_filter import Prefixes, prefixes
from mixer.similarity.sets import chosen_sets, joined_sets, reordered_sets
from mixer.similarity.shingle_counts import Counts, count_shingles, no_counts, spans
from mixer.similarity.sketches import Sketch, Sketches, Texts


class Leaders(NamedTuple):
    """witness: int64 [rows], the kept row that a row repeats, or -1; similarity: float64 [rows];
    silent: int64, the rows that say nothing."""

    witness: np.ndarray
    similarity: np.ndarray
    silent: np.ndarray


class Pairs(NamedTuple):
    """Every pair of rows at or above `threshold`: `later`, `earlier` int64 and `similarity` float64
    [pairs]. Rows that say the same are one: `copy_of` int64 [rows], the first that says so, or -1;
    pairs are of rows that copy none; `silent` as in Leaders."""

    later: np.ndarray
    earlier: np.ndarray
    similarity: np.ndarray
    copy_of: np.ndarray
    silent: np.ndarray
    threshold: float


class _Candidates(NamedTuple):
    """Rows that share a shingle of their prefixes with another, in order of rank."""

    rows: np.ndarray
    sets: Sets
    postings: Postings


Rank = Callable[[], np.ndarray]


def find_leaders(
    texts: Texts, words: int, threshold: float, rank: Rank, fixed: np.ndarray
) -> Leaders:
    """rank: int64 [rows], rows in the order in which they are kept, asked for when all texts are
    read; fixed: bool [rows], those that stay whatever they repeat, first in rank. The same for any
    number of threads and parts."""
    sketches = Sketches(texts, words)
    order = rank()
    copy_of = copies(sketches.marks, order)
    copy_of[fixed] = -1
    found = _candidates(sketches, copy_of, order, threshold)
    near, alike = leaders(found.sets, found.postings, fixed[found.rows], threshold, texts.threads)
    witness, similarity = np.full(len(order), -1, np.int64), np.full(len(order), np.nan)
    repeats = near >= 0
    witness[found.rows[repeats]] = found.rows[near[repeats]]
    similarity[found.rows[repeats]] = alike[repeats]
    silent = np.flatnonzero(sketches.marks == 0)
    return Leaders(*with_copies(witness, similarity, copy_of), silent)


def find_near(
    texts: Texts, words: int, threshold: float, fixed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of each row that is not `fixed` (bool [rows]) the fixed row most like it: int64 [rows], or
    -1; float64 [rows], how alike they are."""
    sketches = Sketches(texts, words)
    order = np.argsort(~fixed, kind="stable")
    copy_of = copies(sketches.marks, order)
    copy_of[fixed] = -1
    found = _candidates(sketches, copy_of, order, threshold)
    near, alike = nearest_fixed(found.sets, found.postings, fixed[found.rows], threshold)
    witness, similarity = np.full(len(order), -1, np.int64), np.full(len(order), np.nan)
    repeats = near >= 0
    witness[found.rows[repeats]] = found.rows[near[repeats]]
    similarity[found.rows[repeats]] = alike[repeats]
    same = np.flatnonzero(copy_of >= 0)
    original = copy_of[same]
    witness[same] = np.where(fixed[original], original, witness[original])
    similarity[same] = np.where(fixed[original], 1.0, similarity[original])
    return witness, similarity


def find_pairs(texts: Texts, words: int, threshold: float, most_pairs: int) -> Pairs | None:
    """None where there are more than `most_pairs`."""
    sketches = Sketches(texts, words)
    order = np.arange(len(sketches.marks))
    copy_of = copies(sketches.marks, order)
    found = _candidates(sketches, copy_of, order, threshold)
    later, earlier, similarity = all_pairs(found.sets, found.postings, threshold, most_pairs)
    if len(later) > most_pairs:
        return None
    silent = np.flatnonzero(sketches.marks == 0)
    later, earlier = found.rows[later], found.rows[earlier]
    return Pairs(later, earlier, similarity, copy_of, silent, threshold)


def _candidates(
    sketches: Sketches, copy_of: np.ndarray, rank: np.ndarray, threshold: float
) -> _Candidates:
    found = _prefixes(sketches, (copy_of >= 0) | (sketches.marks == 0), threshold)
    rows, postings = make_postings(found, [one.span.start for one in sketches.parts], rank)
    chosen = np.sort(rows)

    def sets_of(both: tuple[Sketch, Prefixes]) -> Sets:
        one, prefix = both
        first, last = np.searchsorted(chosen, [one.span.start, one.span.stop])
        return chosen_sets(one, prefix, chosen[first:last] - one.span.start)

    # Taken one by one, so that those whose sets are chosen are given back.
    found.reverse()
    both = ((one, found.pop()) for one in sketches.parts)
    sets = joined_sets(list(in_order(sets_of, both, sketches.texts.threads)))
    return _Candidates(rows, reordered_sets(sets, np.searchsorted(chosen, rows)), postings)


def _prefixes(sketches: Sketches, skip: np.ndarray, threshold: float) -> list[Prefixes]:
    counts = _counts(sketches, skip)

    def prefixes_of(one: Sketch) -> Prefixes:
        offsets = one.ends, one.rows
        return prefixes(counts, one.values(), offsets, skip[one.span], threshold)

    return sketches.map(prefixes_of)


def _counts(sketches: Sketches, skip: np.ndarray) -> Counts:
    counts = no_counts(sum(int(one.ends[-1]) for one in sketches.parts))

    def count(span: tuple[int, int]) -> None:
        for one in sketches.parts:
            count_shingles(counts, one.values(), one.row_ends, skip[one.span], span)

    for _ in in_order(count, spans(counts, sketches.texts.threads), sketches.texts.threads):
        pass
    return counts
