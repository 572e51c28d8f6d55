"""Texts as sequences of word numbers and as multisets of words, rare words first.

A multiset becomes a set by counting: the second "the" of a text is another element than the first.
Two texts then have as many elements in common as words, each as often as in the text that has it
less often. Elements are numbered by how many texts have them, so a sorted set starts with what few
texts share. Everything follows from the order of the texts, whatever parts they came in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.rouge_words import Words
from mixer.similarity.units import mixed


class Multisets(NamedTuple):
    """`words` int32, numbers in the order of the text, and `elements` int32, sorted within a text;
    of text i offsets[i]:offsets[i + 1]. Elements below `alone` are of one text only; `word_numbers`
    and `element_numbers` count the distinct ones."""

    words: np.ndarray
    elements: np.ndarray
    offsets: np.ndarray
    alone: int
    word_numbers: int
    element_numbers: int


def multisets(texts: Words) -> Multisets:
    words, word_numbers = _numbered(texts.hashes)
    elements, element_numbers = _numbered(_counted(words, texts.offsets, word_numbers))
    times = np.bincount(elements, minlength=element_numbers)
    rank = np.empty(element_numbers, np.int32)
    rank[np.argsort(times, kind="stable")] = np.arange(element_numbers, dtype=np.int32)
    elements = rank[elements]
    _sort_rows(elements, texts.offsets)
    alone = int((times == 1).sum())
    return Multisets(words, elements, texts.offsets, alone, word_numbers, element_numbers)


@njit(cache=True, nogil=True)
def _numbered(keys: np.ndarray) -> tuple[np.ndarray, int]:  # pragma: no cover - compiled
    """int32: a number for each distinct key (uint64), in the order of first appearance; and how
    many there are. A hash table with linear probing, at most half full."""
    result = np.empty(len(keys), np.int32)
    known = np.empty(1024, np.uint64)
    slots = np.full(4 * len(known), -1, np.int32)
    count = 0
    for i in range(len(keys)):
        slot = _slot(slots, known, keys[i])
        if slots[slot] < 0:
            if count == len(known):
                larger = np.empty(2 * count, np.uint64)
                larger[:count] = known
                known, slots = larger, np.full(8 * count, -1, np.int32)
                for number in range(count):
                    slots[_slot(slots, known, known[number])] = number
                slot = _slot(slots, known, keys[i])
            known[count] = keys[i]
            slots[slot] = count
            count += 1
        result[i] = slots[slot]
    return result, count


@njit(cache=True, nogil=True)
def _slot(slots: np.ndarray, known: np.ndarray, key: np.uint64) -> int:  # pragma: no cover
    """Where the number of `key` stands, or would stand."""
    mask = np.uint64(len(slots) - 1)
    slot = mixed(key) & mask
    while slots[slot] >= 0 and known[slots[slot]] != key:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


@njit(cache=True, nogil=True)
def _counted(
    words: np.ndarray, offsets: np.ndarray, word_numbers: int
) -> np.ndarray:  # pragma: no cover - compiled
    """uint64: of each word its number, and above it how often it came before in its text."""
    times = np.zeros(word_numbers, np.int64)
    result = np.empty(len(words), np.uint64)
    for row in range(len(offsets) - 1):
        for i in range(offsets[row], offsets[row + 1]):
            result[i] = np.uint64(times[words[i]] << 32 | words[i])
            times[words[i]] += 1
        for i in range(offsets[row], offsets[row + 1]):
            times[words[i]] = 0
    return result


@njit(cache=True, nogil=True)
def _sort_rows(values: np.ndarray, offsets: np.ndarray) -> None:  # pragma: no cover - compiled
    for row in range(len(offsets) - 1):
        values[offsets[row] : offsets[row + 1]].sort()
