"""What the hub of the tests holds: dataset repositories, their branches and commits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from mixer.hub.changes import git_blob

WRITER = "hf_WriterTokenThatMustNotBeTold"
READER = "hf_ReaderTokenThatMustNotBeTold"
OWNER = "me"
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"

Files = dict[str, bytes]


@dataclass
class Repo:
    """`branches` {name: commit}; `commits` {commit: its files}; `log` of (commit, message)."""

    private: bool
    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Files] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)

    def commit(self, branch: str, files: Files, message: str) -> str:
        names = sorted((path, hashlib.sha256(data).hexdigest()) for path, data in files.items())
        said = json.dumps([len(self.log), message, names])
        commit = hashlib.sha1(said.encode()).hexdigest()
        self.branches[branch] = commit
        self.commits[commit] = files
        self.log.append((commit, message))
        return commit

    def find(self, revision: str) -> str | None:
        return self.branches.get(revision, revision if revision in self.commits else None)

    @property
    def files(self) -> Files:
        return self.commits[self.branches["main"]]


@dataclass
class Refusal:
    """Answers requests whose "METHOD path" holds `part`; status 0 breaks the connection off.
    `after`: so many of them are let through first."""

    part: str
    status: int
    message: str = "refused"
    after: int = 0


def is_large(path: str) -> bool:
    return path.endswith(".parquet")


def entries(files: Files) -> list[dict[str, Any]]:
    """Of all files, and of the folders that they are in."""
    found = [file_entry(path, data) for path, data in sorted(files.items())]
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents} - {"."}
    return found + [{"type": "directory", "path": path, "oid": "0" * 40} for path in folders]


def file_entry(path: str, data: bytes) -> dict[str, Any]:
    entry = {"type": "file", "path": path, "size": len(data), "oid": git_blob(data)}
    if is_large(path):
        oid = hashlib.sha256(data).hexdigest()
        return {**entry, "lfs": {"oid": oid, "size": len(data), "pointerSize": 130}}
    return entry
