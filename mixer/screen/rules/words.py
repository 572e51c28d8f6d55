"""How many words a text has: what stands between white space, and each character of a script that
puts none between words."""

from __future__ import annotations

import numpy as np
from numba import njit

from mixer.similarity.units import UNSPACED_SCRIPT, decoded, kind_of


@njit(cache=True, nogil=True)
def word_counts(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    """int64 [texts]."""
    result = np.zeros(len(offsets) - 1, np.int64)
    for text in range(len(result)):
        at, end = offsets[text], offsets[text + 1]
        inside = False
        while at < end:
            code, at = decoded(data, at, end)
            if code <= 32 or 0x85 <= code <= 0xA0 or 0x2000 <= code <= 0x200B or code == 0x3000:
                inside = False
            elif code >= 0x80 and kind_of(code) == UNSPACED_SCRIPT:
                result[text] += 1
                inside = False
            elif not inside:
                result[text] += 1
                inside = True
    return result
