"""The search for near-duplicates: what repeats what, over a corpus of any size.

Texts are read once (sketches.py); memory holds counters, prefixes and the few sets compared.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mixer.corpus import in_order
from mixer.similarity.near_join import (
    Postings,
    Prefixes,
    Sets,
    count_shingles,
    leaders,
    prefixes,
    sorted_sets,
)
from mixer.similarity.sketches import Sketch, Sketches, Texts

# Counters for each shingle, and at most 2^30 of them: half a GiB.
_SLOTS_A_SHINGLE = 2
_MOST_SLOT_BITS = 30


class Leaders(NamedTuple):
    """witness: int64 [rows], the kept row that a row repeats, or -1; similarity: float64 [rows]."""

    witness: np.ndarray
    similarity: np.ndarray


class _Candidates(NamedTuple):
    """Rows that share a shingle of their prefixes with another, in order of rank."""

    rows: np.ndarray
    sets: Sets
    postings: Postings


def find_leaders(
    texts: Texts, words: int, threshold: float, rank: np.ndarray, fixed: np.ndarray
) -> Leaders:
    """rank: int64 [rows], rows in the order in which they are kept; fixed: bool [rows], those that
    stay whatever they repeat, first in rank. The same for any number of threads and parts."""
    sketches = Sketches(texts, words)
    copy_of = _copies(sketches.marks, rank)
    copy_of[fixed] = -1
    found = _candidates(sketches, copy_of, rank, threshold)
    near, alike = leaders(found.sets, found.postings, fixed[found.rows], threshold)
    witness, similarity = np.full(len(rank), -1, np.int64), np.full(len(rank), np.nan)
    repeats = near >= 0
    witness[found.rows[repeats]] = found.rows[near[repeats]]
    similarity[found.rows[repeats]] = alike[repeats]
    return _with_copies(witness, similarity, copy_of)


def _candidates(
    sketches: Sketches, copy_of: np.ndarray, rank: np.ndarray, threshold: float
) -> _Candidates:
    skip = copy_of >= 0
    table = _counts(sketches, skip)

    def prefixes_of(one: Sketch) -> Prefixes:
        return prefixes(table, one.values(), one.row_ends, skip[one.span], threshold)

    found = sketches.map(prefixes_of)
    rows, postings = _postings(found, [one.span.start for one in sketches.parts], rank)
    chosen = np.sort(rows)

    def sets_of(one: Sketch) -> Sets:
        first, last = np.searchsorted(chosen, [one.span.start, one.span.stop])
        return _sets(one, chosen[first:last] - one.span.start)

    sets = _joined(sketches.map(sets_of))
    return _Candidates(rows, _reordered(sets, np.searchsorted(chosen, rows)), postings)


def _counts(sketches: Sketches, skip: np.ndarray) -> np.ndarray:
    """How often each shingle comes, by its hash; threads share the table by its bytes."""
    total = sum(int(one.ends[-1]) for one in sketches.parts)
    bits = min(_MOST_SLOT_BITS, max(10, int(_SLOTS_A_SHINGLE * total).bit_length()))
    table = np.zeros(1 << (bits - 1), np.uint8)
    cuts = np.linspace(0, len(table), sketches.texts.threads + 1).astype(int).tolist()

    def count(span: tuple[int, int]) -> None:
        for one in sketches.parts:
            count_shingles(table, one.values(), one.row_ends, skip[one.span], span)

    for _ in in_order(count, pairwise(cuts), sketches.texts.threads):
        pass
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


def _with_copies(witness: np.ndarray, similarity: np.ndarray, copy_of: np.ndarray) -> Leaders:
    """A copy goes for the row it copies, or for what that one goes for."""
    copies = np.flatnonzero(copy_of >= 0)
    original = copy_of[copies]
    kept = witness[original] < 0
    witness[copies] = np.where(kept, original, witness[original])
    similarity[copies] = np.where(kept, 1.0, similarity[original])
    return Leaders(witness, similarity)


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


def _sets(one: Sketch, chosen: np.ndarray) -> Sets:
    """Of rows of the part."""
    values, ends, rows = sorted_sets(one.values(), one.ends, one.rows, chosen)
    shared, shared_ends, _ = sorted_sets(one.shared_values(), one.shared_ends, one.rows, chosen)
    return Sets(values, ends, shared, shared_ends, rows)


def _joined(parts: list[Sets]) -> Sets:
    return Sets(
        np.concatenate([np.zeros(0, np.uint32), *(one.values for one in parts)]),
        _stacked([one.ends for one in parts]),
        np.concatenate([np.zeros(0, np.uint32), *(one.shared for one in parts)]),
        _stacked([one.shared_ends for one in parts]),
        _stacked([one.rows for one in parts]),
    )


def _stacked(ends: list[np.ndarray]) -> np.ndarray:
    """Offsets of parts that follow one another."""
    lengths = np.concatenate([np.zeros(0, np.int64), *(np.diff(one) for one in ends)])
    return np.concatenate([[0], np.cumsum(lengths)])


def _reordered(sets: Sets, order: np.ndarray) -> Sets:
    if (order == np.arange(len(order))).all():
        return sets
    segments = _ranges(sets.rows[:-1][order], np.diff(sets.rows)[order])
    rows = np.concatenate([[0], np.cumsum(np.diff(sets.rows)[order])])
    own = _taken(sets.values, sets.ends, segments)
    return Sets(*own, *_taken(sets.shared, sets.shared_ends, segments), rows)


def _taken(
    values: np.ndarray, ends: np.ndarray, segments: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.diff(ends)[segments]
    taken = values[_ranges(ends[:-1][segments], lengths)]
    return taken, np.concatenate([[0], np.cumsum(lengths)])


def _ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """starts[0], starts[0] + 1, … for each start, one after the other."""
    ends = np.cumsum(lengths)
    return np.asarray(
        np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    )
