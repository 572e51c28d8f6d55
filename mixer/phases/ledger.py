"""The ledger: the fate of every record and every quarantined row, in canonical order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.phases.record_files import QUARANTINE
from mixer.phases.rows import KEPT, Rows

LEDGER = pa.schema(
    [
        ("id", pa.string()),
        ("fate", pa.string()),
        ("step", pa.string()),
        ("why", pa.string()),
        ("duplicate_of", pa.string()),
        ("similarity", pa.float64()),
        ("repeat", pa.int64()),
        ("split", pa.string()),
    ]
)


Fates = tuple[np.ndarray, pa.Array]


def write_ledger(path: Path, rows: Rows, fates: Fates, quarantines: list[Path]) -> None:
    """`fate` is drawn, not_drawn, dropped or quarantined; `step` and `why` say what dropped it.
    `fates`: how often each record is drawn, and the split it is in."""
    with pq.ParquetWriter(path, LEDGER, compression="zstd") as writer:
        writer.write_table(_records(rows, *fates))
        for quarantine in quarantines:
            table = pq.read_table(quarantine, columns=["id", "reason"], partitioning=None)
            if table.num_rows:
                writer.write_table(_quarantined(table))


def write_quarantine(path: Path, quarantines: list[Path], without: pa.Array) -> None:
    """All quarantined rows with reason and raw text, in one file, `without` those of some ids."""
    with pq.ParquetWriter(path, QUARANTINE, compression="zstd") as writer:
        for quarantine in quarantines:
            with pq.ParquetFile(quarantine) as file:
                for batch in file.iter_batches():
                    stays = pc.invert(pc.is_in(batch.column("id"), without))
                    writer.write_batch(batch.filter(stays))


def fates_of(rows: Rows, repeat: np.ndarray) -> np.ndarray:
    """The fate of each record, a word."""
    return np.where(rows.reason != KEPT, "dropped", np.where(repeat > 0, "drawn", "not_drawn"))


def _records(rows: Rows, repeat: np.ndarray, split: pa.Array) -> pa.Table:
    codes = pa.array(rows.reason, pa.int32(), mask=rows.reason == KEPT)
    steps = pa.array([step for step, _ in rows.reasons], pa.string())
    whys = pa.array([why for _, why in rows.reasons], pa.string())
    columns = [
        rows.column("id"),
        pa.array(fates_of(rows, repeat), pa.string()),
        steps.take(codes),
        whys.take(codes),
        rows.witness_ids(),
        pa.array(rows.similarity, mask=rows.witness < 0),
        pa.array(repeat, pa.int64()),
        split,
    ]
    return pa.Table.from_arrays(columns, schema=LEDGER).combine_chunks()


def _quarantined(table: pa.Table) -> pa.Table:
    rows = table.num_rows
    columns = [
        table.column("id"),
        pa.array(["quarantined"] * rows),
        pa.array(["read"] * rows),
        table.column("reason"),
        pa.nulls(rows, pa.string()),
        pa.nulls(rows, pa.float64()),
        pa.array(np.zeros(rows, np.int64)),
        pa.nulls(rows, pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=LEDGER)


def fates(table: pa.Table) -> dict[str, int]:
    """Rows by fate."""
    counted = pc.value_counts(table.column("fate")).to_pylist()
    return {item["values"]: item["counts"] for item in counted}
