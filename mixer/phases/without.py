"""The files of a mixture without the records that are removed: all other rows stay in their places.

A data file without such a row is not written again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.phases.ledger import LEDGER
from mixer.phases.write import write_rows

STEP = "remove"


class FileScan(msgspec.Struct, frozen=True):
    """A data file (`path` below the mixture), its rows, and of those that go id and fingerprint."""

    path: str
    rows: int
    gone: list[tuple[str, str]]

    @property
    def config(self) -> str:
        return self.path.split("/")[1]


class ScanTask(msgspec.Struct, frozen=True):
    mixture: str
    path: str
    ids: pa.Array

    def run(self) -> FileScan:
        place = Path(self.mixture, self.path)
        table = pq.read_table(place, columns=["id", "fingerprint"], partitioning=None)
        gone = table.filter(pc.is_in(table.column("id"), self.ids))
        pairs = zip(*(gone.column(name).to_pylist() for name in table.schema.names), strict=True)
        return FileScan(self.path, table.num_rows, list(pairs))


class WithoutTask(msgspec.Struct, frozen=True):
    """Writes the data file `path` to `to` without the rows of these ids."""

    path: str
    to: str
    ids: pa.Array

    def run(self) -> None:
        table = pq.read_table(self.path, partitioning=None)
        stays = pc.invert(pc.is_in(table.column("id"), self.ids))
        Path(self.to).parent.mkdir(parents=True, exist_ok=True)
        write_rows(table.filter(stays).combine_chunks(), self.to)


class Gone(NamedTuple):
    """Ids that go, records and quarantined rows; what the ledger says of each: why, and the removed
    record that it is like, with their similarity, or null."""

    ids: pa.Array
    why: pa.Array
    like: pa.Array
    similarity: pa.Array


def write_ledger_without(ledger: Path, gone: Gone, to: Path) -> None:
    """Their fate becomes `removed`, whatever it was."""
    with pq.ParquetFile(ledger) as file, pq.ParquetWriter(to, LEDGER, compression="zstd") as writer:
        for group in range(file.metadata.num_row_groups):
            writer.write_table(_with_fates(file.read_row_group(group), gone))


def write_contamination_without(path: Path, ids: pa.Array, to: Path) -> None:
    """Which record held an evaluation item is still told, with its new fate."""
    table = pq.read_table(path, partitioning=None)
    hit = pc.is_in(table.column("id"), ids)
    fate = pc.if_else(hit, "removed", table.column("fate"))
    place = table.schema.get_field_index("fate")
    pq.write_table(table.set_column(place, "fate", fate), to, compression="zstd")


def carry(path: Path, to: Path, linked: bool) -> None:
    """The same file again: where it may be `linked`, the same bytes on disk."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if linked and not path.is_symlink():
        try:
            os.link(path, to)
            return
        except OSError:  # a file system without links: copied below
            pass
    shutil.copyfile(path, to)


def _with_fates(table: pa.Table, gone: Gone) -> pa.Table:
    place = pc.index_in(table.column("id"), gone.ids)
    hit = place.is_valid()
    columns = {
        "id": table.column("id"),
        "fate": pc.if_else(hit, "removed", table.column("fate")),
        "step": pc.if_else(hit, STEP, table.column("step")),
        "why": pc.if_else(hit, gone.why.take(place), table.column("why")),
        "duplicate_of": pc.if_else(hit, gone.like.take(place), table.column("duplicate_of")),
        "similarity": pc.if_else(hit, gone.similarity.take(place), table.column("similarity")),
        "repeat": pc.if_else(hit, pa.scalar(0, pa.int64()), table.column("repeat")),
        "split": pc.if_else(hit, pa.scalar(None, pa.string()), table.column("split")),
    }
    return pa.table(columns, schema=LEDGER).combine_chunks()
