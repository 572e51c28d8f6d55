"""Paths that a pattern means: `*`, `?` and `[...]` within a name, `**` for any folders.

Names that begin with a dot match only where the pattern says so. `**` does not follow links to
folders, which could lead in circles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

_WILD = frozenset("*?[")


def fixed_part(pattern: str) -> tuple[str, list[str]]:
    """What stands before the first name with a wildcard, and the names from there on."""
    parts = Path(pattern).parts
    wild = next((number for number, part in enumerate(parts) if _WILD & set(part)), len(parts))
    return os.path.join(*parts[:wild]) if wild else ".", list(parts[wild:])


def matching(folder: str, names: list[str]) -> Iterator[str]:
    """Everything below `folder` that the names match; OSError where a folder cannot be listed."""
    if not names:
        yield folder
        return
    first, *rest = names
    if first == "**":
        while rest[:1] == ["**"]:
            rest = rest[1:]
        yield from matching(folder, rest or ["*"])
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from matching(entry.path, ["**", *rest])
    elif not _WILD & set(first):
        path = os.path.join(folder, first)
        if os.path.lexists(path):
            yield from matching(path, rest)
    else:
        for entry in _entries(folder):
            hidden = entry.name.startswith(".") and not first.startswith(".")
            if not hidden and fnmatchcase(entry.name, first) and (not rest or entry.is_dir()):
                yield from matching(entry.path, rest)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)
