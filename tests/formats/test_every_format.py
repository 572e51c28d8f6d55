"""What holds for every format: no row is an error, and no text of a row is lost."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow.parquet as pq
import pytest
from hostile_rows import hostile_rows
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from plausible_rows import Upstream, parts, upstream_rows

from mixer import formats
from mixer.phases import read
from mixer.recipe.model import Source
from mixer.sources.containers import RawRow

ROLES = {"system", "user", "assistant", "tool_call", "tool"}
EXAMPLES = settings(
    max_examples=int(__import__('os').environ.get('FZ','60')), phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Outcome(NamedTuple):
    """The records and the quarantine of some rows, as they were read from Parquet again."""

    records: list[dict[str, Any]]
    quarantined: list[dict[str, Any]]


def read_rows(name: str, rows: list[Upstream]) -> Outcome:
    """All with the options of the first."""
    source = Source(format=name, path="f", options=rows[0].options)
    with tempfile.TemporaryDirectory() as folder:
        task = read.ReadTask(folder, "s", source, "mit", [], None, False, 50_000)
        with (
            read.RecordFiles(Path(folder), read._builder(task), 50_000) as records,
            read.Quarantine(Path(folder, "quarantine.parquet")) as quarantine,
        ):
            reading = read._Reading(task, records, quarantine)
            for number, upstream in enumerate(rows, 1):
                reading.row(RawRow(number, b"raw", upstream.row, upstream.header), "a/b.jsonl")
        written = [pq.read_table(path).to_pylist() for path in Path(folder).glob("0*.parquet")]
        quarantined = pq.read_table(Path(folder, "quarantine.parquet")).to_pylist()
    return Outcome([record for each in written for record in each], quarantined)


@pytest.mark.parametrize("name", formats.names())
@given(data=st.data())
@EXAMPLES
def test_every_row_becomes_records_or_is_bad(name: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(hostile_rows(name), min_size=1, max_size=3))
    before = copy.deepcopy(rows)
    outcome = read_rows(name, rows)
    if repr(before) != repr(rows):
        raise AssertionError("reading changed the upstream row")
    assert read_rows(name, rows) == outcome
    _check_ids(outcome, len(rows))
    for record in outcome.records:
        _check_record(record)
    for number, upstream in enumerate(rows, 1):
        made = [each for each in outcome.records if _row_number(each["id"]) == number]
        _check_marks(upstream.row, made)


def _row_number(identity: str) -> int:
    return int(identity.removeprefix("s/a/b.jsonl:").split(":")[0])


def _check_ids(outcome: Outcome, rows: int) -> None:
    """Every row is records, numbered from 1 where they are several, or in quarantine."""
    ids = [each["id"] for each in (*outcome.records, *outcome.quarantined)]
    assert len(set(ids)) == len(ids)
    assert {_row_number(each) for each in ids} == set(range(1, rows + 1))
    for number in range(1, rows + 1):
        whole = f"s/a/b.jsonl:{number}"
        own = [each for each in ids if _row_number(each) == number]
        assert own in ([whole], [f"{whole}:{sub}" for sub in range(1, len(own) + 1)])


def _check_record(record: dict[str, Any]) -> None:
    meta = msgspec.json.decode(record["meta"])
    assert isinstance(meta, dict)
    answers = record["answers"]
    spoken = [*record["prompt"], *(turn for each in answers for turn in each["messages"])]
    assert {turn["role"] for turn in spoken} <= ROLES
    assert record["instruction_bytes"] is None or record["instruction_bytes"] >= 0


def _check_marks(row: Any, made: list[dict[str, Any]]) -> None:
    if not made:
        return
    held = msgspec.json.encode(made).decode()
    lost = [part for part in parts(row) if isinstance(part, str) and part.startswith("mark")]
    lost = [mark for mark in lost if mark not in held]
    assert not lost, (lost, row)


@pytest.mark.parametrize("name", formats.names())
def test_rows_of_the_docstring_become_records(name: str) -> None:
    pass
