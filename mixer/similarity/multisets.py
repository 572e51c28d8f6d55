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

from mixer.similarity.growth import grown
from mixer.similarity.rouge_words import Words
from mixer.similarity.units import mixed


class Numbered(NamedTuple):
    """Texts of one part: `numbers` int32 into `known`, the uint64 hashes of its distinct words in
    the order of first appearance; of text i numbers[offsets[i]:offsets[i + 1]]."""

    numbers: np.ndarray
    known: np.ndarray
    offsets: np.ndarray


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


def numbered(texts: Words) -> Numbered:
    return Numbered(*_numbered(texts.hashes), texts.offsets)


def multisets(parts: list[Numbered]) -> Multisets:
    lengths = np.concatenate([np.diff(one.offsets) for one in parts])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    words, word_numbers = _joined(parts)
    elements, repeated = _elements(words, offsets, word_numbers)
    further, known = _numbered(repeated)
    element_numbers = word_numbers + len(known)
    _fill(elements, further, word_numbers)
    times = _times(elements, element_numbers)
    rank = np.empty(element_numbers, np.int32)
    rank[np.argsort(times, kind="stable")] = np.arange(element_numbers, dtype=np.int32)
    _rank_rows(elements, offsets, rank)
    alone = int((times == 1).sum())
    return Multisets(words, elements, offsets, alone, word_numbers, element_numbers)


def _joined(parts: list[Numbered]) -> tuple[np.ndarray, int]:
    """int32: the words of all parts by one numbering, and how many numbers it has."""
    number, known = _numbered(np.concatenate([one.known for one in parts]))
    firsts = np.cumsum([0, *(len(one.known) for one in parts)])
    words = [number[first:][one.numbers] for first, one in zip(firsts[:-1], parts, strict=True)]
    return np.concatenate(words), len(known)


@njit(cache=True, nogil=True)
def _numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """int32: a number for each distinct key (uint64), in the order of first appearance; and the
    keys by number. A hash table with linear probing, at most a quarter full."""
    result = np.empty(len(keys), np.int32)
    known = np.empty(1024, np.uint64)
    slots = np.full(4 * len(known), -1, np.int32)
    count = 0
    for i in range(len(keys)):
        slot = _slot(slots, known, keys[i])
        if slots[slot] < 0:
            if count == len(known):
                known, slots = grown(known, 2 * count), np.full(8 * count, -1, np.int32)
                for number in range(count):
                    slots[_slot(slots, known, known[number])] = number
                slot = _slot(slots, known, keys[i])
            known[count] = keys[i]
            slots[slot] = count
            count += 1
        result[i] = slots[slot]
    return result, known[:count].copy()


@njit(cache=True, nogil=True)
def _slot(slots: np.ndarray, known: np.ndarray, key: np.uint64) -> int:  # pragma: no cover
    """Where the number of `key` stands, or would stand."""
    mask = np.uint64(len(slots) - 1)
    slot = mixed(key) & mask
    while slots[slot] >= 0 and known[slots[slot]] != key:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


@njit(cache=True, nogil=True)
def _elements(
    words: np.ndarray, offsets: np.ndarray, word_numbers: int
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """int32: the number of each word that is the first of its kind in its text, else -1; uint64: of
    those others the number and, above it, how often it came before."""
    times = np.zeros(word_numbers, np.int64)
    result = np.empty(len(words), np.int32)
    repeated = np.empty(1024, np.uint64)
    count = 0
    for row in range(len(offsets) - 1):
        for i in range(offsets[row], offsets[row + 1]):
            word = words[i]
            result[i] = -1 if times[word] else word
            if times[word]:
                if count == len(repeated):
                    repeated = grown(repeated, 2 * count)
                repeated[count] = np.uint64(times[word] << 32 | word)
                count += 1
            times[word] += 1
        for i in range(offsets[row], offsets[row + 1]):
            times[words[i]] = 0
    return result, repeated[:count]


@njit(cache=True, nogil=True)
def _fill(elements: np.ndarray, further: np.ndarray, first: int) -> None:  # pragma: no cover
    """Numbers what is left, from `first` on."""
    count = 0
    for i in range(len(elements)):
        if elements[i] < 0:
            elements[i] = first + further[count]
            count += 1


@njit(cache=True, nogil=True)
def _times(elements: np.ndarray, numbers: int) -> np.ndarray:  # pragma: no cover - compiled
    """int64: in how many texts each element is; np.bincount would copy eight bytes a word."""
    result = np.zeros(numbers, np.int64)
    for i in range(len(elements)):
        result[elements[i]] += 1
    return result


@njit(cache=True, nogil=True)
def _rank_rows(
    elements: np.ndarray, offsets: np.ndarray, rank: np.ndarray
) -> None:  # pragma: no cover - compiled
    for row in range(len(offsets) - 1):
        own = elements[offsets[row] : offsets[row + 1]]
        for i in range(len(own)):
            own[i] = rank[own[i]]
        own.sort()
