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
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple, Self

from mixer.sources.cut_zip import cut_members
from mixer.sources.stream import Readable, Stream

# Of a zip with members, and of one without.
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN = (tarfile.TarError, zipfile.BadZipFile)

_ENCRYPTED = 0x1
# Of names that are no UTF-8, Python has the bytes as surrogates.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ABOUT = frozenset(
    {"readme", "license", "licence", "notice", "changelog", "citation", "contributing"}
)
_NO_DATA = frozenset(
    {".md", ".rst", ".pdf", ".html", ".htm", ".py", ".ipynb", ".sh", ".cff", ".bib"}
    | {".png", ".jpg", ".jpeg", ".gif", ".svg"}
)


class Member(NamedTuple):
    """`name` is safe as a part of an id, and unlike all others of its archive; with a `reason`,
    the member cannot be read. `packed` is what the archive gives, `stream` what is in it."""

    name: str
    stream: Stream
    reason: str | None = None
    packed: Stream | None = None


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


class _Ending:
    """tarfile reads on behind the end, as often as a broken head says that there is more."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._has_ended = False

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        if not data and self._has_ended:
            raise EOFError("the tar ends too early")
        self._has_ended = not data
        return data


def tar_members(stream: Readable) -> Iterator[Member]:
    """Regular files alone: no links, no devices."""
    labels = _Labels()
    with _opened_tar(_Ending(stream)) as archive:
        while (entry := _next(archive)) is not None:
            content = archive.extractfile(entry) if entry.isreg() else None
            if content is not None and holds_data(entry.name):
                sparse = "a member of the tar with holes: unpack it first"
                reason = sparse if entry.issparse() else None
                yield Member(labels.of(entry.name), Stream(content), reason)
            # It would keep what it knows of every member.
            archive.members.clear()


def _opened_tar(source: Readable) -> Any:
    """Opening reads the first head."""
    with _telling_broken_heads():
        return tarfile.open(fileobj=source, mode="r|", bufsize=1 << 16, tarinfo=_Entry)  # type: ignore[call-overload]


def _next(archive: Any) -> tarfile.TarInfo | None:
    with _telling_broken_heads():
        entry: tarfile.TarInfo | None = archive.next()
    return entry


@contextmanager
def _telling_broken_heads() -> Iterator[None]:
    """What numbers in heads may not be, tarfile finds out by using them."""
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise tarfile.ReadError(f"a broken head in the tar: {error}") from error


def zip_members(file: IO[bytes]) -> Iterator[Member]:
    """Of a seekable file."""
    labels = _Labels()
    archive = _by_its_table(file)
    if archive is None:
        file.seek(0)
        for name, stream in cut_members(file):
            if holds_data(name):
                yield Member(labels.of(name), stream)
        return
    with archive:
        for entry in archive.infolist():
            if not entry.filename.endswith("/") and holds_data(entry.filename):
                yield _zip_member(archive, entry, labels.of(entry.filename))


def _by_its_table(file: IO[bytes]) -> zipfile.ZipFile | None:
    """None where the table of contents is missing, or is not that of these members."""
    try:
        archive = zipfile.ZipFile(file)
    except (IndexError, NotImplementedError, UnicodeDecodeError, zipfile.BadZipFile):
        return None
    for entry in archive.infolist():
        if entry.header_offset < 0:
            return None
        file.seek(entry.header_offset)
        if file.read(len(ZIP_MARKS[0])) != ZIP_MARKS[0]:
            return None
    return archive


def _zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, label: str) -> Member:
    if entry.flag_bits & _ENCRYPTED:
        return Member(label, Stream(io.BytesIO()), "this member of the zip is encrypted")
    try:
        return Member(label, Stream(archive.open(entry)))
    except (NotImplementedError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        return Member(label, Stream(io.BytesIO()), f"this member of the zip: {error}")
