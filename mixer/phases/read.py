"""Read: upstream bytes → records in shards, bad rows → quarantine.

A task reads some files of one source (or one hub split) into its own folder, named by what it
depends on; `done.json` comes last, so a folder without it is started anew.
"""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from mixer import formats
from mixer.phases.record_files import Quarantine, RecordFiles
from mixer.phases.row_reader import RowReader
from mixer.phases.rows import Shard, read_json
from mixer.recipe.model import LicenseOverride, Source
from mixer.record_builder import RecordBuilder
from mixer.sources.containers import raw_rows
from mixer.sources.files import SourceFile, check_unchanged
from mixer.sources.hub import HubSplit, hub_rows
from mixer.sources.opened import sha256_of
from mixer.sources.raw_row import Layout, RawRow
from mixer.storage import write_json


class FileFacts(msgspec.Struct, frozen=True):
    """A file as it was read, or a member of an archive, with the size and hash of the archive.
    `header` is what it says once for all of its rows."""

    source: str
    file: str
    size_bytes: int
    sha256: str | None
    revision: str | None
    rows: int
    records: int
    quarantined: int
    header: Any = None


class ReadResult(msgspec.Struct, frozen=True):
    """What one task found; counts are of records."""

    shard_rows: list[int]
    files: list[FileFacts]
    quarantined: dict[str, int]
    treatments: dict[str, int]


class ReadTask(msgspec.Struct, frozen=True):
    """Reads `files`, or the hub split, of one source into `folder`."""

    folder: str
    name: str
    source: Source
    license: str | None
    files: list[SourceFile]
    hub: HubSplit | None
    stop_on_bad_row: bool
    shard_rows: int

    def run(self) -> ReadResult:
        folder = Path(self.folder)
        finished = _finished(folder / "done.json")
        if finished is not None:
            return finished
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with _rare_collections():
            result = _read_into(folder, self)
        write_json(folder / "done.json", result)
        return result

    def shards(self, result: ReadResult) -> list[Shard]:
        name = Path(self.folder).name
        return [
            Shard(f"{self.folder}/{number:05d}.parquet", f"{name}-{number:05d}", self.name, rows)
            for number, rows in enumerate(result.shard_rows)
        ]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Rows are many small objects without cycles: looking for cycles takes a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _finished(path: Path) -> ReadResult | None:
    """A result noted before; one that cannot be read any more is as good as none."""
    text = read_json(path)
    try:
        return None if text is None else msgspec.json.decode(text, type=ReadResult)
    except msgspec.DecodeError:
        return None


def nothing_read(results: list[ReadResult]) -> str:
    """Why no row became a record, in a sentence."""
    reasons = sum((Counter(result.quarantined) for result in results), Counter[str]())
    if not reasons:
        return "the sources hold no rows at all: check their `path`"
    (reason, rows), *_ = reasons.most_common(1)
    return (
        f"no row became a record: all {reasons.total():,} are bad, {rows:,} of them because: "
        f"{reason}; check the `format`, try: mixer guess FILE"
    )


def _read_into(folder: Path, task: ReadTask) -> ReadResult:
    facts: list[FileFacts] = []
    with (
        RecordFiles(folder, _builder(task), task.shard_rows) as records,
        Quarantine(folder / "quarantine.parquet") as quarantine,
    ):
        reader = RowReader(task.name, task.source, task.stop_on_bad_row, records, quarantine)
        for label, rows, identity in _inputs(task):
            members = [
                FileFacts(task.name, file, *identity, *reader.member(own, file))
                for file, own in _by_member(rows, label)
            ]
            facts += members or [FileFacts(task.name, label, *identity, 0, 0, 0)]
    return ReadResult(
        shard_rows=records.shard_rows,
        files=facts,
        quarantined=dict(sorted(quarantine.reasons.items())),
        treatments=dict(sorted(reader.treatments.items())),
    )


def _by_member(rows: Iterator[RawRow], label: str) -> Iterator[tuple[str, Iterator[RawRow]]]:
    """The rows of each member of an archive under its name; of another file all."""
    for member, own in groupby(rows, attrgetter("member")):
        yield f"{label}/{member}" if member else label, own


def _builder(task: ReadTask) -> RecordBuilder:
    source = task.source
    overrides = isinstance(source.license, LicenseOverride)
    return RecordBuilder(task.name, task.license, source.unusable == "keep", overrides)


Identity = tuple[int, str | None, str | None]


def _inputs(task: ReadTask) -> Iterator[tuple[str, Iterator[RawRow], Identity]]:
    """Label, rows, and (bytes, SHA-256, hub revision) of each file or split."""
    if task.hub is not None:
        yield task.hub.label, hub_rows(task.hub), (0, None, task.hub.revision)
        return
    layout = layout_of(task.source.format)
    for file in task.files:
        identity = (file.size_bytes, sha256_of(file.path), None)
        yield file.label, raw_rows(file.path, layout), identity
        check_unchanged(file)


def layout_of(format: str) -> Layout:
    module = formats.load(format)
    return Layout(getattr(module, "ROWS_AT", None), getattr(module, "COLUMNS", None))
