"""Pairs of near-duplicates in a Parquet file, with what they were found in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.similarity.near_search import Pairs
from mixer.storage import whole_file

_KEY = b"mixer.pairs"
_SCHEMA = pa.schema([("row", pa.int64()), ("repeats", pa.int64()), ("similarity", pa.float64())])


class FoundIn(NamedTuple):
    """What pairs were found in, and how: `read` says of each file as what it was read."""

    files: list[Path]
    read: list[str]
    on: str
    words: int


class _Origin(msgspec.Struct, frozen=True):
    files: list[tuple[str, int, int]]
    read: list[str]
    on: str
    words: int
    rows: int
    threshold: float


def save_pairs(path: Path, pairs: Pairs, found_in: FoundIn) -> None:
    """Rows are numbered from 0 over all files. A row that copies another, all but case, white space
    and punctuation, has similarity null; its other pairs are those of what it copies. One that says
    nothing repeats null."""
    origin = _Origin(
        _identities(found_in.files), *found_in[1:], len(pairs.copy_of), pairs.threshold
    )
    copies = np.flatnonzero(pairs.copy_of >= 0)
    alone = pa.nulls(len(pairs.silent), pa.int64())
    unlike = pa.nulls(len(copies) + len(pairs.silent), pa.float64())
    columns: list[Any] = [
        np.concatenate([copies, pairs.silent, pairs.later]),
        pa.concat_arrays([pa.array(pairs.copy_of[copies]), alone, pa.array(pairs.earlier)]),
        pa.concat_arrays([unlike, pa.array(pairs.similarity)]),
    ]
    table = pa.table(columns, schema=_SCHEMA.with_metadata({_KEY: msgspec.json.encode(origin)}))
    with whole_file(path) as temporary:
        pq.write_table(table, temporary)


def load_pairs(path: Path, found_in: FoundIn) -> Pairs | None:
    """None where nothing is saved there; InputError where it is of something else."""
    if not path.exists():
        return None
    try:
        table = pq.read_table(path, partitioning=None)
        origin = msgspec.json.decode((table.schema.metadata or {})[_KEY], type=_Origin)
    except (pa.ArrowException, OSError, KeyError, msgspec.DecodeError) as error:
        raise InputError(f"{path} holds no pairs that mixer saved: name another file") from error
    same = (_identities(found_in.files), *found_in[1:])
    if (origin.files, origin.read, origin.on, origin.words) != same:
        raise InputError(
            f"{path} holds pairs of other files, or of other columns or another --on: name another "
            "file, or remove it"
        )
    similarity = table.column("similarity").to_numpy()
    row = table.column("row").to_numpy()
    repeats = table.column("repeats").fill_null(-1).to_numpy()
    silent, copies = repeats < 0, np.isnan(similarity) & (repeats >= 0)
    copy_of = np.full(origin.rows, -1, np.int64)
    copy_of[row[copies]] = repeats[copies]
    near = ~copies & ~silent
    return Pairs(row[near], repeats[near], similarity[near], copy_of, row[silent], origin.threshold)


def _identities(files: list[Path]) -> list[tuple[str, int, int]]:
    """Name, size and time of change: a file that was written again is another one."""
    facts = [(file.name, file.stat()) for file in files]
    return [(name, status.st_size, status.st_mtime_ns) for name, status in facts]
