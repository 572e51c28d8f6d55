"""The certificate of a removal (removals/0001.json of a mixture): what was asked, what went.

It holds ids, fingerprints and hashes, no text; of a pattern, which may well be a name or an
address, its SHA-256 alone.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import pyarrow as pa

from mixer.errors import InputError

FOLDER = "removals"


class Asked(msgspec.Struct, frozen=True):
    """`value`: the source, or the SHA-256 of the pattern; `ids`: how many were named; `near`: the
    similarity at which records went along."""

    kind: Literal["ids", "source", "match"]
    value: str | None = None
    ids: int | None = None
    near: float | None = None


class RemovedRecord(msgspec.Struct, frozen=True):
    """`rows` over all `configurations`; `like` is the record that it resembles, with its
    `similarity`, where it went along with that."""

    id: str
    fingerprint: str
    rows: int
    configurations: list[str]
    why: str
    like: str | None = None
    similarity: float | None = None


class NotThere(msgspec.Struct, frozen=True):
    """A record that was asked for and has no rows in the mixture: its fate in the ledger."""

    id: str
    fate: str
    step: str | None
    duplicate_of: str | None


class OutputChange(msgspec.Struct, frozen=True):
    """SHA-256 of a file before and after, null where there is none."""

    path: str
    before: str | None
    after: str | None


class Certificate(msgspec.Struct, frozen=True):
    """`rows_before` and `rows_after` by configuration; `quarantined`: ids of rows that left the
    quarantine; `outputs`: all but this file, the lock and README.md."""

    mixture: str
    mixer: str
    asked: Asked
    removed: list[RemovedRecord]
    quarantined: list[str]
    not_in_mixture: list[NotThere]
    rows_before: dict[str, int]
    rows_after: dict[str, int]
    outputs: list[OutputChange]


class KeptOut(NamedTuple):
    """What certificates keep out: records of these ids or fingerprints, all records of upstream
    rows (ids without the record's number) that were in quarantine, whole sources."""

    ids: pa.Array
    fingerprints: pa.Array
    rows: pa.Array
    sources: pa.Array


def read_certificate(path: str) -> Certificate:
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Certificate)
    except OSError as error:
        raise InputError(f"cannot read the certificate {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        sentence = f"{path} is no certificate that `mixer remove` wrote: {error}"
        raise InputError(sentence) from error


def kept_out(paths: list[str]) -> KeptOut:
    """All certificates together; read once, as long as the files stay as they are."""
    return _kept_out(tuple((path, _state(path)) for path in paths))


def _state(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError as error:
        raise InputError(f"cannot read the certificate {path}: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=4)
def _kept_out(files: tuple[tuple[str, tuple[int, int]], ...]) -> KeptOut:
    found = [read_certificate(path) for path, _ in files]
    ids = {each.id for one in found for each in one.removed}
    ids |= {each.id for one in found for each in one.not_in_mixture}
    fingerprints = {each.fingerprint for one in found for each in one.removed}
    rows = {identity for one in found for identity in one.quarantined}
    sources = {one.asked.value or "" for one in found if one.asked.kind == "source"}
    return KeptOut(
        *(pa.array(sorted(each), pa.string()) for each in (ids, fingerprints, rows, sources))
    )
