"""Records and quarantined rows → Parquet files, flushed often enough to keep memory small."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from mixer.record_builder import Built, RecordBuilder
from mixer.schema import RECORD, Record

_BATCH_ROWS = 4096
_BATCH_CHARACTERS = 16 << 20
_SHARD_CHARACTERS = 128 << 20
_RAW_CHARACTERS = 1 << 20
# Columns of few values. For texts, dictionaries would cost half the time of writing them.
_REPEATED = ["source", "subset", "template", "license", "dropped_by", "dropped_why"]
_REPEATED += ["prompt.list.element.role", "answers.list.element.messages.list.element.role"]

QUARANTINE = pa.schema([("id", pa.string()), ("reason", pa.string()), ("raw", pa.string())])


class RecordFiles:
    """Writes 00000.parquet, 00001.parquet … of at most `shard_rows` rows into `folder`."""

    def __init__(self, folder: Path, builder: RecordBuilder, shard_rows: int) -> None:
        self._folder = folder
        self._limit = shard_rows
        self._builder = builder
        self._writer: pq.ParquetWriter | None = None
        self._shard_characters = 0
        self._left_rows = min(_BATCH_ROWS, shard_rows)
        self.shard_rows: list[int] = []

    @property
    def total(self) -> int:
        return sum(self.shard_rows) + self._builder.rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._end_shard()

    def built(self, identity: str, record: Record) -> Built:
        """BadRow or UnicodeEncodeError for a record that could not be written."""
        return self._builder.built(identity, record)

    def add(self, identity: str, record: Record) -> None:
        self.append(self.built(identity, record))

    def append(self, built: Built) -> None:
        self._builder.append(built)
        self._left_rows -= 1
        if self._left_rows == 0 or self._builder.characters >= _BATCH_CHARACTERS:
            self._flush()
            if self.shard_rows[-1] == self._limit or self._shard_characters >= _SHARD_CHARACTERS:
                self._end_shard()
            open_rows = self.shard_rows[-1] if self._writer is not None else 0
            self._left_rows = min(_BATCH_ROWS, self._limit - open_rows)

    def _flush(self) -> None:
        if not self._builder.rows:
            return
        if self._writer is None:
            path = self._folder / f"{len(self.shard_rows):05d}.parquet"
            self._writer = pq.ParquetWriter(
                path, RECORD, compression="lz4", use_dictionary=_REPEATED
            )
            self.shard_rows.append(0)
        self._shard_characters += self._builder.characters
        batch = self._builder.take()
        self._writer.write_batch(batch)
        self.shard_rows[-1] += batch.num_rows

    def _end_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        self._shard_characters = 0


class Quarantine:
    """Collects rows that do not parse: id, reason and the raw text, at most 1 MiB of it a row."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, QUARANTINE, compression="zstd")
        self._held: list[dict[str, str]] = []
        self._held_characters = 0
        self.reasons: Counter[str] = Counter()
        self.total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, identity: str, raw: bytes, reason: str) -> None:
        text = raw[:_RAW_CHARACTERS].decode(errors="backslashreplace")
        reason = reason.encode(errors="backslashreplace").decode()
        self._held.append({"id": identity, "reason": reason, "raw": text})
        self._held_characters += len(text)
        self.reasons[kind_of(reason)] += 1
        self.total += 1
        if len(self._held) >= _BATCH_ROWS or self._held_characters >= _BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.Table.from_pylist(self._held, schema=QUARANTINE))
        self._held, self._held_characters = [], 0


def kind_of(reason: str) -> str:
    """A reason without what differs from row to row, for counting."""
    return reason.split(" - at `")[0].split(": ")[0].split("; ")[0].split(" after row ")[0]
