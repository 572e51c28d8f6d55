"""A file's bytes, decompressed on the way, with the SHA-256 of what lies on disk."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, cast

from mixer.errors import InputError

_CHUNK_BYTES = 1 << 20


def sha256_of(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def plain_name(name: str) -> str:
    """The name without its compression ending: `a.jsonl.gz` → `a.jsonl`."""
    for ending in (".gz", ".bz2", ".xz", ".zst"):
        name = name.removesuffix(ending)
    return name


@contextmanager
def opened(path: str) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The (name, byte stream) members of a file: one, or each data file of a zip in its order."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb"))
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        yield _members(path, file, stack)


def _members(path: str, file: IO[bytes], stack: ExitStack) -> Iterator[tuple[str, IO[bytes]]]:
    if path.endswith(".zip"):
        archive = stack.enter_context(zipfile.ZipFile(file))
        for member in archive.infolist():
            if not member.is_dir() and not member.filename.startswith("__MACOSX/"):
                with archive.open(member) as stream:
                    yield plain_name(member.filename), stream
    else:
        yield plain_name(path), _decompressed(path, file, stack)


def _decompressed(path: str, file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    if path.endswith(".gz"):
        stream: Any = gzip.GzipFile(fileobj=file)
    elif path.endswith(".bz2"):
        stream = bz2.BZ2File(file)
    elif path.endswith(".xz"):
        stream = lzma.LZMAFile(file)  # noqa: SIM115 - closed by the stack below
    elif path.endswith(".zst"):
        import pyarrow as pa

        stream = pa.CompressedInputStream(pa.PythonFile(file), "zstd")
    else:
        return file
    return cast("IO[bytes]", stack.enter_context(stream))


def lines(stream: IO[bytes], max_bytes: int, head: bytes = b"") -> Iterator[bytes]:
    """Lines of `head` and the stream, without their ending (LF or CR LF);
    one above `max_bytes` comes cut, one byte longer.

    The rest of an overlong line is read and thrown away, so that memory stays bounded.
    """
    rest = b""
    too_long: bytes | None = None
    while chunk := head or stream.read(_CHUNK_BYTES):
        head = b""
        *whole, rest = (rest + chunk).split(b"\n")
        if whole and too_long is not None:
            yield too_long
            too_long = None
            whole = whole[1:]
        for line in whole:
            yield (line if len(line) <= max_bytes else line[: max_bytes + 1]).removesuffix(b"\r")
        if too_long is not None:
            rest = b""
        elif len(rest) > max_bytes:
            too_long, rest = rest[: max_bytes + 1], b""
    if too_long is not None:
        yield too_long
    elif rest:
        yield rest.removesuffix(b"\r")


def whole(stream: IO[bytes], max_bytes: int) -> bytes:
    """The rest of a stream; of one longer than `max_bytes`, somewhat more than that many bytes."""
    buffer = io.BytesIO()
    while chunk := stream.read(_CHUNK_BYTES):
        buffer.write(chunk)
        if buffer.tell() > max_bytes:
            break
    return buffer.getvalue()
