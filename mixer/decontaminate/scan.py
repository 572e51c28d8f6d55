"""One pass over records: which n-grams of evaluation items each holds, which items that hits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.decontaminate.grams import BASE, finished, hash_of, longest_bytes, power, segment_units
from mixer.decontaminate.index import Index, gram_of, has
from mixer.similarity.segments import Segments


class Hits(NamedTuple):
    """`row` int64, `part` int32, `held` int32: how many of the part's n-grams the row holds; by
    row, then part."""

    row: np.ndarray
    part: np.ndarray
    held: np.ndarray


class Pairs(NamedTuple):
    """`row` int64 holds n-gram `gram` int32, at most so many rows an n-gram; `rows` int64 [grams]:
    how many rows hold each, all counted."""

    row: np.ndarray
    gram: np.ndarray
    rows: np.ndarray


class _Found(NamedTuple):
    """Room for what a row holds: its units; of each n-gram the last row seen to hold it, + 1; the
    n-grams of this row."""

    units: np.ndarray
    seen: np.ndarray
    grams: np.ndarray


@njit(cache=True, nogil=True)
def hits(made: Segments, index: Index, needed: np.ndarray) -> Hits:  # pragma: no cover - compiled
    """Parts of which a row holds at least `needed` (int32 [parts]) n-grams, anywhere in it."""
    room = _room(made, index)
    held = np.zeros(len(index.sizes), np.int32)
    touched = np.empty(len(index.sizes), np.int32)
    row_of, part_of = np.empty(64, np.int64), np.empty(64, np.int32)
    held_of, count = np.empty(64, np.int32), 0
    for row in range(len(made.rows) - 1):
        grams = _row_grams(made, row, index, room)
        parts = 0
        for i in range(grams):
            gram = room.grams[i]
            for place in range(index.ends[gram], index.ends[gram + 1]):
                part = index.parts_of[place]
                if held[part] == 0:
                    touched[parts] = part
                    parts += 1
                held[part] += 1
        for part in np.sort(touched[:parts]):
            if held[part] >= needed[part]:
                if count == len(row_of):
                    row_of, part_of = _doubled(row_of), _doubled(part_of)
                    held_of = _doubled(held_of)
                row_of[count], part_of[count], held_of[count] = row, part, held[part]
                count += 1
            held[part] = 0
    return Hits(row_of[:count].copy(), part_of[:count].copy(), held_of[:count].copy())


@njit(cache=True, nogil=True)
def pairs(made: Segments, index: Index, most: int) -> Pairs:  # pragma: no cover - compiled
    """The n-grams that each row holds; of an n-gram, its first `most` rows."""
    room = _room(made, index)
    rows = np.zeros(len(index.ends) - 1, np.int64)
    row_of, gram_of_pair, count = np.empty(64, np.int64), np.empty(64, np.int32), 0
    for row in range(len(made.rows) - 1):
        found = _row_grams(made, row, index, room)
        for gram in room.grams[:found]:
            rows[gram] += 1
            if rows[gram] > most:
                continue
            if count == len(row_of):
                row_of, gram_of_pair = _doubled(row_of), _doubled(gram_of_pair)
            row_of[count], gram_of_pair[count] = row, gram
            count += 1
    return Pairs(row_of[:count].copy(), gram_of_pair[:count].copy(), rows)


@njit(cache=True, nogil=True)
def _room(made: Segments, index: Index) -> _Found:  # pragma: no cover - compiled
    grams = len(index.ends) - 1
    units = np.empty(longest_bytes(made), np.uint64)
    return _Found(units, np.zeros(grams, np.int64), np.empty(grams, np.int32))


@njit(cache=True, nogil=True)
def _doubled(values: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    larger = np.empty(2 * len(values), values.dtype)
    larger[: len(values)] = values
    return larger


@njit(cache=True, nogil=True)
def _row_grams(
    made: Segments, row: int, index: Index, room: _Found
) -> int:  # pragma: no cover - compiled
    """Writes the distinct n-grams of items that a row holds to `room.grams`; returns how many."""
    count = 0
    n, least = index.n, index.least
    drop, drop_opening = power(n), power(least)
    with_short = index.short.any()
    for segment in range(made.rows[row], made.rows[row + 1]):
        units = room.units[: segment_units(made, segment, room.units)]
        rolled = opening = np.uint64(0)
        for i in range(len(units)):
            rolled = rolled * BASE + units[i]
            if i >= n:
                rolled -= units[i - n] * drop
            if i >= n - 1:
                value = finished(rolled, n)
                if has(index.filter, value):
                    count = _noted(value, row, index, room, count)
            if with_short:
                opening = opening * BASE + units[i]
                if i >= least:
                    opening -= units[i - least] * drop_opening
                if i >= least - 1 and has(index.openings, finished(opening, least)):
                    start = i - least + 1
                    count = _with_whole(units[start:], row, index, room, count)
    return count


@njit(cache=True, nogil=True)
def _with_whole(
    units: np.ndarray, row: int, index: Index, room: _Found, count: int
) -> int:  # pragma: no cover - compiled
    """Notes the items judged whole that the units begin with."""
    for length in range(index.least, min(index.n, len(units) + 1)):
        if index.short[length]:
            count = _noted(hash_of(units[:length]), row, index, room, count)
    return count


@njit(cache=True, nogil=True)
def _noted(
    value: np.uint64, row: int, index: Index, room: _Found, count: int
) -> int:  # pragma: no cover - compiled
    gram = gram_of(index, value)
    if gram >= 0 and room.seen[gram] != row + 1:
        room.seen[gram] = row + 1
        room.grams[count] = gram
        count += 1
    return count
