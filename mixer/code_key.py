"""A hash of mixer's own code: results in a working folder are reused only by the code that made
them, in releases and in a checkout that is being changed alike."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path


@cache
def code_key() -> str:
    """16 hexadecimal digits over the names and bytes of the package's modules and tables."""
    digest = blake2b(digest_size=8)
    package = Path(__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.npz")]):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
