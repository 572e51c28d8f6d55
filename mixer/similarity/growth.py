"""Arrays whose size is not known before, in kernels."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def grown(array: np.ndarray, size: int) -> np.ndarray:  # pragma: no cover - compiled
    """The array with room for `size` values."""
    larger = np.empty(size, array.dtype)
    for i in range(len(array)):
        larger[i] = array[i]
    return larger
