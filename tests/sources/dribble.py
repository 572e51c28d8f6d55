"""A stream that gives a few bytes at a time, as a slow network would, whatever is asked for."""

from __future__ import annotations

import io


class Dribble:
    def __init__(self, data: bytes, size: int) -> None:
        self._data = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(self._size)
