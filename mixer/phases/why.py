"""The story of one id of a mixture: where it came from, each step that touched it, its fate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.errors import InputError, MixerError
from mixer.phases.read import FileFacts

_ID = re.compile(r"(?P<source>[^/]+)/(?P<file>.+?):(?P<row>\d+)(?::(?P<sub>\d+))?")


class Story(msgspec.Struct, frozen=True):
    """`row` counts from 1 in `file`; `duplicates` were dropped in this record's favour;
    `original_dropped_by`: the step that dropped what it duplicates later on."""

    id: str
    source: str
    file: str
    row: int
    sub: int | None
    file_sha256: str | None
    fate: str
    step: str | None
    why: str | None
    duplicate_of: str | None
    similarity: float | None
    repeat: int
    split: str | None
    duplicates: list[str]
    original_dropped_by: str | None
    written_to: list[str]
    metadata: dict[str, Any]


def story(mixture: Path, identity: str) -> Story:
    """MixerError where the ledger has no such id."""
    path = mixture / "ledger.parquet"
    if not path.is_file():
        raise InputError(f"{mixture} has no ledger.parquet: is it a mixture?")
    found = pq.read_table(path, filters=pc.field("id") == identity, partitioning=None).to_pylist()
    match = _ID.fullmatch(identity)
    if not found:
        _refuse_item(mixture, identity)
    if not found or match is None:
        raise MixerError(
            f"no record {identity!r} in the ledger; an id looks like {_first_id(path)!r}"
        )
    entry = found[0]
    dropped = pq.read_table(
        path, columns=["id"], filters=pc.field("duplicate_of") == identity, partitioning=None
    )
    original = pq.read_table(
        path, columns=["step"], filters=pc.field("id") == entry["duplicate_of"], partitioning=None
    )
    written, metadata = _written(mixture, identity) if entry["fate"] == "drawn" else ([], {})
    return Story(
        **entry,
        source=match["source"],
        file=match["file"],
        row=int(match["row"]),
        sub=int(match["sub"]) if match["sub"] else None,
        file_sha256=_file_sha256(mixture, match["source"], match["file"]),
        duplicates=dropped.column("id").to_pylist(),
        original_dropped_by=next(iter(original.column("step").to_pylist()), None),
        written_to=written,
        metadata=metadata,
    )


def told(one: Story) -> str:
    """The story in lines for a person."""
    lines = [
        f"{one.id}",
        f"  source   {one.source}",
        f"  file     {one.file}, row {one.row}" + (f", record {one.sub}" if one.sub else ""),
    ]
    if one.file_sha256:
        lines.append(f"  sha-256  {one.file_sha256}")
    fate = f"drawn {one.repeat} times" if one.repeat > 1 else one.fate.replace("_", " ")
    by = f" by {one.step}: {one.why}" if one.step else ""
    lines.append(f"  fate     {fate}{by}")
    if one.split:
        lines.append(f"  split    {one.split}")
    if one.duplicate_of:
        lines.append(f"  {_alike(one):<8} {one.duplicate_of}")
    if one.original_dropped_by:
        lines.append(f"           which {one.original_dropped_by} dropped afterwards")
    lines += [f"  kept over {identity}" for identity in one.duplicates]
    lines += [f"  in       {path}" for path in one.written_to]
    lines += [f"  {name}: {value}" for name, value in one.metadata.items() if value is not None]
    return "\n".join(lines)


def _refuse_item(mixture: Path, identity: str) -> None:
    """The id that a record's story names may be that of an evaluation item: says who holds it."""
    path = mixture / "contamination.parquet"
    if path.is_file():
        item = pc.field("item") == identity
        held = pq.read_table(path, columns=["id"], filters=item, partitioning=None)
        ids = list(dict.fromkeys(held.column("id").to_pylist()))
        if ids:
            shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
            sentence = "is an evaluation item, no record of the mixture; records that hold it"
            raise MixerError(f"{identity!r} {sentence}: {shown}")


def _alike(one: Story) -> str:
    """How alike a record is to what it went for, or how much of it it holds."""
    if one.step == "decontaminate":
        return f"{one.similarity:.1%} of"
    return "same as" if one.similarity == 1 else f"{one.similarity:.2f} like"


def _first_id(ledger: Path) -> str:
    with pq.ParquetFile(ledger) as file:
        batch = next(file.iter_batches(batch_size=1, columns=["id"]))
    return str(batch.column("id")[0].as_py())


def _written(mixture: Path, identity: str) -> tuple[list[str], dict[str, Any]]:
    places: list[str] = []
    metadata: dict[str, Any] = {}
    text = ("id", "messages", "prompt", "chosen", "rejected", "completion")
    for path in sorted((mixture / "data").glob("*/*.parquet")):
        with pq.ParquetFile(path) as file:
            columns = [name for name in file.schema_arrow.names if name not in text]
        rows = pq.read_table(
            path, columns=columns, filters=pc.field("id") == identity, partitioning=None
        ).to_pylist()
        if rows:
            places.append(path.relative_to(mixture).as_posix())
            metadata |= rows[0]
    return places, {key: value for key, value in metadata.items() if key != "source"}


def _file_sha256(mixture: Path, source: str, file: str) -> str | None:
    path = mixture / "files.jsonl"
    lines = path.read_bytes().splitlines() if path.is_file() else []
    for line in lines:
        facts = msgspec.json.decode(line, type=FileFacts)
        if (facts.source, facts.file) == (source, file):
            return facts.sha256
    return None
