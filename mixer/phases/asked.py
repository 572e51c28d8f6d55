"""What a removal asks for → which records of a mixture and which rows of its quarantine go.

Records that the ledger knows and that have no rows in the mixture are told, with their fate.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.certificate import NotThere
from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.nearest import did_you_mean
from mixer.phases.accounts import ledger_of
from mixer.phases.text_matches import check_pattern, matches
from mixer.phases.write import METADATA

_BATCH_ROWS = 4096


class Found(NamedTuple):
    """Ids, ascending; `why` is what the ledger says of them."""

    why: str
    records: list[str]
    quarantined: list[str]
    not_there: list[NotThere]


def read_ids(text: bytes, name: str) -> list[str]:
    """One id a line; InputError where there is none."""
    try:
        lines = text.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8: {error}") from error
    ids = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not ids:
        raise InputError(f"{name} names no id: one a line")
    return ids


def by_ids(mixture: Path, ids: list[str]) -> Found:
    """InputError with the first id that the mixture does not know."""
    asked = pa.array(ids, pa.string())
    known = _ledger(mixture, pc.field("id").isin(asked))
    kept = pq.read_table(mixture / "quarantine.parquet", columns=["id"], partitioning=None)
    quarantined = set(kept.column("id").filter(pc.is_in(kept.column("id"), asked)).to_pylist())
    unknown = [each for each in ids if each not in quarantined | {row["id"] for row in known}]
    if unknown:
        raise InputError(
            f"the ledger of {mixture} does not know {unknown[0]!r}"
            + (f" and {len(unknown) - 1:,} more ids" if len(unknown) > 1 else "")
            + ": nothing is removed; `mixer why MIXTURE --source S --row N` tells the ids of a row"
        )
    drawn = {row["id"] for row in known if row["fate"] == "drawn"}
    others = [NotThere(**row) for row in known if row["id"] not in drawn | quarantined]
    return Found("asked for by id", sorted(drawn), sorted(quarantined), others)


def by_source(mixture: Path, source: str, sources: list[str]) -> Found:
    """All that was drawn of a source, and its rows in quarantine."""
    if source not in sources:
        raise InputError(f"no source {source!r} in {mixture}: {did_you_mean(source, sources)}")
    path, drawn = ledger_of(mixture), pc.field("fate") == "drawn"
    mine = pc.starts_with(pc.field("id"), f"{source}/")
    ids = pq.read_table(path, columns=["id"], filters=mine & drawn, partitioning=None)
    kept = mixture / "quarantine.parquet"
    bad = pq.read_table(kept, columns=["id"], filters=mine, partitioning=None)
    records, quarantined = (sorted(table.column("id").to_pylist()) for table in (ids, bad))
    return Found("asked for by source", records, quarantined, [])


def by_pattern(mixture: Path, pattern: str, engine: LocalEngine) -> Found:
    """Records and rows in quarantine in whose text the pattern (RE2) occurs."""
    check_pattern(pattern)
    paths = sorted((mixture / "data").glob("*/*.parquet"))
    tasks = [MatchTask(str(path), pattern) for path in [*paths, mixture / "quarantine.parquet"]]
    *rows, quarantined = engine.map(tasks)
    ids = {identity for each in rows for identity in each}
    return Found("its text was asked for", sorted(ids), sorted(set(quarantined)), [])


class MatchTask(msgspec.Struct, frozen=True):
    """The ids of a file's rows that hold text which the pattern matches."""

    path: str
    pattern: str

    def run(self) -> list[str]:
        found: list[str] = []
        with pq.ParquetFile(self.path) as file:
            texts = [name for name in file.schema_arrow.names if name not in METADATA]
            for batch in file.iter_batches(_BATCH_ROWS, columns=["id", *texts]):
                hit = np.zeros(batch.num_rows, bool)
                for name in texts:
                    hit |= matches(batch.column(name), self.pattern, name in _JSON)
                found += batch.column("id").filter(pa.array(hit)).to_pylist()
        return found


# JSON texts in columns of strings: definitions of tools; rows that did not parse.
_JSON = ("tools", "raw")


def _ledger(mixture: Path, chosen: pc.Expression) -> list[dict[str, str]]:
    columns = ["id", "fate", "step", "duplicate_of"]
    table = pq.read_table(ledger_of(mixture), columns=columns, filters=chosen, partitioning=None)
    rows: list[dict[str, str]] = table.to_pylist()
    return rows


def repeats_of(mixture: Path, ids: pa.Array, threshold: float) -> list[NotThere]:
    """Records that were dropped as copies or near-duplicates of these, at least so similar."""
    alike = pc.field("duplicate_of").isin(ids) & (pc.field("similarity") >= threshold)
    found = _ledger(mixture, alike & pc.field("step").isin(["dedup.exact", "dedup.near"]))
    return [NotThere(**row) for row in found]


def still_drawn(mixture: Path, not_there: list[NotThere], ids: pa.Array) -> list[str]:
    """The drawn records, others than these, for which the ones that are not there were dropped."""
    originals = pa.array([each.duplicate_of for each in not_there], pa.string()).drop_null()
    drawn = _ledger(mixture, pc.field("id").isin(originals) & (pc.field("fate") == "drawn"))
    going = set(ids.to_pylist())
    return [row["id"] for row in drawn if row["id"] not in going]
