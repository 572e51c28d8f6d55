"""How much of a text repeats itself: kernels over Arrow's UTF-8 bytes."""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.units import HASH_STEP, mixed, row_units


@njit(cache=True, nogil=True)
def repeated_shares(
    data: np.ndarray, offsets: np.ndarray, words: int, min_words: int
) -> np.ndarray:  # pragma: no cover - compiled
    """float64 [texts]: of the n-grams of `words` words, the share that came before in the text; 0
    for texts of fewer than `min_words`."""
    longest = 1
    for text in range(len(offsets) - 1):
        longest = max(longest, offsets[text + 1] - offsets[text])
    units = np.empty(longest, np.uint64)
    grams = np.empty(longest, np.uint64)
    result = np.zeros(len(offsets) - 1)
    for text in range(len(result)):
        if offsets[text + 1] - offsets[text] < min_words:
            continue
        count = row_units(data, offsets[text], offsets[text + 1], units)
        if count < min_words:
            continue
        total = count - words + 1
        for gram in range(total):
            value = units[gram]
            for more in range(1, words):
                value = mixed((value * HASH_STEP) ^ units[gram + more])
            grams[gram] = value
        ordered = np.sort(grams[:total])
        repeats = 0
        for gram in range(1, total):
            repeats += ordered[gram] == ordered[gram - 1]
        result[text] = repeats / total
    return result


@njit(cache=True, nogil=True)
def longest_runs(
    data: np.ndarray, offsets: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    """int64 [texts]: how often one character, of any length in UTF-8 but no white space, comes in a
    row at most."""
    result = np.zeros(len(offsets) - 1, np.int64)
    for text in range(len(result)):
        start, end = offsets[text], offsets[text + 1]
        last, run, at = np.int64(-1), 0, start
        while at < end:
            first = data[at]
            length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            code = np.int64(0)
            for i in range(at, min(at + length, end)):
                code = (code << 8) | np.int64(data[i])
            run = run + 1 if code == last else 1
            if code > 32:
                result[text] = max(result[text], run)
            last = code
            at += length
    return result
