"""Whole or absent: everything is written under a temporary name and renamed last."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from mixer.errors import OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a temporary path; renames it to `path` when the block ends well, else removes it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(NotADirectoryError):
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, may_replace: Callable[[Path], bool]) -> Iterator[Path]:
    """Gives an empty folder beside `path` that takes its place when the block ends well.

    An existing non-empty `path` is replaced only where `may_replace(path)`; else OutputError.
    """
    if path.exists() and not (path.is_dir() and (not any(path.iterdir()) or may_replace(path))):
        raise OutputError(f"{path} exists and was not made by mixer: choose another folder")
    temporary = path.with_name(f".{path.name}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        _swap(temporary, path)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _swap(new: Path, path: Path) -> None:
    """Where the system can, in one step, so that there is a whole folder at every moment."""
    if path.exists() and _exchanged(new, path):
        shutil.rmtree(new, ignore_errors=True)
        return
    old = _old(path)
    shutil.rmtree(old, ignore_errors=True)
    if path.exists():
        os.replace(path, old)
    os.replace(new, path)
    shutil.rmtree(old, ignore_errors=True)


def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def undo_half_a_swap(path: Path) -> None:
    """Puts a folder back that was set aside when the process was killed before the new one came."""
    if not path.exists() and _old(path).is_dir():
        os.replace(_old(path), path)


_AT_WORKING_FOLDER, _EXCHANGE = -100, 2


def _exchanged(one: Path, other: Path) -> bool:
    """Swaps two folders by Linux's renameat2; False where system or file system cannot."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    result: int = rename(_AT_WORKING_FOLDER, paths[0], _AT_WORKING_FOLDER, paths[1], _EXCHANGE)
    return result == 0


def write_json(path: Path, value: Any) -> None:
    """Indented, keys in the order given, one newline at the end."""
    with whole_file(path) as temporary:
        text = msgspec.json.format(msgspec.json.encode(value), indent=2)
        temporary.write_bytes(text + b"\n")


def key_of(*parts: Any) -> str:
    """16 hexadecimal digits that name a result by everything it depends on."""
    encoded = msgspec.json.encode(parts, order="deterministic")
    return blake2b(encoded, digest_size=8).hexdigest()


def remove_stale_partials(folder: Path, names: Iterable[str] = (".*.partial",)) -> None:
    """Removes what an earlier, killed run left half-written."""
    for name in names:
        for path in folder.rglob(name):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
