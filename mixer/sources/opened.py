"""A file's bytes, decompressed on the way and in members where it is an archive, by its first bytes
and not by its name; with the SHA-256 of what lies on disk."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import IO

from mixer.errors import InputError
from mixer.sources import archives
from mixer.sources.archives import ZIP_MARKS, Member, is_tar, tar_members, zip_members
from mixer.sources.compression import DAMAGED, Decompressed, maker_of
from mixer.sources.stream import Readable, Stream

# What raises one of these has no more to give.
BROKEN: tuple[type[Exception], ...] = (*DAMAGED, *archives.BROKEN)
# A file that gives more than this and more than so many times its size is a bomb.
MAX_EXPANDED_BYTES = 1 << 30
MAX_EXPANSION = 200
_MAX_LAYERS = 4
_FILE_PIECE_BYTES = 1 << 20
_ENDINGS = (".gz", ".bz2", ".xz", ".zst")


def sha256_of(path: str) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def plain_name(name: str) -> str:
    """The name without its compression ending: `a.jsonl.gz` → `a.jsonl`."""
    lowered = name.lower()
    for ending in _ENDINGS:
        lowered = lowered.removesuffix(ending)
    return name[: len(lowered)]


@contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """A regular file; opening a pipe or a device could wait for ever."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise InputError(f"{path} is no regular file: copy it to one, or pipe it into `-`")
        file = open(path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    with file:
        yield file


class _Expansion:
    """Counts what comes out of a file, all its members together."""

    def __init__(self, file_bytes: int) -> None:
        self._limit = max(MAX_EXPANDED_BYTES, MAX_EXPANSION * file_bytes)
        self._count = 0

    def counted(self, source: Readable) -> Stream:
        return Stream(_Counted(source, self))

    def add(self, count: int) -> None:
        self._count += count
        if self._count > self._limit:
            times = f"{MAX_EXPANSION} times its size and {MAX_EXPANDED_BYTES >> 20} MiB"
            raise EOFError(f"it expands to more than {times}, as a bomb does")


class _Counted:
    """A source whose bytes count."""

    def __init__(self, source: Readable, expansion: _Expansion) -> None:
        self._source = source
        self._expansion = expansion

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._expansion.add(len(data))
        return data


def members(file: IO[bytes], name: str) -> Iterator[Member]:
    """The content of a file, under no name, or the members of an archive."""
    expansion = _Expansion(os.fstat(file.fileno()).st_size)
    stream = Stream(file, _FILE_PIECE_BYTES)
    if stream.peek().startswith(ZIP_MARKS):
        file.seek(0)
        found = zip_members(file)
    else:
        stream = _decompressed(stream, expansion)
        if not is_tar(stream.peek(), plain_name(name)):
            yield _checked(Member("", stream))
            return
        found = tar_members(stream)
    for member in found:
        content = _decompressed(expansion.counted(member.stream), expansion)
        yield _checked(member._replace(stream=content, packed=member.stream))


def _decompressed(stream: Stream, expansion: _Expansion) -> Stream:
    for _ in range(_MAX_LAYERS):
        maker = maker_of(stream.peek())
        if maker is None:
            break
        stream = expansion.counted(Decompressed(stream, maker))
    return stream


def _checked(member: Member) -> Member:
    head = member.stream.peek()
    if head.startswith(ZIP_MARKS) or is_tar(head, ""):
        return member._replace(reason="an archive inside another file: unpack it first")
    return member
