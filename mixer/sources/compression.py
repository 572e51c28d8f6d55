"""What is compressed, by its first bytes, and what comes out of it.

A compressed file may have several parts, one after the other: members of gz, frames of zst, streams
of bz2 and xz. Damaged ones give what could be read before the damage.
"""

from __future__ import annotations

import sys
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from lzma import LZMADecompressor, LZMAError
from typing import Protocol, cast

from isal.igzip_lib import DECOMP_DEFLATE, DECOMP_GZIP, IgzipDecompressor, IsalError

from mixer.sources.stream import Readable

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

DAMAGED: tuple[type[Exception], ...] = (
    EOFError,
    OSError,
    cast("type[Exception]", IsalError),
    LZMAError,
    ZstdError,
    zlib.error,
)

_CHUNK_BYTES = 1 << 16
# Memory that one part may ask for; xz and zst name their window themselves.
_XZ_MEMORY_BYTES = 256 << 20
_GZ, _BZ2, _XZ, _ZST = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
_ZST_SKIPPED = b"\x2a\x4d\x18"


class Decompressor(Protocol):
    """One part."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


Maker = Callable[[], Decompressor]


def maker_of(head: bytes) -> Maker | None:
    """What decompresses a part that begins like this; None where it is not compressed."""
    if head.startswith(_GZ):
        return lambda: cast(Decompressor, IgzipDecompressor(flag=DECOMP_GZIP))
    if head.startswith(_BZ2):
        return lambda: cast(Decompressor, BZ2Decompressor())
    if head.startswith(_XZ):
        return lambda: cast(Decompressor, LZMADecompressor(memlimit=_XZ_MEMORY_BYTES))
    if head.startswith(_ZST) or (head[:1] in b"PQRSTUVWXYZ[\\]^_" and head[1:4] == _ZST_SKIPPED):
        return lambda: cast(Decompressor, ZstdDecompressor())
    return None


def deflated() -> Decompressor:
    """For a member of a zip, which has neither head nor foot."""
    return cast(Decompressor, IgzipDecompressor(flag=DECOMP_DEFLATE))


class Decompressed:
    """Reads the parts of `source`; with `once`, the first alone, and `rest` is what follows it."""

    def __init__(self, source: Readable, maker: Maker, once: bool = False) -> None:
        self._source = source
        self._maker = maker
        self._once = once
        self._part = maker()
        self._begun = False
        self.rest = b""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, at most `size`; EOFError where the stream ends inside a part."""
        while not self._part.eof or self._next_part():
            data = b""
            if self._part.needs_input:
                data = self._fed()
            out = self._part.decompress(data, size)
            self._begun = self._begun or bool(data)
            if out:
                return out
        return b""

    def _fed(self) -> bytes:
        data, self.rest = self.rest or self._source.read(_CHUNK_BYTES), b""
        if not data:
            raise EOFError("the compressed data end too early")
        return data

    def _next_part(self) -> bool:
        self.rest = self._part.unused_data or self.rest
        if self._once:
            return False
        # Parts may be padded with zero bytes.
        while not (data := self.rest.lstrip(b"\0")):
            self.rest = self._source.read(_CHUNK_BYTES)
            if not self.rest:
                return False
        while len(data) < len(_XZ) and (more := self._source.read(_CHUNK_BYTES)):
            data += more
        maker = maker_of(data)
        if maker is None:
            raise EOFError("what follows the compressed data is none")
        self._part, self.rest = maker(), data
        return True
