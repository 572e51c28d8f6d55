"""Prefixes of rows → inverted lists: for each shingle in two prefixes or more, whose they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.arrays import joined, ranges
from mixer.similarity.prefix_filter import Prefixes


class Postings(NamedTuple):
    """Entries of row r are rows[r]:rows[r + 1] of `places` int32 (where in the row's order), `at`
    (where in its list) and `lists` (whose), int32 where that will do. List l, of one shingle, is
    starts[l]:starts[l + 1] of `owners` (rows), `owner_places` and `sizes`, ascending; int32."""

    rows: np.ndarray
    places: np.ndarray
    at: np.ndarray
    lists: np.ndarray
    starts: np.ndarray
    owners: np.ndarray
    owner_places: np.ndarray
    sizes: np.ndarray


class _Entries(NamedTuple):
    """Row after row: `values` uint32, `places` int32, and `owners` int32, places in `sizes`."""

    values: np.ndarray
    places: np.ndarray
    owners: np.ndarray
    sizes: np.ndarray


def make_postings(
    found: list[Prefixes], firsts: list[int], rank: np.ndarray
) -> tuple[np.ndarray, Postings]:
    """Rows with an entry in some list, int64 in order of rank (`rank`: int64 [rows], rows in the
    order in which they are kept), and the lists. `firsts`: the first row of each of `found`."""
    row = joined([one.row + first for one, first in zip(found, firsts, strict=True)], np.int64)
    order, entries = _in_rank(found, row, rank)
    at, lists, starts = _lists(entries.values, _by_list(entries), _whole(len(entries.values)))
    stays = at >= 0
    at, places, owners = at[stays], entries.places[stays], entries.owners[stays]
    begins = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    number = np.repeat(np.arange(len(begins), dtype=np.int32), np.diff(begins, append=len(at)))
    return row[order[owners[begins]]], Postings(
        np.append(begins, len(at)),
        places,
        at,
        lists[stays],
        starts,
        _scattered(number, at),
        _scattered(places, at),
        _scattered(entries.sizes[owners], at),
    )


def _by_list(entries: _Entries) -> np.ndarray:
    """Entries by value, and those of one value by the size of their rows."""
    key = entries.values.astype(np.uint64)
    key <<= np.uint64(32)
    key |= entries.sizes[entries.owners].astype(np.uint64)
    return np.argsort(key)


def _whole(entries: int) -> np.ndarray:
    """Room for a place among so many entries."""
    return np.full(entries, -1, np.int32 if entries < 1 << 31 else np.int64)


def _scattered(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    result = np.empty_like(values)
    result[at] = values
    return result


def _in_rank(
    found: list[Prefixes], row: np.ndarray, rank: np.ndarray
) -> tuple[np.ndarray, _Entries]:
    """The order of rows, places in `row`, and their entries in that order."""
    lengths = joined([np.diff(one.ends) for one in found], np.int64)
    sizes = joined([np.diff(one.set_ends[one.set_rows]) for one in found], np.int32)
    values = joined([one.values for one in found], np.uint32)
    places = joined([one.places for one in found], np.int32)
    position = np.empty(len(rank), np.int64)
    position[rank] = np.arange(len(rank))
    order = np.argsort(position[row])
    if (order[1:] < order[:-1]).any():
        taken = ranges(np.cumsum(lengths)[order] - lengths[order], lengths[order])
        values, places, sizes, lengths = values[taken], places[taken], sizes[order], lengths[order]
    owners = np.repeat(np.arange(len(row), dtype=np.int32), lengths)
    return order, _Entries(values, places, owners, sizes)


@njit(cache=True, nogil=True)
def _lists(
    values: np.ndarray, by_list: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """Of each entry its place among those in lists of two or more, or -1, which `at` holds at
    first, and its list; where lists start. by_list: int64, entries sorted by value."""
    entries = len(values)
    lists = np.empty_like(at)
    starts = np.zeros(entries // 2 + 1, np.int64)
    count = filled = first = 0
    while first < entries:
        last = first + 1
        while last < entries and values[by_list[last]] == values[by_list[first]]:
            last += 1
        if last > first + 1:
            for entry in by_list[first:last]:
                at[entry], lists[entry] = filled, count
                filled += 1
            count += 1
            starts[count] = filled
        first = last
    return at, lists, starts[: count + 1].copy()
