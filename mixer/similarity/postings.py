"""Prefixes of rows → inverted lists: for each shingle in two prefixes or more, whose they are."""

from __future__ import annotations

import numpy as np

from mixer.similarity.near_join import Postings
from mixer.similarity.prefix_filter import Prefixes

_SHORT_LIST = 32


def make_postings(
    found: list[Prefixes], firsts: list[int], rank: np.ndarray
) -> tuple[np.ndarray, Postings]:
    """Rows with an entry in some list, int64 in order of rank (`rank`: int64 [rows], rows in the
    order in which they are kept), and the lists. `firsts`: the first row of each of `found`."""
    row = _joined([one.row + first for one, first in zip(found, firsts, strict=True)], np.int64)
    lengths = _joined([np.diff(one.ends) for one in found], np.int64)
    lists = _shared(_joined([one.values for one in found], np.uint32))
    stay = lists >= 0
    places = _joined([one.places for one in found], np.int32)[stay]
    sizes = np.repeat(_joined([one.size for one in found], np.int64), lengths)[stay]
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    owner = np.repeat(position[row], lengths)[stay]
    lists = lists[stay]
    # Stable, so the entries of a row stay in the order of rarity.
    by_rank = np.argsort(owner, kind="stable")
    owner, lists, places, sizes = owner[by_rank], lists[by_rank], places[by_rank], sizes[by_rank]
    starts = np.ones(len(owner), bool)
    starts[1:] = owner[1:] != owner[:-1]
    number = np.cumsum(starts) - 1
    ends = np.append(np.flatnonzero(starts), len(owner))
    return rank[owner[starts]], _postings(ends, number, lists, places, sizes)


def _postings(
    rows: np.ndarray, number: np.ndarray, lists: np.ndarray, places: np.ndarray, sizes: np.ndarray
) -> Postings:
    """Entries in order of rank and rarity → lists by shingle, place and size."""
    entries = np.bincount(lists, minlength=1)
    # 0, 1, 2–3, 4–7, …: a short list is read faster than it is parted.
    part = np.where(entries[lists] > _SHORT_LIST, np.frexp(places.astype(float))[1], 0)
    key = (lists.astype(np.uint64) << np.uint64(6)) | part.astype(np.uint64)
    by_list = np.argsort(
        (key << np.uint64(26)) | np.minimum(sizes, (1 << 26) - 1).astype(np.uint64)
    )
    ordered = key[by_list]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    of_list = (ordered[starts] >> np.uint64(6)).astype(np.int64)
    at = np.empty(len(lists), np.int64)
    at[by_list] = np.arange(len(lists))
    return Postings(
        rows,
        places,
        at,
        lists,
        np.searchsorted(of_list, np.arange(len(entries) + 1)),
        np.append(starts, len(lists)),
        np.left_shift(1, (ordered[starts] & np.uint64(63)).astype(np.int64)) >> 1,
        number[by_list].astype(np.int32),
        places[by_list],
        sizes[by_list].astype(np.int32),
    )


def _shared(values: np.ndarray) -> np.ndarray:
    """int64: a number for each value that comes twice or more, else -1."""
    place = np.arange(len(values), dtype=np.uint64)
    keys = np.sort((values.astype(np.uint64) << np.uint64(32)) | place)
    ordered = (keys >> np.uint64(32)).astype(np.uint32)
    starts = np.ones(len(keys), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    several = np.diff(np.append(np.flatnonzero(starts), len(keys))) > 1
    number = np.where(several, np.cumsum(several) - 1, -1)
    result = np.empty(len(values), np.int64)
    result[(keys & np.uint64(0xFFFFFFFF)).astype(np.int64)] = number[np.cumsum(starts) - 1]
    return result


def _joined(arrays: list[np.ndarray], kind: type[np.generic]) -> np.ndarray:
    return np.concatenate([np.zeros(0, kind), *arrays])
