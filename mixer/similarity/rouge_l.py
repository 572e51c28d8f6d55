"""ROUGE-L of two texts: the F measure over their longest common subsequence of words.

ROUGE-L: Lin 2004. With L words in the longest common subsequence of texts of n and m words,
precision is L / m, recall L / n and F = 2 · precision · recall / (precision + recall), in that
order of operations, so that a value at the threshold falls as it does in the package rouge_score.

The subsequence is found bit-parallel (Hyyrö 2004, after Crochemore et al. 2001): 64 words of one
text are a machine word, the other is read word by word. Time n · m / 64, memory m bytes and eight a
known word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

_WORD_BITS = 64
_ONE, _ALL = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


class Scratch(NamedTuple):
    """Memory of one thread. `masks` uint64, one for each word number, all 0 between calls; `carry`
    bool, at least as long as the longest text."""

    masks: np.ndarray
    carry: np.ndarray


def make_scratch(word_numbers: int, longest: int) -> Scratch:
    return Scratch(np.zeros(word_numbers, np.uint64), np.zeros(longest, np.bool_))


@njit(cache=True, nogil=True)
def f_measure(common: int, one: int, other: int) -> float:  # pragma: no cover - compiled
    """`common`: words of the longest common subsequence of texts of `one` and `other` words."""
    if common == 0:
        return 0.0
    precision, recall = common / other, common / one
    return 2 * precision * recall / (precision + recall)


@njit(cache=True, nogil=True)
def common_subsequence(
    one: np.ndarray, other: np.ndarray, scratch: Scratch
) -> int:  # pragma: no cover - compiled
    """Length of the longest common subsequence of two arrays of word numbers.

    A block of 64 words of `one` at a time; what its sum carries into the next block is kept for
    each word of `other`.
    """
    first, ends = _same_ends(one, other)
    length = first + ends
    one, other = one[first : len(one) - ends], other[first : len(other) - ends]
    if len(one) > len(other):
        one, other = other, one
    masks, carry = scratch
    carry[: len(other)] = False
    for start in range(0, len(one), _WORD_BITS):
        block = one[start : start + _WORD_BITS]
        for i in range(len(block)):
            masks[block[i]] |= _ONE << np.uint64(i)
        length += _block(block, other, masks, carry)
        for i in range(len(block)):
            masks[block[i]] = np.uint64(0)
    return length


@njit(cache=True, nogil=True)
def _same_ends(one: np.ndarray, other: np.ndarray) -> tuple[int, int]:  # pragma: no cover
    """How many words both begin with, and how many of the rest both end with: texts that repeat
    one another differ in few places, and some longest subsequence has all of these."""
    least = min(len(one), len(other))
    first = ends = 0
    while first < least and one[first] == other[first]:
        first += 1
    while ends < least - first and one[len(one) - 1 - ends] == other[len(other) - 1 - ends]:
        ends += 1
    return first, ends


@njit(cache=True, nogil=True)
def _block(
    block: np.ndarray, other: np.ndarray, masks: np.ndarray, carry: np.ndarray
) -> int:  # pragma: no cover - compiled
    """How many words of `block` the subsequence has; a bit of
    `open_bits` is 0 where it has one."""
    open_bits = _ALL
    for j in range(len(other)):
        mask = masks[other[j]]
        if mask or carry[j]:
            matched = open_bits & mask
            total = open_bits + matched
            overflows = total < open_bits
            if carry[j]:
                total += _ONE
                overflows |= total == 0
            carry[j] = overflows
            open_bits = total | (open_bits & ~mask)
    length = 0
    for i in range(len(block)):
        length += (open_bits >> np.uint64(i)) & _ONE == 0
    return length
