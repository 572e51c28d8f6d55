"""Data files without the rows that go: Parquet stays Parquet, other rows become JSON lines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.errors import InputError, OutputError
from mixer.phases.file_texts import is_parquet, opened_parquet
from mixer.sources.containers import raw_rows
from mixer.sources.opened import plain_name
from mixer.sources.raw_row import Layout, RawRow
from mixer.storage import whole_file, whole_folder

_BATCH_ROWS = 8192
_JSON_ENDINGS = (".json", ".jsonl", ".ndjson", ".txt")
_OTHER_FILES = (
    *(".gz", ".zst", ".xz", ".bz2", ".zip", ".tar", ".tgz"),
    *(".csv", ".tsv", ".txt", ".arrow", ".yaml", ".yml"),
)


def write_without(files: list[tuple[Path, set[int]]], layout: Layout, out: Path) -> None:
    """Each of `files` without those rows (counted from 1), as one file where `out` ends in
    .parquet or .jsonl, else as files of their names in the folder `out`."""
    if out.suffix == ".parquet":
        with whole_file(out) as temporary:
            _write_parquet(files, temporary)
    elif out.suffix in (".jsonl", ".json"):
        with whole_file(out) as temporary:
            _write_lines(files, layout, temporary)
    else:
        _write_folder(files, layout, out)


def check_out(out: Path) -> None:
    """OutputError where `out` is there already, or would be a folder named like a file."""
    if out.suffix in _OTHER_FILES:
        raise OutputError(f"--out {out}: give a name in .parquet or .jsonl, or a folder")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"{out} exists: remove it, or choose another --out")


def _write_folder(files: list[tuple[Path, set[int]]], layout: Layout, out: Path) -> None:
    names = _names([path for path, _ in files])
    if len(set(names)) < len(names):
        raise OutputError(f"two files would be {out}/{max(names, key=names.count)}: rename one")
    with whole_folder(out, lambda path: False) as folder:
        for name, file in zip(names, files, strict=True):
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            if name.endswith(".parquet"):
                _write_parquet([file], folder / name)
            else:
                _write_lines([file], layout, folder / name)


def _names(paths: list[Path]) -> list[str]:
    """Where two files have one name, all have their folders before it."""
    names = [_name(path) for path in paths]
    if len(set(names)) == len(names):
        return names
    folders = [path.resolve().parent for path in paths]
    common = os.path.commonpath(folders)
    return [
        (folder.relative_to(common) / name).as_posix()
        for folder, name in zip(folders, names, strict=True)
    ]


def _name(path: Path) -> str:
    plain = Path(plain_name(path.name))
    return f"{plain.stem}.parquet" if is_parquet(path) else f"{plain.stem}.jsonl"


def _write_parquet(files: list[tuple[Path, set[int]]], to: Path) -> None:
    others = [path for path, _ in files if not is_parquet(path)]
    if others:
        raise InputError(f"{others[0]} is not Parquet: write JSON lines, --out NAME.jsonl")
    first, *further = [path for path, _ in files]
    schema = pq.read_schema(first)
    for path in further:
        if not pq.read_schema(path).equals(schema):
            raise InputError(f"{path} has other columns than {first}: give a folder as --out")
    codec = _codec(first)
    # Dictionaries would only help columns of few values, and cost half the time of writing text.
    with pq.ParquetWriter(to, schema, compression=codec, use_dictionary=False) as writer:
        for path, gone in files:
            for batch in _kept_batches(path, gone):
                writer.write_batch(batch)


def _codec(path: Path) -> str:
    metadata = pq.read_metadata(path)
    if not metadata.num_row_groups or not metadata.num_columns:
        return "snappy"
    name = str(metadata.row_group(0).column(0).compression).lower()
    return "none" if name == "uncompressed" else name


def _kept_batches(path: Path, gone: set[int]) -> Iterator[pa.RecordBatch]:
    first = 1
    with opened_parquet(path) as file:
        stays = np.ones(file.metadata.num_rows + 1, bool)
        stays[list(gone)] = False
        for batch in file.iter_batches(_BATCH_ROWS):
            chosen = batch.filter(pa.array(stays[first : first + batch.num_rows]))
            yield chosen
            first += batch.num_rows


def _write_lines(files: list[tuple[Path, set[int]]], layout: Layout, to: Path) -> None:
    with to.open("wb") as stream:
        for path, gone in files:
            as_read = plain_name(path.name).lower().endswith(_JSON_ENDINGS)
            for raw in raw_rows(str(path), layout):
                if raw.row not in gone:
                    stream.write(_line(raw, path, as_read and layout.columns is None))


def _line(raw: RawRow, path: Path, as_read: bool) -> bytes:
    """The very bytes of a line of JSON; of other rows their JSON."""
    if raw.reason is not None:
        raise InputError(
            f"{path}:{raw.row}: {raw.reason}; --out writes whole rows: mend or remove it"
        )
    whole = as_read and raw.raw is not None and b"\n" not in raw.raw
    return (raw.text() if whole else msgspec.json.encode(raw.value)) + b"\n"
