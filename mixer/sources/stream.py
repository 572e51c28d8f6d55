"""Bytes that come piece by piece: the beginning can be looked at, and a failure comes last."""

from __future__ import annotations

from typing import Protocol

HEAD_BYTES = 1 << 16
# What fails inside a piece loses the piece.
_PIECE_BYTES = 1 << 14


class Readable(Protocol):
    """At most `size` bytes, none at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


class Stream:
    """Gives all that came before a failure, then raises it; one that is `quiet` ends there, and who
    reads it looks at `failure`. Layers of decompression stand on one another as Streams."""

    def __init__(
        self, source: Readable, piece_bytes: int = _PIECE_BYTES, quiet: bool = False
    ) -> None:
        self.failure: Exception | None = None
        self._quiet = quiet
        self._source = source
        self._piece_bytes = piece_bytes
        self._ahead = b""
        self._ended = False

    def peek(self) -> bytes:
        """The next HEAD_BYTES, fewer only at the end."""
        if len(self._ahead) < HEAD_BYTES:
            self._ahead += self._gathered(HEAD_BYTES - len(self._ahead))
        return self._ahead[:HEAD_BYTES]

    def read(self, size: int = -1, /) -> bytes:
        """As many bytes as asked for, fewer only at the end or before a failure."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        taken, self._ahead = self._ahead[:size], self._ahead[size:]
        if len(taken) < size:
            taken += self._gathered(size - len(taken))
        if not taken and size and self.failure is not None and not self._quiet:
            raise self.failure
        return taken

    def _gathered(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size > 0 and not self._ended and self.failure is None:
            try:
                piece = self._source.read(min(size, self._piece_bytes))
            # Whatever the layers below raise is raised again, after what they gave.
            except Exception as failure:  # noqa: BLE001
                self.failure = failure
                break
            self._ended = not piece
            size -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)
