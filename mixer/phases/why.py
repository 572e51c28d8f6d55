"""The story of one id of a mixture: where it came from, each step that touched it, its fate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.errors import MixerError
from mixer.phases.accounts import files_read, ledger_of
from mixer.phases.upstream import RowPlace, Upstream, bounded, upstream
from mixer.report.pairs import printable

_ID = re.compile(r"(?P<source>[^/]+)/(?P<file>.+?):(?P<row>\d+)(?::(?P<sub>\d+))?")


class Story(msgspec.Struct, frozen=True):
    """`row` counts from 1 in `file`; `duplicates` were dropped in this record's favour;
    `original_dropped_by`: the step that dropped what it duplicates later on; `upstream`: the row
    itself, of one in quarantine what is kept there."""

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
    upstream: Upstream | None = None


def story(mixture: Path, identity: str) -> Story:
    """MixerError where the ledger has no such id."""
    path = ledger_of(mixture)
    found = pq.read_table(path, filters=pc.field("id") == identity, partitioning=None).to_pylist()
    match = _ID.fullmatch(identity)
    if not found:
        _refuse_item(mixture, identity)
    if not found or match is None:
        raise MixerError(
            f"no record {identity!r} in the ledger; an id looks like {_first_id(path)!r}"
        )
    entry = found[0]
    repeats = (pc.field("duplicate_of") == identity) & (pc.field("fate") == "dropped")
    dropped = pq.read_table(path, columns=["id"], filters=repeats, partitioning=None)
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
        file_sha256=_sha256_of_file(mixture, match["source"], match["file"]),
        duplicates=dropped.column("id").to_pylist(),
        original_dropped_by=next(iter(original.column("step").to_pylist()), None),
        written_to=written,
        metadata=metadata,
    )


def with_upstream(mixture: Path, one: Story, data: Path | None) -> Story:
    """The story with the upstream row, which lies below `data` or where the recipe finds it."""
    found = upstream(mixture, RowPlace(one.source, one.file, one.row), data)
    if found.raw is None and one.fate == "quarantined":
        found = _in_quarantine(mixture, one.id) or found
    return msgspec.structs.replace(one, upstream=found)


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
    lines += [] if one.upstream is None else _row_told(one.upstream)
    return printable("\n".join(lines))


def _row_told(found: Upstream) -> list[str]:
    if found.raw is None:
        return [f"  row      not shown: {found.missing}"]
    more = found.characters - len(found.raw)
    cut = f", the first {len(found.raw):,} of {found.characters:,} characters" if more else ""
    text = [f"    {line}" for line in found.raw.split("\n")]
    return [f"  row      from {found.path}{cut}", *text]


def _in_quarantine(mixture: Path, identity: str) -> Upstream | None:
    """What quarantine keeps of a row, if it is still there."""
    path = mixture / "quarantine.parquet"
    if not path.is_file():
        return Upstream(missing=f"{path.name}, which `mixer push` leaves out, is not here")
    mine = pc.field("id") == identity
    kept = pq.read_table(path, columns=["raw"], filters=mine, partitioning=None).column("raw")
    texts = kept.to_pylist()
    return Upstream(path.name, bounded(texts[0]), len(texts[0])) if texts else None


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


def _sha256_of_file(mixture: Path, source: str, file: str) -> str | None:
    own = files_read(mixture, source)
    return next((each.sha256 for each in own if each.file == file), None)
