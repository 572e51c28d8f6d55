"""Read: upstream bytes → records in shards, bad rows → quarantine.

A task reads some files of one source (or one hub split) into its own folder, named by what it
depends on; `done.json` comes last, so a folder without it is started anew.
"""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from mixer import formats
from mixer.errors import BadRow, InputError
from mixer.phases.mask import Masking
from mixer.phases.record_files import Quarantine, RecordFiles
from mixer.phases.rows import Shard, read_json
from mixer.recipe.model import LicenseOverride, Source
from mixer.record_builder import Built, RecordBuilder
from mixer.schema import Place, Record
from mixer.sources.containers import raw_rows
from mixer.sources.files import SourceFile, check_unchanged
from mixer.sources.hub import HubSplit, hub_rows
from mixer.sources.opened import sha256_of
from mixer.sources.raw_row import Layout, RawRow
from mixer.storage import write_json
from mixer.upstream_fields import NestedFields, joined

# What a row may raise: reasons of a format or of the types, and what no format looks out for.
_BAD = (BadRow, msgspec.ValidationError, UnicodeEncodeError, RecursionError)


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


class _Reading:
    """The state of one task while it reads."""

    def __init__(self, task: ReadTask, records: RecordFiles, quarantine: Quarantine) -> None:
        self.task = task
        self.format = formats.load(task.source.format)
        self.records = records
        self.quarantine = quarantine
        self.treatments: Counter[str] = Counter()
        self.masking = Masking(task.source.mask) if task.source.mask else None
        self.nested = NestedFields(self.format.Row)
        self.known = frozenset(formats.fields(task.source.format, task.source.options))
        self._header: tuple[Any, Any] = (None, None)

    def member(self, rows: Iterable[RawRow], file: str) -> tuple[int, int, int, Any]:
        """How many rows, records and rows in quarantine a file or member has, and its header."""
        before = self.records.total, self.quarantine.total
        count, header = 0, None
        for raw in rows:
            count += 1
            header = raw.header if raw.header is not None else header
            self.row(raw, file)
        return count, self.records.total - before[0], self.quarantine.total - before[1], header

    def row(self, raw: RawRow, file: str) -> None:
        """One upstream row → its records, or its entry in quarantine."""
        try:
            made = self._built(raw, file)
        except _BAD as error:
            reason = _reason(error)
            if self.task.stop_on_bad_row:
                hint = "set `on_bad_row: quarantine` to go on without such rows"
                raise InputError(f"{file}:{raw.member_row}: {reason}; {hint}") from error
            self._reject(f"{self.task.name}/{file}:{raw.member_row}", raw.text(), reason)
            return
        for built in made:
            self.records.append(built)
            self.treatments.update(built.record.treatments)

    def _built(self, raw: RawRow, file: str) -> list[Built]:
        """All records of a row, or none: they are built before the first is written."""
        made = self._parse(raw, file)
        several = len(made) > 1
        built = []
        for number, record in enumerate(made, 1):
            sub = f":{number}" if several else ""
            if self.masking is not None:
                self.masking.record(record)
            identity = f"{self.task.name}/{file}:{raw.member_row}{sub}"
            built.append(self.records.built(identity, record))
        return built

    def _reject(self, identity: str, raw: bytes, reason: str) -> None:
        if self.masking is not None:
            raw = self.masking.text(raw.decode(errors="backslashreplace")).encode()
            reason = self.masking.text(reason)
        self.quarantine.add(identity, raw, reason)

    def _parse(self, raw: RawRow, file: str) -> list[Record]:
        if raw.reason is not None:
            raise BadRow(raw.reason)
        row = msgspec.convert(raw.value, self.format.Row)
        place = Place(self.task.name, file, raw.member_row, self._typed_header(raw.header))
        parsed = self.format.parse(row, place, self.task.source.options)
        made = [parsed] if isinstance(parsed, Record) else parsed
        extra = {key: raw.value[key] for key in raw.value.keys() - self.known}
        nested = self.nested(raw.value)
        for record in made:
            record.meta = joined(record.meta, extra, nested)
        return made

    def _typed_header(self, header: Any) -> Any:
        kind = getattr(self.format, "Header", None)
        if kind is None:
            return None
        if header is None:
            raise BadRow("a list without the object that should stand around it")
        if self._header[0] is not header:
            self._header = (header, msgspec.convert(header, kind))
        return self._header[1]


def _reason(error: Exception) -> str:
    """Why a row is bad, in a sentence."""
    if isinstance(error, UnicodeEncodeError):
        return "half a character (a lone surrogate), which no file can hold"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)


def _read_into(folder: Path, task: ReadTask) -> ReadResult:
    facts: list[FileFacts] = []
    with (
        RecordFiles(folder, _builder(task), task.shard_rows) as records,
        Quarantine(folder / "quarantine.parquet") as quarantine,
    ):
        reading = _Reading(task, records, quarantine)
        for label, rows, identity in _inputs(task):
            members = [
                FileFacts(task.name, file, *identity, *reading.member(own, file))
                for file, own in _by_member(rows, label)
            ]
            facts += members or [FileFacts(task.name, label, *identity, 0, 0, 0)]
    return ReadResult(
        shard_rows=records.shard_rows,
        files=facts,
        quarantined=dict(sorted(quarantine.reasons.items())),
        treatments=dict(sorted(reading.treatments.items())),
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
