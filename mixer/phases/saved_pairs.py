"""Pairs of near-duplicates in a Parquet file, with what they were found in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.similarity.near_search import Pairs
from mixer.storage import whole_file

_KEY = b"mixer.pairs"
_SCHEMA = pa.schema([("row", pa.int64()), ("repeats", pa.int64()), ("similarity", pa.float64())])


class _Origin(msgspec.Struct, frozen=True):
    files: list[tuple[str, int, int]]
    on: str
    words: int
    rows: int
    threshold: float


def save_pairs(path: Path, pairs: Pairs, files: list[Path], on: str, words: int) -> None:
    """Rows are numbered from 0 over all files. A row that copies another, all but case, white space
    and punctuation, has similarity null; its other pairs are those of what it copies."""
    origin = _Origin(_identities(files), on, words, len(pairs.copy_of), pairs.threshold)
    copies = np.flatnonzero(pairs.copy_of >= 0)
    columns: list[Any] = [
        np.concatenate([copies, pairs.later]),
        np.concatenate([pairs.copy_of[copies], pairs.earlier]),
        pa.concat_arrays([pa.nulls(len(copies), pa.float64()), pa.array(pairs.similarity)]),
    ]
    table = pa.table(columns, schema=_SCHEMA.with_metadata({_KEY: msgspec.json.encode(origin)}))
    with whole_file(path) as temporary:
        pq.write_table(table, temporary)


def load_pairs(path: Path, files: list[Path], on: str, words: int) -> Pairs | None:
    """None where nothing is saved there; InputError where it is of something else."""
    if not path.exists():
        return None
    try:
        table = pq.read_table(path, partitioning=None)
        origin = msgspec.json.decode((table.schema.metadata or {})[_KEY], type=_Origin)
    except (pa.ArrowException, KeyError, msgspec.DecodeError) as error:
        raise InputError(f"{path} holds no pairs that mixer saved: name another file") from error
    if (origin.files, origin.on, origin.words) != (_identities(files), on, words):
        raise InputError(
            f"{path} holds pairs of other files, or found another way: name another file, or "
            "remove it"
        )
    similarity = table.column("similarity").to_numpy()
    row, repeats = table.column("row").to_numpy(), table.column("repeats").to_numpy()
    copies = np.isnan(similarity)
    copy_of = np.full(origin.rows, -1, np.int64)
    copy_of[row[copies]] = repeats[copies]
    return Pairs(row[~copies], repeats[~copies], similarity[~copies], copy_of, origin.threshold)


def _identities(files: list[Path]) -> list[tuple[str, int, int]]:
    """Name, size and time of change: a file that was written again is another one."""
    facts = [(file.name, file.stat()) for file in files]
    return [(name, status.st_size, status.st_mtime_ns) for name, status in facts]
