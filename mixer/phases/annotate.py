"""Annotate and screen: all steps that lack their output share one pass over a shard of records.

A step's sidecar lies at annotate/<step>-<key>/<shard>-<kept>.parquet, where key covers the step's
settings and what it depends on, and kept covers which rows of the shard were still in; its rows
are those of the shard, null where a row was dropped before.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.code_key import code_key
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe, Step
from mixer.sources.opened import sha256_of
from mixer.storage import key_of, whole_file

_BATCH_ROWS = 2048
_SCREEN = pa.schema([("dropped_by", pa.string()), ("dropped_why", pa.string())])


class AnnotateTask(msgspec.Struct, frozen=True):
    """One shard: `steps` with the path of each one's sidecar, then the screens with theirs."""

    shard: str
    steps: list[tuple[Step, str]]
    screens: tuple[Step, ...]
    screen_path: str
    kept_bits: bytes

    def run(self) -> None:
        missing = [(step, path) for step, path in self.steps if not Path(path).is_file()]
        if missing or not Path(self.screen_path).is_file():
            _Pass(self, missing).run()


def annotate_tasks(rows: Rows, recipe: Recipe, work: Path) -> list[AnnotateTask]:
    """One task a shard; afterwards `finish` makes the new columns known to `rows`."""
    keys = step_keys(recipe.annotate)
    screen_key = key_of(code_key(), _plain(recipe.screen), sorted(keys.values()))
    kept = rows.kept
    tasks = []
    for number, shard in enumerate(rows.shards):
        bits = np.packbits(kept[rows.span(number)]).tobytes()
        name = f"{shard.name}-{blake2b(bits, digest_size=8).hexdigest()}.parquet"
        paths = [
            (step, str(work / "annotate" / f"{step.name}-{keys[step.name]}" / name))
            for step in recipe.annotate
        ]
        screen = str(work / "screen" / screen_key / name)
        tasks.append(AnnotateTask(shard.path, paths, recipe.screen, screen, bits))
    return tasks


def finish(rows: Rows, tasks: list[AnnotateTask]) -> None:
    for number, (step, _) in enumerate(tasks[0].steps if tasks else []):
        for column in step.settings.adds.names:
            rows.sidecars[column] = [task.steps[number][1] for task in tasks]
    if tasks:
        rows.drop_marked_in([task.screen_path for task in tasks])


def step_keys(steps: tuple[Step, ...]) -> dict[str, str]:
    """Each step's key: its settings, the files it reads, the steps whose columns it looks at."""
    keys: dict[str, str] = {}
    owners: dict[str, str] = {}
    for step in steps:
        settings = step.settings
        before = [keys[owners[name]] for name in settings.uses if name in owners]
        files = [sha256_of(path) for path in settings.files()]
        keys[step.name] = key_of(code_key(), step.name, settings, files, before)
        owners.update(dict.fromkeys(settings.adds.names, step.name))
    return keys


def _plain(steps: tuple[Step, ...]) -> list[Any]:
    return [
        (step.name, step.settings, [sha256_of(path) for path in step.settings.files()])
        for step in steps
    ]


class _Pass:
    """One pass over a shard for the steps whose sidecars are missing."""

    def __init__(self, task: AnnotateTask, missing: list[tuple[Step, str]]) -> None:
        self.task = task
        self.missing = missing
        with pq.ParquetFile(task.shard) as file:
            self.rows = file.metadata.num_rows
        bits = np.frombuffer(task.kept_bits, np.uint8)
        self.kept = np.unpackbits(bits, count=self.rows).astype(bool)
        self.known = self._known_columns()
        self.made: dict[str, list[pa.RecordBatch]] = {step.name: [] for step, _ in missing}
        self.screened: list[pa.RecordBatch] = []

    def run(self) -> None:
        start = seen = 0
        with pq.ParquetFile(self.task.shard) as file:
            for batch in file.iter_batches(_BATCH_ROWS, columns=self._text_columns()):
                kept = self.kept[start : start + batch.num_rows]
                start += batch.num_rows
                kept_rows = int(kept.sum())
                self._batch(batch.filter(pa.array(kept)), seen)
                seen += kept_rows
        for step, path in self.missing:
            self._write(self.made[step.name], step.settings.adds, path)
        self._write(self.screened, _SCREEN, self.task.screen_path)

    def _batch(self, batch: pa.RecordBatch, start: int) -> None:
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name, column in self.known.items():
            columns[name] = column.slice(start, batch.num_rows)
        for step, _ in self.missing:
            made = step.settings(_as_batch(columns, batch.num_rows))
            self.made[step.name].append(made)
            columns.update(zip(made.schema.names, made.columns, strict=True))
        self.screened.append(_screen(self.task.screens, columns, batch.num_rows))

    def _known_columns(self) -> dict[str, pa.Array]:
        """Columns of sidecars that exist already, kept rows only."""
        missing = {path for _, path in self.missing}
        known: dict[str, pa.Array] = {}
        for _, path in self.task.steps:
            if path not in missing:
                table = pq.read_table(path, partitioning=None).filter(pa.array(self.kept))
                known |= {n: table.column(n).combine_chunks() for n in table.schema.names}
        return known

    def _text_columns(self) -> list[str]:
        with pq.ParquetFile(self.task.shard) as file:
            available = file.schema_arrow.names
        wanted = {name for step, _ in self.missing for name in step.settings.reads}
        wanted |= {name for step in self.task.screens for name in step.settings.reads}
        return [name for name in available if name in wanted] or ["id"]

    def _write(self, batches: list[pa.RecordBatch], schema: pa.Schema, path: str) -> None:
        """Spreads the values of kept rows over all rows of the shard and writes them whole."""
        table = pa.Table.from_batches(batches, schema=schema).combine_chunks()
        position = np.cumsum(self.kept) - 1
        indices = pa.array(position, pa.int64(), mask=~self.kept)
        with whole_file(Path(path)) as temporary:
            pq.write_table(table.take(indices), temporary, compression="zstd")


def _screen(steps: tuple[Step, ...], columns: dict[str, pa.Array], rows: int) -> pa.RecordBatch:
    """The first screen that rejects a row, and its reason."""
    by = why = pa.nulls(rows, pa.string())
    batch = _as_batch(columns, rows)
    for step in steps:
        reasons = step.settings(batch)
        here = pc.if_else(reasons.is_valid(), f"screen.{step.name}", pa.scalar(None, pa.string()))
        by, why = pc.coalesce(by, here), pc.coalesce(why, reasons)
    return pa.RecordBatch.from_arrays([by, why], schema=_SCREEN)


def _as_batch(columns: dict[str, pa.Array], rows: int) -> pa.RecordBatch:
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    assert batch.num_rows == rows
    return batch
