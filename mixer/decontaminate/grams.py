"""Texts → hashes of their n-grams: n consecutive units of a segment (similarity/units.py).

A segment is a prompt, its messages run on into one another, or an answer; no n-gram reaches from
one into the next. A hash has 64 bits: among a million n-grams of evaluation sets and ten thousand
million of records, one pair is expected to be taken for equal wrongly in about two thousand such
builds (10^6 · 10^10 / 2^64), and then one n-gram of an item counts that should not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.growth import grown
from mixer.similarity.segments import PROMPT, Segments, longest_bytes, segment_units
from mixer.similarity.units import mixed

BASE = np.uint64(0x9E3779B97F4A7C15)
_LENGTH = np.uint64(0xD6E8FEB86659FD93)


class ItemGrams(NamedTuple):
    """Of each segment of evaluation items: its `values`, uint64, at ends[s]:ends[s + 1] (one may
    come twice); none where it is too short to be judged. `opening` uint64: the hash of the first
    `least` units of a segment that is judged whole, else 0; `length` int64, of its n-grams."""

    values: np.ndarray
    ends: np.ndarray
    opening: np.ndarray
    length: np.ndarray


@njit(cache=True, nogil=True)
def finished(rolled: np.uint64, length: int) -> np.uint64:  # pragma: no cover - compiled
    """The hash of an n-gram from its polynomial; never 0, which means none."""
    value = mixed(rolled + np.uint64(length) * _LENGTH)
    return value if value != np.uint64(0) else np.uint64(1)


@njit(cache=True, nogil=True)
def hash_of(units: np.ndarray) -> np.uint64:  # pragma: no cover - compiled
    """The hash of all units as one n-gram."""
    rolled = np.uint64(0)
    for i in range(len(units)):
        rolled = rolled * BASE + units[i]
    return finished(rolled, len(units))


@njit(cache=True, nogil=True)
def power(length: int) -> np.uint64:  # pragma: no cover - compiled
    """What the unit that leaves an n-gram counts for."""
    result = np.uint64(1)
    for _ in range(length):
        result *= BASE
    return result


@njit(cache=True, nogil=True)
def item_grams(made: Segments, n: int, least: int) -> ItemGrams:  # pragma: no cover - compiled
    """The n-grams of each segment. A question of fewer than n units, but at least `least`, is one
    n-gram of all its units; shorter ones have none, nor have answers of fewer than n units."""
    units = np.empty(longest_bytes(made), np.uint64)
    segments = len(made.kind)
    ends = np.zeros(segments + 1, np.int64)
    opening = np.zeros(segments, np.uint64)
    lengths = np.full(segments, n, np.int64)
    result = np.empty(max(1024, len(made.data) // 4), np.uint64)
    for segment in range(segments):
        count = segment_units(made, segment, units)
        if least <= count < n and made.kind[segment] == PROMPT:
            lengths[segment] = count
            opening[segment] = hash_of(units[:least])
        found = _rolled(units[:count], lengths[segment])
        if ends[segment] + len(found) > len(result):
            result = grown(result, 2 * len(result) + len(found))
        ends[segment + 1] = ends[segment] + len(found)
        result[ends[segment] : ends[segment + 1]] = found
    return ItemGrams(result[: ends[segments]].copy(), ends, opening, lengths)


@njit(cache=True, nogil=True)
def _rolled(units: np.ndarray, length: int) -> np.ndarray:  # pragma: no cover - compiled
    """The n-grams of `length` units."""
    hashes = np.empty(max(0, len(units) - length + 1), np.uint64)
    drop, rolled = power(length), np.uint64(0)
    for i in range(len(units)):
        rolled = rolled * BASE + units[i]
        if i >= length:
            rolled -= units[i - length] * drop
        if i >= length - 1:
            hashes[i - length + 1] = finished(rolled, length)
    return hashes
