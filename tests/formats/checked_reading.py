"""Reads upstream rows as reading does, through Parquet, and checks what no row may break."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow.parquet as pq
from plausible_rows import parts

from mixer.phases.record_files import Quarantine, RecordFiles
from mixer.phases.row_reader import RowReader
from mixer.recipe.model import Source
from mixer.record_builder import RecordBuilder
from mixer.sources.raw_row import RawRow

ROLES = {"system", "user", "assistant", "tool_call", "tool"}
FILE = "a/b.jsonl"


class Outcome(NamedTuple):
    """The records and the quarantine of some rows, as they were read from Parquet again."""

    records: list[dict[str, Any]]
    quarantined: list[dict[str, Any]]


def read_rows(name: str, options: Any, rows: Iterable[RawRow]) -> Outcome:
    source = Source(format=name, path="f", options=options)
    with tempfile.TemporaryDirectory() as folder:
        with (
            RecordFiles(Path(folder), RecordBuilder("s", "mit"), 50_000) as records,
            Quarantine(Path(folder, "quarantine.parquet")) as quarantine,
        ):
            reader = RowReader("s", source, False, records, quarantine)
            for row in rows:
                reader.row(row, FILE)
        written = [
            pq.ParquetFile(path).read().to_pylist() for path in Path(folder).glob("0*.parquet")
        ]
        quarantined = pq.ParquetFile(Path(folder, "quarantine.parquet")).read().to_pylist()
    return Outcome([record for each in written for record in each], quarantined)


def check(outcome: Outcome, rows: list[RawRow]) -> None:
    """Every row is records or bad, records are whole, and the texts of rows are in them."""
    _check_ids(outcome, [row.row for row in rows])
    for record in outcome.records:
        _check_record(record)
    for row in rows:
        made = [each for each in outcome.records if _row_number(each["id"]) == row.row]
        _check_marks(row.value, made)


def _row_number(identity: str) -> int:
    return int(identity.removeprefix(f"s/{FILE}:").split(":")[0])


def _check_ids(outcome: Outcome, rows: list[int]) -> None:
    """Every row is records, numbered from 1 where they are several, or in quarantine."""
    ids = [each["id"] for each in (*outcome.records, *outcome.quarantined)]
    assert len(set(ids)) == len(ids)
    assert {_row_number(each) for each in ids} == set(rows)
    for number in rows:
        whole = f"s/{FILE}:{number}"
        own = [each for each in ids if _row_number(each) == number]
        assert own in ([whole], [f"{whole}:{sub}" for sub in range(1, len(own) + 1)])


def _check_record(record: dict[str, Any]) -> None:
    meta = msgspec.json.decode(record["meta"])
    assert isinstance(meta, dict)
    answers = record["answers"]
    spoken = [*record["prompt"], *(turn for each in answers for turn in each["messages"])]
    assert {turn["role"] for turn in spoken} <= ROLES
    scores = [each["score"] for each in answers]
    if len(scores) > 2 and None not in scores:
        assert scores == sorted(scores, reverse=True), "the best answer does not come first"
    if record["instruction_bytes"] is not None:
        record["prompt"][-1]["content"].encode()[: record["instruction_bytes"]].decode()


def _check_marks(row: Any, made: list[dict[str, Any]]) -> None:
    """Where there are records, a text of the row is somewhere in them, or a treatment says why."""
    held = msgspec.json.encode(made).decode()
    marks = [part for part in parts(row) if isinstance(part, str) and part.startswith("mark")]
    lost = [mark for mark in marks if mark not in held]
    treatments = [each for one in made for each in _treatments(one)]
    assert not made or not lost or any(map(_takes_text, treatments)), (lost, row)


def _treatments(record: dict[str, Any]) -> list[str]:
    stated = msgspec.json.decode(record["meta"]).get("treatments", [])
    return stated if isinstance(stated, list) else []


def _takes_text(treatment: Any) -> bool:
    return str(treatment).startswith(("cut ", "took out "))
