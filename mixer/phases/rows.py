"""All records of a build, in canonical order: small columns and the fate of each, never text.

The order is that of the recipe's sources, then file labels, then rows, so it depends neither on
workers nor on shard sizes. A row's index in this order is its number everywhere in the pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.storage import write_json

KEPT = -1
CURRENT = "current.json"


class Shard(msgspec.Struct, frozen=True):
    """A Parquet file of records. `name` is unique and stable: source-key/number."""

    path: str
    name: str
    source: str
    rows: int


class _Saved(msgspec.Struct, frozen=True):
    shards: list[Shard]
    sidecars: dict[str, list[str]]
    kept_bits: bytes


class Rows:
    """The rows of `shards`. `reason[i]` is KEPT or indexes `reasons`, (step, why) pairs;
    `witness[i]` is the row that i repeats, or -1, and `similarity[i]` how alike they are. A record
    that is not of this build (`outside`) is numbered on from `count`. `notes`: what steps say."""

    def __init__(self, shards: list[Shard]) -> None:
        self.shards = shards
        self.starts = np.cumsum([0, *(shard.rows for shard in shards)])
        self.count = int(self.starts[-1])
        self.reasons: list[tuple[str, str]] = []
        self.reason = np.full(self.count, KEPT, np.int32)
        self.witness = np.full(self.count, -1, np.int64)
        self.similarity = np.full(self.count, np.nan)
        self.outside: list[str] = []
        self.notes: list[str] = []
        self.sidecars: dict[str, list[str]] = {}
        self._codes: dict[tuple[str, str], int] = {}
        self._drop_marked(self.column("dropped_by"), self.column("dropped_why"))

    def save(self, path: Path) -> None:
        """Notes shards, sidecars and what is kept, so that a working folder can be looked into."""
        write_json(path, _Saved(self.shards, self.sidecars, np.packbits(self.kept).tobytes()))

    @classmethod
    def load(cls, path: Path) -> Rows | None:
        """The rows noted at `path`; None if none are. What had dropped a row is not noted."""
        text = read_json(path)
        if text is None:
            return None
        saved = msgspec.json.decode(text, type=_Saved)
        rows = cls(saved.shards)
        rows.sidecars = saved.sidecars
        kept = np.unpackbits(np.frombuffer(saved.kept_bits, np.uint8), count=rows.count)
        rows.drop(kept == 0, "earlier", "dropped before this was noted")
        return rows

    @property
    def kept(self) -> np.ndarray:
        return np.asarray(self.reason == KEPT)

    def column(self, name: str) -> pa.Array:
        """One column over all rows, from the records or from the sidecar that owns it."""
        paths = self.sidecars.get(name) or [shard.path for shard in self.shards]
        chunks = [chunk for path in paths for chunk in _read_column(path, name)]
        return pa.chunked_array(chunks).combine_chunks() if chunks else pa.array([], pa.string())

    def column_type(self, name: str) -> pa.DataType:
        """The type of a column, read from the first file that has it."""
        path = self.sidecars[name][0] if name in self.sidecars else self.shards[0].path
        with pq.ParquetFile(path) as file:
            return file.schema_arrow.field(name).type

    def has(self, name: str) -> bool:
        return name in self.sidecars

    @cached_property
    def keys(self) -> np.ndarray:
        """Fingerprints as uint64 [rows, 2]."""
        parts = [_keys(chunk) for shard in self.shards for chunk in _fingerprints(shard)]
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.uint64)

    def span(self, shard_number: int) -> slice:
        return slice(int(self.starts[shard_number]), int(self.starts[shard_number + 1]))

    def repeats(
        self, of: np.ndarray, similarity: np.ndarray, outside: Sequence[str] = ()
    ) -> np.ndarray:
        """Notes what rows repeat, and returns which do (bool). of: int64 [rows], -1 for nothing,
        else a row, or `count` + a place in `outside`, the ids of records that are not of this
        build."""
        found: np.ndarray = of >= 0
        shift = np.where(of >= self.count, len(self.outside), 0)
        self.witness[found] = (of + shift)[found]
        self.similarity[found] = similarity[found]
        self.outside.extend(outside)
        return found

    def witness_ids(self) -> pa.Array:
        """The id of what each row repeats, null where it repeats nothing."""
        ids = pa.concat_arrays([self.column("id"), pa.array(self.outside, pa.string())])
        return ids.take(pa.array(self.witness, pa.int64(), mask=self.witness < 0))

    def drop(self, rows: np.ndarray, step: str, why: str) -> None:
        """Marks the kept ones of `rows` (indices or a mask) as dropped."""
        indices = np.flatnonzero(rows) if rows.dtype == bool else rows
        indices = indices[self.reason[indices] == KEPT]
        if len(indices):
            self.reason[indices] = self._code(step, why)

    def drop_marked_in(self, paths: list[str]) -> None:
        """Takes over the `dropped_by` and `dropped_why` of sidecars, one a shard."""
        chunks = {
            name: pa.chunked_array([c for path in paths for c in _read_column(path, name)])
            for name in ("dropped_by", "dropped_why")
        }
        self._drop_marked(chunks["dropped_by"], chunks["dropped_why"])

    def dropped_by_step(self) -> dict[str, dict[str, int]]:
        """Rows dropped: {step: {why: rows}} in the order of the flow."""
        counts = np.bincount(self.reason[self.reason >= 0], minlength=len(self.reasons))
        result: dict[str, dict[str, int]] = {}
        for (step, why), rows in zip(self.reasons, counts, strict=True):
            if rows:
                result.setdefault(step, {})[why] = int(rows)
        return result

    def _drop_marked(self, steps: pa.Array, whys: pa.Array) -> None:
        marked = np.flatnonzero(np.asarray(steps.is_valid()))
        pairs = zip(steps.take(marked).to_pylist(), whys.take(marked).to_pylist(), strict=True)
        codes = np.array([self._code(step, why) for step, why in pairs], np.int32)
        self.reason[marked] = codes

    def _code(self, step: str, why: str) -> int:
        code = self._codes.setdefault((step, why), len(self.reasons))
        if code == len(self.reasons):
            self.reasons.append((step, why))
        return code


def _read_column(path: str, name: str) -> list[pa.Array]:
    table = pq.read_table(path, columns=[name], partitioning=None)
    return list(table.column(name).chunks)


def _fingerprints(shard: Shard) -> list[pa.Array]:
    return _read_column(shard.path, "fingerprint")


def _keys(fingerprints: pa.Array) -> np.ndarray:
    """The 32 hexadecimal digits a row lie one after the other in Arrow's buffer."""
    offsets = np.frombuffer(fingerprints.buffers()[1], np.int32)
    start = offsets[fingerprints.offset]
    text = fingerprints.buffers()[2][start : start + 32 * len(fingerprints)].to_pybytes()
    return np.frombuffer(bytes.fromhex(text.decode()), ">u8").astype(np.uint64).reshape(-1, 2)


def read_json(path: Path) -> bytes | None:
    """The bytes of a finished result, or None where it is not there yet."""
    return path.read_bytes() if path.is_file() else None
