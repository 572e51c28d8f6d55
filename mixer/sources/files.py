"""Which files a source's `path` means, in an order that does not depend on the disk."""

from __future__ import annotations

import glob
import os
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mixer.errors import InputError

_WILD = frozenset("*?[")


class SourceFile(NamedTuple):
    """`label` names the file in ids: its path below the part of the pattern without wildcards."""

    path: str
    label: str
    size_bytes: int
    modified_ns: int


def find_files(patterns: list[str], source: str) -> list[SourceFile]:
    """All files that match, sorted by label. A folder means every file below it.

    Where the files lie directly in the fixed part, the label keeps that folder's name, so that
    `.../helpful-base/*.jsonl` is labelled `helpful-base/test.jsonl`.
    """
    paths: list[str] = []
    for pattern in patterns:
        found = _matches(pattern)
        if not found:
            raise InputError(f"source {source!r}: no file matches {pattern!r}")
        paths.extend(found)
    paths = sorted(set(paths))
    root = _root(patterns, paths)
    return [_describe(path, root, source) for path in paths]


def _matches(pattern: str) -> list[str]:
    if os.path.isdir(pattern):
        pattern = os.path.join(glob.escape(pattern), "**", "*")
    found = glob.glob(pattern, recursive=True)
    if not found and os.path.isfile(pattern):
        found = [pattern]
    return [os.path.abspath(path) for path in found if os.path.isfile(path)]


def _root(patterns: list[str], paths: list[str]) -> str:
    """The deepest folder that the patterns share before their first wildcard, or its parent."""
    fixed = [os.path.abspath(_fixed_part(pattern)) for pattern in patterns]
    common = os.path.commonpath([*fixed, *(os.path.dirname(path) for path in paths)])
    nested = all(os.path.dirname(path) != common for path in paths)
    return common if nested else os.path.dirname(common)


def _fixed_part(pattern: str) -> str:
    parts = Path(pattern).parts
    fixed: list[str] = []
    for part in parts:
        if _WILD & set(part):
            break
        fixed.append(part)
    folder = os.path.join(*fixed) if fixed else "."
    return folder if os.path.isdir(folder) else os.path.dirname(folder) or "."


def _describe(path: str, root: str, source: str) -> SourceFile:
    try:
        status = os.stat(path)
    except OSError as error:
        raise InputError(f"source {source!r}: cannot read {path}: {error.strerror}") from error
    label = PurePosixPath(Path(path).relative_to(root)).as_posix()
    return SourceFile(path, label, status.st_size, status.st_mtime_ns)
