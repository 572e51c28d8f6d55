"""Which files a source's `path` means, in an order that does not depend on the disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mixer.errors import InputError
from mixer.sources.archives import holds_data
from mixer.sources.opened import plain_name
from mixer.sources.pattern import fixed_part, matching

_FILE_ENDINGS = frozenset(
    {".arrow", ".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".tsv", ".txt", ".yaml", ".yml"}
    | {".tar", ".tgz", ".zip"}
)


class SourceFile(NamedTuple):
    """`label` names the file in ids: its path below the part of the pattern without wildcards."""

    path: str
    label: str
    size_bytes: int
    modified_ns: int


def find_files(patterns: list[str], source: str) -> list[SourceFile]:
    """All files that match, sorted by label. A folder means every data file below it.

    Where the files lie directly in the fixed part, the label keeps that folder's name, so that
    `.../helpful-base/*.jsonl` is labelled `helpful-base/test.jsonl`.
    """
    paths: list[str] = []
    for pattern in patterns:
        try:
            found = _matches(pattern)
        except OSError as error:
            reason = f"cannot read {error.filename}: {error.strerror}"
            raise InputError(f"source {source!r}: {reason}") from error
        except InputError as error:
            raise InputError(f"source {source!r}: {error}") from error
        if not found:
            raise InputError(f"source {source!r}: no file matches {pattern!r}")
        paths.extend(found)
    paths = sorted(set(paths))
    root = _root(patterns, paths)
    return [_describe(path, root, source) for path in paths]


def _matches(pattern: str) -> list[str]:
    """A path that is there is meant as it stands, whatever signs its name has."""
    if os.path.lexists(pattern) and not os.path.isdir(pattern):
        _check_regular(pattern)
        return [os.path.abspath(pattern)]
    folder, names = fixed_part(pattern)
    whole_folder = os.path.isdir(pattern)
    if whole_folder:
        folder, names = pattern, ["**"]
    if not os.path.isdir(folder) or not names:
        return []
    found = [path for path in matching(folder, names) if _is_meant(path, names)]
    if whole_folder:
        found = [path for path in found if holds_data(os.path.relpath(path, folder))]
    return _once(folder, found)


def _check_regular(path: str) -> None:
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise InputError(f"{path} is no regular file: copy it to one, or pipe it into `-`")


def _is_meant(path: str, names: list[str]) -> bool:
    """Files; pipes and devices are passed over. InputError for a folder that looks like a file and
    that the pattern does not look into."""
    mode = os.stat(path).st_mode
    looks_like_file = Path(plain_name(path)).suffix.lower() in _FILE_ENDINGS
    if stat.S_ISDIR(mode) and looks_like_file and "**" not in names:
        raise InputError(f"{path} is a folder: for the files in it, name it without wildcards")
    return stat.S_ISREG(mode)


def _once(folder: str, paths: list[str]) -> list[str]:
    """Links inside the folder stand for the file they lead to, which is read once."""
    root = os.path.realpath(folder)
    found: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (path != os.path.realpath(path), path)):
        real = os.path.realpath(path)
        if os.path.commonpath([root, real]) != root:
            raise InputError(
                f"{path} is a link that leads out of {folder}, to {real}: name that file itself"
            )
        found.setdefault(real, os.path.abspath(path))
    return list(found.values())


def _root(patterns: list[str], paths: list[str]) -> str:
    """The deepest folder that the patterns share before their first wildcard, or its parent."""
    fixed = [os.path.abspath(_fixed_folder(pattern)) for pattern in patterns]
    common = os.path.commonpath([*fixed, *(os.path.dirname(path) for path in paths)])
    nested = all(os.path.dirname(path) != common for path in paths)
    return common if nested else os.path.dirname(common)


def _fixed_folder(pattern: str) -> str:
    if os.path.lexists(pattern):
        return pattern if os.path.isdir(pattern) else os.path.dirname(pattern) or "."
    folder, _ = fixed_part(pattern)
    return folder if os.path.isdir(folder) else os.path.dirname(folder) or "."


def _describe(path: str, root: str, source: str) -> SourceFile:
    try:
        status = os.stat(path)
    except OSError as error:
        raise InputError(f"source {source!r}: cannot read {path}: {error.strerror}") from error
    label = PurePosixPath(Path(path).relative_to(root)).as_posix()
    _check_name(path, source)
    return SourceFile(path, label, status.st_size, status.st_mtime_ns)


def _check_name(path: str, source: str) -> None:
    """A name that is no UTF-8 could stand in no id and in no list of files."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = path.encode(errors="backslashreplace").decode()
        raise InputError(
            f"source {source!r}: the name of {shown} is not UTF-8: rename it"
        ) from error


def check_unchanged(file: SourceFile) -> None:
    """InputError where a file is not as it was when it was found."""
    try:
        status = os.stat(file.path)
    except OSError as error:
        raise InputError(f"cannot read {file.path}: {error.strerror}") from error
    if (status.st_size, status.st_mtime_ns) != (file.size_bytes, file.modified_ns):
        raise InputError(f"{file.path} changed while it was read: start again when it is complete")
