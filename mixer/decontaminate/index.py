"""The n-grams of all evaluation items, so that one pass over a record's units finds them.

A filter of at most 1 MiB, which stays in a processor's cache, answers for nearly all n-grams of
records that no item has them; a hash table tells the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.decontaminate.grams import ItemGrams
from mixer.similarity.segments import PROMPT

_MOST_FILTER_BITS = 23


class Index(NamedTuple):
    """A part is the question or an answer of an item. `keys` uint64 and `grams` int32: a hash
    table of n-grams, whose parts are parts_of[ends[gram]:ends[gram + 1]]; `filter` and `openings`
    uint64 bit sets, of n-grams and of the first `least` units of parts judged whole, whose lengths
    `short` has (bool [n]); `sizes` int32 [parts], how many n-grams a part has; `n`, `least`."""

    keys: np.ndarray
    grams: np.ndarray
    ends: np.ndarray
    parts_of: np.ndarray
    filter: np.ndarray
    openings: np.ndarray
    short: np.ndarray
    sizes: np.ndarray
    n: int
    least: int


class Parts(NamedTuple):
    """Of each part: its `item` (int64) and whether it is an answer; of each item: the place of its
    set."""

    item: np.ndarray
    is_answer: np.ndarray
    set_of: np.ndarray


def parts_of(kinds: np.ndarray, rows: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
    """item, is_answer of the segments of some evaluation records, numbered on from `first`."""
    items = first + np.repeat(np.arange(len(rows) - 1), np.diff(rows))
    return items, kinds != PROMPT


def make_index(found: list[ItemGrams], n: int, least: int) -> Index:
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(one.ends) for one in found)])
    values = np.concatenate([np.zeros(0, np.uint64), *(one.values for one in found)])
    opening = np.concatenate([np.zeros(0, np.uint64), *(one.opening for one in found)])
    lengths = np.concatenate([np.zeros(0, np.int64), *(one.length for one in found)])
    grams, inverse = np.unique(values, return_inverse=True)
    part = np.repeat(np.arange(len(sizes)), sizes)
    order = np.argsort(inverse, kind="stable")
    short = np.zeros(n, np.bool_)
    short[lengths[lengths < n]] = True
    keys, places = _table(grams, _power_of_two(2 * len(grams)))
    return Index(
        keys=keys,
        grams=places,
        ends=np.concatenate([[0], np.cumsum(np.bincount(inverse, minlength=len(grams)))]),
        parts_of=part[order].astype(np.int32),
        filter=_bits(values[np.repeat(lengths == n, sizes)]),
        openings=_bits(opening[opening > 0]),
        short=short,
        sizes=sizes.astype(np.int32),
        n=n,
        least=least,
    )


def _power_of_two(least: int) -> int:
    return 1 << max(6, int(least - 1).bit_length())


def _bits(values: np.ndarray) -> np.ndarray:
    """A bit set of the values' lowest bits: 16 bits a value, or as many as fit in 1 MiB."""
    bits = min(1 << _MOST_FILTER_BITS, _power_of_two(16 * len(values)))
    places = np.unique(values & np.uint64(bits - 1))
    result = np.zeros(bits // 64, np.uint64)
    marks = np.uint64(1) << (places & np.uint64(63))
    np.bitwise_or.at(result, (places >> np.uint64(6)).astype(np.int64), marks)
    return result


@njit(cache=True, nogil=True)
def _table(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover
    """An open hash table: the value at each place (0: none) and its number."""
    keys, numbers = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    for number in range(len(values)):
        # The filter took the lowest bits.
        place = (values[number] >> np.uint64(32)) & np.uint64(size - 1)
        while keys[place] != 0:
            place = (place + np.uint64(1)) & np.uint64(size - 1)
        keys[place] = values[number]
        numbers[place] = number
    return keys, numbers


@njit(cache=True, nogil=True)
def has(bits: np.ndarray, value: np.uint64) -> bool:  # pragma: no cover - compiled
    """Whether a bit set may hold the value."""
    place = value & np.uint64(64 * len(bits) - 1)
    return bool((bits[place >> np.uint64(6)] >> (place & np.uint64(63))) & np.uint64(1))


@njit(cache=True, nogil=True)
def gram_of(index: Index, value: np.uint64) -> int:  # pragma: no cover - compiled
    """The number of an n-gram, -1 where no item has it."""
    mask = np.uint64(len(index.keys) - 1)
    place = (value >> np.uint64(32)) & mask
    while index.keys[place] != 0:
        if index.keys[place] == value:
            return int(index.grams[place])
        place = (place + np.uint64(1)) & mask
    return -1
