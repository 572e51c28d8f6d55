"""What one commit must add, replace and delete, so that a repository holds a mixture and no more.

The hub tells two hashes: of a large file the SHA-256 that the lock holds too, of a small one that
of git's blob. Nothing is downloaded to compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path

import msgspec

from mixer.phases.lock import Output

# What a mixture may hold and the next one, pushed into the same repository, may not.
_STALE_FOLDERS = ("data/", "exports/")
_STALE_FILES = frozenset({"quarantine.parquet", "contamination.parquet"})


class RemoteFile(msgspec.Struct, frozen=True):
    """A file of the repository; `sha256` is of a large file alone."""

    path: str
    git_blob: str
    sha256: str | None


class Changes(msgspec.Struct, frozen=True):
    """Paths in order."""

    add: list[Output]
    replace: list[Output]
    delete: list[str]

    @property
    def upload(self) -> list[Output]:
        return [*self.add, *self.replace]

    @property
    def nothing(self) -> bool:
        return not (self.upload or self.delete)

    @property
    def upload_bytes(self) -> int:
        return sum(file.size_bytes for file in self.upload)


def changes(folder: Path, local: Iterable[Output], remote: Iterable[RemoteFile]) -> Changes:
    """Files that others put beside the mixture's stay, but for those that `datasets` would read."""
    there = {file.path: file for file in remote}
    here = {file.path: file for file in sorted(local, key=lambda file: file.path)}
    return Changes(
        add=[file for path, file in here.items() if path not in there],
        replace=[
            file
            for path, file in here.items()
            if path in there and not _same(folder, file, there[path])
        ],
        delete=[path for path in sorted(there.keys() - here.keys()) if _is_stale(path)],
    )


def _same(folder: Path, local: Output, remote: RemoteFile) -> bool:
    if remote.sha256 is not None:
        return local.sha256 == remote.sha256
    return git_blob((folder / local.path).read_bytes()) == remote.git_blob


def git_blob(content: bytes) -> str:
    """The name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _is_stale(path: str) -> bool:
    return path.startswith(_STALE_FOLDERS) or path in _STALE_FILES
