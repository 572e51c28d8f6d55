"""A part of a stream in memory, that moves on: what is done with goes, more comes behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mixer.sources.json_kernel import SPAN, find_lines, measured
from mixer.sources.stream import Readable

CHUNK_BYTES = 1 << 20
_MOST_SPANS = 4096


class Window:
    """`data` is what is held of a stream; `before` counts the bytes that went."""

    def __init__(self, stream: Readable, head: bytes = b"") -> None:
        self._stream = stream
        self.data = head
        self.before = 0

    def more(self, done: int) -> bool:
        """Lets go of the first `done` bytes and reads on: False at the end of the stream. Reads as
        much again as is held, so that a long row is not copied for each chunk of it."""
        held = self.data[done:]
        chunk = self._stream.read(max(CHUNK_BYTES, len(held)))
        self.data = held + chunk
        self.before += done
        return bool(chunk)


def lines(
    window: Window, max_bytes: int, newline: bytes, ends_in_cr: bool = False
) -> Iterator[tuple[bytes, int, int]]:
    """(text, keys, depth) of each line, without its ending (CR LF too, but not where it
    `ends_in_cr`); of one above `max_bytes` the first bytes, one more than that.

    The rest of an overlong line is read and thrown away, so that memory stays bounded.
    """
    spans = np.zeros((_MOST_SPANS, SPAN), np.int64)
    cut: bytes | None = None
    done = 0
    while True:
        data = window.data
        view = np.frombuffer(data, np.uint8)
        while found := find_lines(view, done, newline[0], spans):
            for start, end, keys, depth in spans[:found].tolist():
                if cut is not None:
                    yield cut, 0, 0
                    cut = None
                    continue
                if data[end - 1 : end] == b"\r" and end > start and not ends_in_cr:
                    end -= 1
                yield data[start : min(end, start + max_bytes + 1)], keys, depth
            done = int(spans[found - 1, 1]) + 1
        if cut is not None or len(data) - done > max_bytes:
            cut = cut or data[done : done + max_bytes + 1]
            done = len(data)
        if not window.more(done):
            break
        done = 0
    if cut is not None:
        yield cut, 0, 0
    elif window.data:
        yield window.data if ends_in_cr else window.data.removesuffix(b"\r"), *measured(window.data)


def newline_of(head: bytes) -> bytes:
    """What ends a line: LF, and CR in a file that begins with some of those and no LF. A CR at the
    end of `head` may be half of a CR LF."""
    return b"\r" if b"\n" not in head and b"\r" in head[:-1] else b"\n"
