"""`-`: what is piped in, kept as a file that is named by its SHA-256.

A run that was killed goes on where it stopped when the same bytes are piped in again: the file that
is there already stays, and with it whatever was made of it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from mixer.errors import InputError
from mixer.sources.files import SourceFile
from mixer.storage import whole_file

STANDARD_INPUT = "-"
_CHUNK_BYTES = 1 << 20


def kept_input(folder: Path) -> SourceFile:
    """Reads all of standard input into `folder`."""
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("`-` reads what is piped in, and nothing is: try `< FILE`")
    digest = hashlib.sha256()
    with whole_file(folder / "arriving") as temporary:
        with temporary.open("wb") as file:
            while chunk := sys.stdin.buffer.read(_CHUNK_BYTES):
                digest.update(chunk)
                file.write(chunk)
        if not temporary.stat().st_size:
            raise InputError("nothing was piped in; only one source can read `-`, and only once")
    path = folder / digest.hexdigest()
    if path.exists():
        (folder / "arriving").unlink()
    else:
        os.replace(folder / "arriving", path)
    status = path.stat()
    return SourceFile(str(path), "stdin", status.st_size, status.st_mtime_ns)


def of_other_kinds(told: str) -> str:
    """What to add to a sentence on rows that are not JSON."""
    if "not JSON" not in told:
        return ""
    return "; CSV, TSV and YAML are known by a file's name: write what is piped in to one"
