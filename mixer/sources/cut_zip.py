"""The members of a zip that is cut off, and so has lost the table of contents at its end.

Each member begins with a head of its own: mark, flags, method, sizes, name. Where the sizes stand
behind the data, deflated data still say themselves where they end; other data do not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from mixer.sources.compression import Decompressed, deflated
from mixer.sources.stream import Stream

_MARK = b"PK\x03\x04"
_HEAD = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
# A description behind the data, at its longest, and the mark of what follows.
_DESCRIPTION_BYTES = 24 + len(_MARK)


class _PushedBack:
    """A file to which bytes that were read too far can be given back."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.ahead = b""

    def read(self, size: int = -1, /) -> bytes:
        if self.ahead:
            taken, self.ahead = self.ahead[:size], self.ahead[size:]
            return taken
        return self._file.read(size)

    def exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (more := self.read(size - len(data))):
            data += more
        return data


class _Stored:
    """So many bytes as they are."""

    def __init__(self, source: _PushedBack, size: int) -> None:
        self._source = source
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(min(size, self._left))
        if self._left and not data:
            raise EOFError("the zip is cut off")
        self._left -= len(data)
        return data


def cut_members(file: IO[bytes]) -> Iterator[tuple[str, Stream]]:
    """Names and contents; then EOFError, for the end is missing."""
    source = _PushedBack(file)
    while len(head := source.exactly(_HEAD.size)) == _HEAD.size:
        mark, _, flags, method, _, _, _, packed, _, name_bytes, extra_bytes = _HEAD.unpack(head)
        name = source.exactly(name_bytes).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        source.exactly(extra_bytes)
        known = method == _DEFLATED or (method == _STORED and not flags & _SIZES_FOLLOW)
        if mark != _MARK or flags & _ENCRYPTED or not known:
            break
        if method == _STORED:
            stored = Stream(_Stored(source, packed))
            yield name, stored
            _pass_over(stored)
            continue
        inflated = Decompressed(source, deflated, once=True)
        stream = Stream(inflated)
        yield name, stream
        _pass_over(stream)
        source.ahead = inflated.rest + source.ahead
        behind = source.exactly(_DESCRIPTION_BYTES)
        source.ahead = behind[max(0, behind.find(_MARK)) :] + source.ahead
    raise EOFError("the zip is cut off, or its table of contents is damaged")


def _pass_over(stream: Stream) -> None:
    while stream.read(1 << 16):
        pass
