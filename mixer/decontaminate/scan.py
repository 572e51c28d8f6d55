"""One pass over records: which n-grams of evaluation items each holds, which items that hits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.decontaminate.grams import BASE, finished, hash_of, power
from mixer.decontaminate.index import Index, gram_of, has
from mixer.similarity.growth import grown
from mixer.similarity.segments import Segments, longest_bytes, segment_units


class Hits(NamedTuple):
    """`row` int64, `part` int32, `held` int32: how many of the part's n-grams the row
    holds."""

    row: np.ndarray
    part: np.ndarray
    held: np.ndarray


class Pairs(NamedTuple):
    """`row` int64 holds n-gram `gram` int32; each pair once, by row."""

    row: np.ndarray
    gram: np.ndarray


class Room(NamedTuple):
    """Memory of a thread, used for one part of a corpus after the other: of each n-gram, when it
    was `seen` last; the n-grams of a row; of each item's part, how much a row has `held` of it;
    the parts `touched`; how many rows there were (`clock`, int64 [1])."""

    seen: np.ndarray
    grams: np.ndarray
    held: np.ndarray
    touched: np.ndarray
    clock: np.ndarray


def make_room(index: Index) -> Room:
    grams, parts = len(index.ends) - 1, len(index.sizes)
    return Room(
        np.zeros(grams, np.int64),
        np.empty(grams, np.int32),
        np.zeros(parts, np.int32),
        np.empty(parts, np.int32),
        np.zeros(1, np.int64),
    )


@njit(cache=True, nogil=True)
def hits(
    made: Segments, index: Index, needed: np.ndarray, room: Room
) -> Hits:  # pragma: no cover - compiled
    """Parts of which a row holds at least `needed` (int32 [parts]) n-grams, anywhere in it."""
    texts = _texts(made)
    row_of, part_of = np.empty(64, np.int64), np.empty(64, np.int32)
    held_of, count = np.empty(64, np.int32), 0
    for row in range(len(made.rows) - 1):
        grams = _row_grams(made, row, index, texts, room)
        if grams == 0:
            continue
        for part in _touched(room.grams[:grams], index, room):
            if room.held[part] >= needed[part]:
                if count == len(row_of):
                    row_of, part_of = (
                        grown(row_of, 2 * len(row_of)),
                        grown(part_of, 2 * len(part_of)),
                    )
                    held_of = grown(held_of, 2 * len(held_of))
                row_of[count], part_of[count], held_of[count] = row, part, room.held[part]
                count += 1
            room.held[part] = 0
    return Hits(row_of[:count].copy(), part_of[:count].copy(), held_of[:count].copy())


@njit(cache=True, nogil=True)
def _touched(grams: np.ndarray, index: Index, room: Room) -> np.ndarray:  # pragma: no cover
    """Counts the n-grams of each part in `room.held`; the parts that have some."""
    parts = 0
    for gram in grams:
        for place in range(index.ends[gram], index.ends[gram + 1]):
            part = index.parts_of[place]
            if room.held[part] == 0:
                room.touched[parts] = part
                parts += 1
            room.held[part] += 1
    return room.touched[:parts]


@njit(cache=True, nogil=True)
def pairs(made: Segments, index: Index, room: Room) -> Pairs:  # pragma: no cover - compiled
    """The n-grams of items that each row holds."""
    texts = _texts(made)
    row_of, gram_of_pair, count = np.empty(64, np.int64), np.empty(64, np.int32), 0
    for row in range(len(made.rows) - 1):
        found = _row_grams(made, row, index, texts, room)
        while count + found > len(row_of):
            row_of, gram_of_pair = (
                grown(row_of, 2 * len(row_of)),
                grown(gram_of_pair, 2 * len(gram_of_pair)),
            )
        row_of[count : count + found] = row
        gram_of_pair[count : count + found] = room.grams[:found]
        count += found
    return Pairs(row_of[:count].copy(), gram_of_pair[:count].copy())


@njit(cache=True, nogil=True)
def _texts(made: Segments) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover
    """Room for a segment's units, and for its n-grams and openings that the filters let pass."""
    longest = longest_bytes(made)
    return np.empty(longest, np.uint64), np.empty(longest, np.uint64), np.empty(longest, np.int64)


@njit(cache=True, nogil=True)
def _row_grams(
    made: Segments,
    row: int,
    index: Index,
    texts: tuple[np.ndarray, np.ndarray, np.ndarray],
    room: Room,
) -> int:  # pragma: no cover - compiled
    """Writes the distinct n-grams of items that a row holds to `room.grams`; returns how many."""
    count = 0
    room.clock[0] += 1
    with_short = index.short.any()
    for segment in range(made.rows[row], made.rows[row + 1]):
        units = texts[0][: segment_units(made, segment, texts[0])]
        passed = _passed(units, index.n, index.filter, texts[1])
        for i in range(passed):
            count = _noted(texts[1][i], index, room, count)
        if with_short:
            passed = _openings(units, index.least, index.openings, texts[2])
            for start in texts[2][:passed]:
                for length in range(index.least, min(index.n, len(units) - start + 1)):
                    if index.short[length]:
                        value = hash_of(units[start : start + length])
                        count = _noted(value, index, room, count)
    return count


@njit(cache=True, nogil=True)
def _passed(
    units: np.ndarray, n: int, bits: np.ndarray, values: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the n-grams of a text that the filter lets pass; returns how many."""
    count, drop, rolled = 0, power(n), np.uint64(0)
    for i in range(len(units)):
        rolled = rolled * BASE + units[i]
        if i >= n:
            rolled -= units[i - n] * drop
        if i >= n - 1:
            value = finished(rolled, n)
            if has(bits, value):
                values[count] = value
                count += 1
    return count


@njit(cache=True, nogil=True)
def _openings(
    units: np.ndarray, least: int, bits: np.ndarray, starts: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes where in a text an item that is judged whole may begin; returns how many."""
    count, drop, rolled = 0, power(least), np.uint64(0)
    for i in range(len(units)):
        rolled = rolled * BASE + units[i]
        if i >= least:
            rolled -= units[i - least] * drop
        if i >= least - 1 and has(bits, finished(rolled, least)):
            starts[count] = i - least + 1
            count += 1
    return count


@njit(cache=True, nogil=True)
def _noted(value: np.uint64, index: Index, room: Room, count: int) -> int:  # pragma: no cover
    gram = gram_of(index.keys, index.grams, value)
    if gram >= 0 and room.seen[gram] != room.clock[0]:
        room.seen[gram] = room.clock[0]
        room.grams[count] = gram
        count += 1
    return count
