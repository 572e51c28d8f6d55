"""Exact join by ROUGE-L: which earlier kept text each text is too much like.

F > t needs a common subsequence of more than t · (n + m) / 2 words, and as many words in common at
all; that is at least c = n · t / (2 − t), since a text below c words cannot reach it. So two such
texts share one of the n − ⌈c⌉ + 1 rarest elements of each (prefix filter: Chaudhuri et al. 2006,
Bayardo et al. 2007, here over multisets), and enough must be left behind the first one that they
share (Xiao et al. 2008). What passes is counted exactly, then its subsequence is found.

A text is dropped only for a kept one: texts are settled one by one, in blocks. A block is first
compared with what was kept before it, on several threads, then with itself. The result is that of
comparing each text with every earlier kept one. Time: linear in the text, plus the pairs that share
a rare word; memory about 20 bytes a word, beside the parts that are being read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.similarity.multisets import Multisets
from mixer.similarity.rouge_l import Scratch, common_subsequence, f_measure, make_scratch

# Bounds are computed in floating point; what they let pass is judged by F alone.
TINY = 1e-9


class Postings(NamedTuple):
    """Kept texts by the elements of their prefixes: of element e the first filled[e] entries from
    starts[e] on. `text` int32; `size` int32, its words; `left` int32, its elements from e on."""

    starts: np.ndarray
    filled: np.ndarray
    text: np.ndarray
    size: np.ndarray
    left: np.ndarray


class Nearest(NamedTuple):
    """Of each text the kept one most like it above the threshold, the first of several, or -1; and
    F, 0 where there is none."""

    witness: np.ndarray
    similarity: np.ndarray


class Compared(NamedTuple):
    """What a search looks at: texts of the same `unit` (int64) are never compared."""

    texts: Multisets
    postings: Postings
    unit: np.ndarray
    threshold: float


class Memory(NamedTuple):
    """Of one thread: `seen` int32 [texts], the text that was last compared with each."""

    seen: np.ndarray
    scratch: Scratch


def make_postings(texts: Multisets, threshold: float) -> Postings:
    size = _prefix_sizes(texts, threshold)
    starts = np.concatenate([[0], np.cumsum(size)])
    entries = int(starts[-1])
    text, sizes, left = (np.empty(entries, np.int32) for _ in range(3))
    return Postings(starts, np.zeros(len(size), np.int64), text, sizes, left)


def make_memory(texts: Multisets) -> Memory:
    longest = int(np.diff(texts.offsets).max(initial=0))
    seen = np.full(len(texts.offsets) - 1, -1, np.int32)
    return Memory(seen, make_scratch(texts.word_numbers, longest))


@njit(cache=True, nogil=True)
def prefix_length(size: int, threshold: float) -> int:  # pragma: no cover - compiled
    """How many of its rarest elements a text must share one of to be too much like another."""
    least = max(1, int(np.ceil(size * threshold / (2 - threshold) - TINY)))
    return max(0, size - least + 1)


@njit(cache=True, nogil=True)
def _prefix_sizes(texts: Multisets, threshold: float) -> np.ndarray:  # pragma: no cover - compiled
    """int64: in how many prefixes each element is that several texts have."""
    result = np.zeros(texts.element_numbers - texts.alone, np.int64)
    for row in range(len(texts.offsets) - 1):
        start = texts.offsets[row]
        length = prefix_length(texts.offsets[row + 1] - start, threshold)
        for element in texts.elements[start : start + length]:
            if element >= texts.alone:
                result[element - texts.alone] += 1
    return result


@njit(cache=True, nogil=True)
def search(
    compared: Compared, span: tuple[int, int], memory: Memory, nearest: Nearest
) -> None:  # pragma: no cover - compiled
    """Compares the texts first … last with all that were kept so far."""
    first, last = span
    for row in range(first, last):
        _compare(compared, (row, 0), memory, nearest)


@njit(cache=True, nogil=True)
def settle(
    compared: Compared, span: tuple[int, int], memory: Memory, nearest: Nearest
) -> None:  # pragma: no cover - compiled
    """Compares the texts first … last with one another; one without a witness by then is kept."""
    first, last = span
    kept = -1
    for row in range(first, last):
        _compare(compared, (row, first), memory, nearest)
        if nearest.witness[row] < 0 and not _repeats(compared, row, kept):
            _keep(compared, row)
            kept = row


@njit(cache=True, nogil=True)
def _compare(
    compared: Compared, which: tuple[int, int], memory: Memory, nearest: Nearest
) -> None:  # pragma: no cover - compiled
    """Compares the text `row` with the kept texts from `lowest` on; which: (row, lowest)."""
    texts, postings, unit, threshold = compared
    row, lowest = which
    witness, best = nearest.witness[row], nearest.similarity[row]
    start, end = texts.offsets[row], texts.offsets[row + 1]
    size, half = end - start, max(best, threshold) / 2
    for place in range(prefix_length(size, threshold)):
        element = texts.elements[start + place] - texts.alone
        if element < 0:
            continue
        begin = postings.starts[element]
        for entry in range(begin + postings.filled[element] - 1, begin - 1, -1):
            kept = postings.text[entry]
            if kept < lowest:
                break
            # Before anything is looked up: no more can be common than is left of either text.
            needed = half * (size + postings.size[entry]) - TINY
            if postings.left[entry] < needed or size - place < needed:
                continue
            if memory.seen[kept] == row or unit[kept] == unit[row]:
                continue
            memory.seen[kept] = row
            left = (size - place, postings.left[entry])
            alike = _alike(texts, (row, kept), left, needed, memory.scratch)
            if alike > threshold and (alike > best or (alike == best and kept < witness)):
                witness, best, half = kept, alike, alike / 2
    nearest.witness[row], nearest.similarity[row] = witness, best


@njit(cache=True, nogil=True)
def _alike(
    texts: Multisets, pair: tuple[int, int], left: tuple[int, int], needed: float, scratch: Scratch
) -> float:  # pragma: no cover - compiled
    """F of two texts, or 0 where they have fewer than `needed` words in common; left: elements of
    each from the first common one on."""
    start, end = texts.offsets[pair[0]], texts.offsets[pair[0] + 1]
    other_start, other_end = texts.offsets[pair[1]], texts.offsets[pair[1] + 1]
    one = texts.elements[end - left[0] : end]
    other = texts.elements[other_end - left[1] : other_end]
    if _common(one, other, needed) < needed:
        return 0.0
    length = common_subsequence(texts.words[start:end], texts.words[other_start:other_end], scratch)
    return f_measure(length, end - start, other_end - other_start)


@njit(cache=True, nogil=True)
def _common(one: np.ndarray, other: np.ndarray, needed: float) -> int:  # pragma: no cover
    """Elements that two sorted sets share; stops where too few are left to reach `needed`."""
    i = j = count = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            i, j, count = i + 1, j + 1, count + 1
            continue
        if one[i] < other[j]:
            i += 1
        else:
            j += 1
        if count + min(len(one) - i, len(other) - j) < needed:
            return 0
    return count


@njit(cache=True, nogil=True)
def _repeats(compared: Compared, row: int, kept: int) -> bool:  # pragma: no cover - compiled
    """Whether a text says the same as the one kept before it, which is of its unit: one of
    them in the postings is enough."""
    texts, unit = compared.texts, compared.unit
    if kept < 0 or unit[kept] != unit[row]:
        return False
    one = texts.words[texts.offsets[row] : texts.offsets[row + 1]]
    other = texts.words[texts.offsets[kept] : texts.offsets[kept + 1]]
    return len(one) == len(other) and bool((one == other).all())


@njit(cache=True, nogil=True)
def _keep(compared: Compared, row: int) -> None:  # pragma: no cover - compiled
    """Adds the prefix of a text to the postings."""
    texts, postings = compared.texts, compared.postings
    start = texts.offsets[row]
    size = texts.offsets[row + 1] - start
    for place in range(prefix_length(size, compared.threshold)):
        element = texts.elements[start + place] - texts.alone
        if element >= 0:
            entry = postings.starts[element] + postings.filled[element]
            postings.text[entry], postings.size[entry], postings.left[entry] = (
                row,
                size,
                size - place,
            )
            postings.filled[element] += 1
