"""The members of zip and tar archives, read where they stand: nothing is unpacked to disk.

A member's name is only ever a label. A zip that is cut off has lost its table of contents, which
stands last: see mixer/sources/cut_zip.py.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, NamedTuple, Self

from mixer.sources.cut_zip import cut_members
from mixer.sources.stream import Readable, Stream

# Of a zip with members, and of one without.
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN = (tarfile.TarError, zipfile.BadZipFile)

_ENCRYPTED = 0x1
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ABOUT = frozenset(
    {"readme", "license", "licence", "notice", "changelog", "citation", "contributing"}
)
_NO_DATA = frozenset(
    {".md", ".rst", ".pdf", ".html", ".htm", ".py", ".ipynb", ".sh", ".cff", ".bib"}
    | {".png", ".jpg", ".jpeg", ".gif", ".svg"}
)


class Member(NamedTuple):
    """`name` is safe as a part of an id, and unlike all others of its archive; with a `reason`,
    the member cannot be read."""

    name: str
    stream: Stream
    reason: str | None = None


def holds_data(name: str) -> bool:
    """Whether a name says nothing against it: hidden files, pictures, code and what is about the
    data are passed over in folders and archives."""
    path = PurePosixPath(name.replace("\\", "/"))
    if any(part.startswith(".") and part not in (".", "..") for part in path.parts):
        return False
    if "__MACOSX" in path.parts or path.suffix.lower() in _NO_DATA:
        return False
    return path.stem.lower() not in _ABOUT or path.suffix.lower() not in ("", ".txt")


def is_tar(head: bytes, name: str) -> bool:
    """By the mark of all but the oldest kind, which must be called so."""
    if head[257:262] == b"ustar" or not name.lower().endswith(".tar"):
        return head[257:262] == b"ustar"
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


class _Labels:
    """Names of members that neither lead anywhere nor are the same."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._numbers: dict[str, int] = {}

    def of(self, name: str) -> str:
        parts = _UNSEEN.sub("_", name).replace("\\", "/").split("/")
        safe = "/".join(part for part in parts if part not in ("", ".", "..")) or "member"
        label, number = safe, self._numbers.get(safe, 1)
        while label in self._given:
            number += 1
            label = f"{safe}~{number}"
        self._numbers[safe] = number
        self._given.add(label)
        return label


class _Entry(tarfile.TarInfo):
    """tarfile takes a broken head for the end of the archive."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"the tar ends too early: {error}") from error


def tar_members(stream: Readable) -> Iterator[Member]:
    """Regular files alone: no links, no devices."""
    labels = _Labels()
    with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 16, tarinfo=_Entry) as archive:  # type: ignore[call-overload]
        while (entry := archive.next()) is not None:
            content = archive.extractfile(entry) if entry.isreg() else None
            if content is not None and holds_data(entry.name):
                yield Member(labels.of(entry.name), Stream(content))
            # It would keep what it knows of every member.
            archive.members.clear()


def zip_members(file: IO[bytes]) -> Iterator[Member]:
    """Of a seekable file."""
    labels = _Labels()
    try:
        archive = zipfile.ZipFile(file)
    except (IndexError, NotImplementedError, UnicodeDecodeError, zipfile.BadZipFile):
        file.seek(0)
        for name, stream in cut_members(file):
            if holds_data(name):
                yield Member(labels.of(name), stream)
        return
    with archive:
        for entry in archive.infolist():
            if not entry.filename.endswith("/") and holds_data(entry.filename):
                yield _zip_member(archive, entry, labels.of(entry.filename))


def _zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, label: str) -> Member:
    if entry.flag_bits & _ENCRYPTED:
        return Member(label, Stream(io.BytesIO()), "this member of the zip is encrypted")
    try:
        return Member(label, Stream(archive.open(entry)))
    except (NotImplementedError, zipfile.BadZipFile) as error:
        return Member(label, Stream(io.BytesIO()), f"this member of the zip: {error}")
