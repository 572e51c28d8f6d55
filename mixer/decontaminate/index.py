"""The n-grams of all evaluation items, so that one pass over a record's units finds them.

A filter of at most 1 MiB, which stays in a processor's cache, answers for nearly all n-grams of
records that no item has them; a hash table tells the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.decontaminate.grams import ItemGrams
from mixer.decontaminate.rules import COMMON_PARTS
from mixer.similarity.segments import PROMPT

_MOST_FILTER_WORDS = 1 << 17


class Index(NamedTuple):
    """A part is the question or an answer of an item. `keys` uint64 and `grams` int32: a hash
    table of n-grams, whose parts are parts_of[ends[gram]:ends[gram + 1]]; `filter` and `openings`
    uint64, Bloom filters of n-grams and of the first `least` units of parts judged whole, whose
    lengths `short` has (bool [n]); `sizes` int32 [parts], how many distinct n-grams a part has;
    `n`, `least`."""

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


def make_index(found: list[ItemGrams], set_of: np.ndarray, n: int, least: int) -> Index:
    """`set_of` int64 [parts]: the set of each part."""
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(one.ends) for one in found)])
    values = np.concatenate([np.zeros(0, np.uint64), *(one.values for one in found)])
    opening = np.concatenate([np.zeros(0, np.uint64), *(one.opening for one in found)])
    lengths = np.concatenate([np.zeros(0, np.int64), *(one.length for one in found)])
    part = np.repeat(np.arange(len(sizes)), sizes)
    values, part = _distinct(values, part)
    telling = _telling(values, part, set_of)
    values, part = values[telling], part[telling]
    grams, inverse = np.unique(values, return_inverse=True)
    short = np.zeros(n, np.bool_)
    short[lengths[lengths < n]] = True
    keys, places = _table(grams, _power_of_two(2 * len(grams)))
    return Index(
        keys=keys,
        grams=places,
        ends=np.concatenate([[0], np.cumsum(np.bincount(inverse, minlength=len(grams)))]),
        parts_of=part[np.argsort(inverse, kind="stable")].astype(np.int32),
        filter=_bits(np.unique(values[lengths[part] == n])),
        openings=_bits(np.unique(opening[opening > 0])),
        short=short,
        sizes=np.bincount(part, minlength=len(sizes)).astype(np.int32),
        n=n,
        least=least,
    )


def _distinct(values: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each n-gram of a part once."""
    order = np.lexsort((values, part))
    values, part = values[order], part[order]
    fresh = np.ones(len(values), bool)
    fresh[1:] = (values[1:] != values[:-1]) | (part[1:] != part[:-1])
    return values[fresh], part[fresh]


def _telling(values: np.ndarray, part: np.ndarray, set_of: np.ndarray) -> np.ndarray:
    """bool: n-grams of parts without those that a set repeats over many of its parts, such as the
    instruction of a task; a part that has no others keeps all."""
    number = np.unique(values, return_inverse=True)[1]
    own = number * (int(set_of.max(initial=0)) + 1) + set_of[part]
    _, inverse, times = np.unique(own, return_inverse=True, return_counts=True)
    telling = times[inverse] <= COMMON_PARTS
    left = np.bincount(part[telling], minlength=len(set_of))
    return np.asarray(telling | (left[part] == 0))


def _power_of_two(least: int) -> int:
    return 1 << max(6, int(least - 1).bit_length())


def _bits(values: np.ndarray) -> np.ndarray:
    """A Bloom filter of 16 bits a value, or as many as fit in 1 MiB; a value's two bits lie in one
    word."""
    words = min(_MOST_FILTER_WORDS, _power_of_two(len(values) // 4))
    result = np.zeros(words, np.uint64)
    one = np.uint64(1)
    marks = (one << (values & np.uint64(63))) | (one << ((values >> np.uint64(6)) & np.uint64(63)))
    np.bitwise_or.at(result, ((values >> np.uint64(12)) & np.uint64(words - 1)).astype(int), marks)
    return result


@njit(cache=True, nogil=True)
def _table(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover
    """An open hash table: the value at each place (0: none) and its number."""
    keys, numbers = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    for number in range(len(values)):
        # The filter takes the lowest bits.
        place = (values[number] >> np.uint64(32)) & np.uint64(size - 1)
        while keys[place] != 0:
            place = (place + np.uint64(1)) & np.uint64(size - 1)
        keys[place] = values[number]
        numbers[place] = number
    return keys, numbers


@njit(cache=True, nogil=True)
def has(bits: np.ndarray, value: np.uint64) -> bool:  # pragma: no cover - compiled
    """Whether the filter may hold the value."""
    one, last = np.uint64(1), np.uint64(63)
    marks = (one << (value & last)) | (one << ((value >> np.uint64(6)) & last))
    word = bits[(value >> np.uint64(12)) & np.uint64(len(bits) - 1)]
    return bool(word & marks == marks)


@njit(cache=True, nogil=True)
def gram_of(keys: np.ndarray, grams: np.ndarray, value: np.uint64) -> int:  # pragma: no cover
    """The number of an n-gram by the table of an index, -1 where no item has it."""
    mask = np.uint64(len(keys) - 1)
    place = (value >> np.uint64(32)) & mask
    while keys[place] != 0:
        if keys[place] == value:
            return int(grams[place])
        place = (place + np.uint64(1)) & mask
    return -1
