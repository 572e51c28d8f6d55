"""Prefixes of rows → inverted lists: for each shingle in two prefixes or more, whose they are."""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.arrays import joined
from mixer.similarity.near_join import Postings
from mixer.similarity.prefix_filter import Prefixes

_SHORT_LIST = 32


def make_postings(
    found: list[Prefixes], firsts: list[int], rank: np.ndarray
) -> tuple[np.ndarray, Postings]:
    """Rows with an entry in some list, int64 in order of rank (`rank`: int64 [rows], rows in the
    order in which they are kept), and the lists. `firsts`: the first row of each of `found`."""
    row = joined([one.row + first for one, first in zip(found, firsts, strict=True)], np.int64)
    size = joined([np.diff(one.set_ends[one.set_rows]) for one in found], np.int64)
    values = joined([one.values for one in found], np.uint32)
    ends = np.cumsum(joined([np.diff(one.ends) for one in found], np.int64))
    times = times_at_most(values)
    again = np.flatnonzero(times > 1)
    places = joined([one.places for one in found], np.int32)[again]
    holder = np.searchsorted(ends, again, side="right")
    # 0, 1, 2–3, 4–7, …: a short list is read faster than it is parted.
    part = np.where(times[again] > _SHORT_LIST, np.frexp(places.astype(float))[1], 0)
    least = np.minimum(size[holder], (1 << 26) - 1).astype(np.uint64)
    key = (values[again].astype(np.uint64) << np.uint64(32)) | (
        part.astype(np.uint64) << np.uint64(26)
    )
    by_list = np.argsort(key | least)
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    owner, places = position[row[holder[by_list]]], places[by_list]
    return _postings(key[by_list] >> np.uint64(26), owner, places, size[holder[by_list]], rank)


def _postings(
    key: np.ndarray, owner: np.ndarray, places: np.ndarray, sizes: np.ndarray, rank: np.ndarray
) -> tuple[np.ndarray, Postings]:
    """Entries list by list. key: uint64, shingle and part; owner: of the entry's row, its place in
    the order of rank."""
    shingle = key >> np.uint64(6)
    fresh = np.ones(len(key) + 1, bool)
    fresh[1:-1] = shingle[1:] != shingle[:-1]
    stays = ~(fresh[:-1] & fresh[1:])
    key, owner, places, sizes = key[stays], owner[stays], places[stays], sizes[stays]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    list_shingle = key[starts] >> np.uint64(6)
    first_list = np.flatnonzero(
        np.append(True, list_shingle[1:] != list_shingle[:-1])[: len(starts)]
    )
    number = np.repeat(np.arange(len(first_list)), np.diff(np.append(first_list, len(starts))))
    lists = np.repeat(number, np.diff(np.append(starts, len(key))))
    # Row by row in order of rank, and in each row rarest first, as places say.
    at = np.argsort((owner.astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64))
    ordered = owner[at]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    shorter = np.empty(len(rank), np.int32)
    shorter[ordered[begins]] = np.arange(len(begins))
    return rank[ordered[begins]], Postings(
        np.append(begins, len(key)),
        places[at],
        at,
        lists[at],
        np.append(first_list, len(starts)),
        np.append(starts, len(key)),
        np.left_shift(1, (key[starts] & np.uint64(63)).astype(np.int64)) >> 1,
        shorter[owner],
        places,
        sizes.astype(np.int32),
    )


@njit(cache=True, nogil=True)
def times_at_most(values: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    """uint8: how often a value comes, or more; values that share a slot are counted together."""
    slots = 1024
    while slots < 4 * len(values):
        slots *= 2
    counts, mask = np.zeros(slots, np.uint8), np.uint32(slots - 1)
    for value in values:
        if counts[value & mask] < 255:
            counts[value & mask] += 1
    result = np.empty(len(values), np.uint8)
    for i in range(len(values)):
        result[i] = counts[values[i] & mask]
    return result
