"""Shards hold the records in order, and no more of them, or of their text, than they may."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.phases import record_files
from mixer.phases.record_files import RecordFiles
from mixer.record_builder import RecordBuilder
from mixer.schema import Record, assistant, user


@given(
    st.lists(st.integers(0, 30), max_size=40),
    st.integers(1, 12),
    st.tuples(st.integers(1, 8), st.integers(1, 200), st.integers(1, 300)),
)
def test_shards_hold_the_records_in_order(
    sizes: list[int], shard_rows: int, limits: tuple[int, int, int]
) -> None:
    names = ("_BATCH_ROWS", "_BATCH_CHARACTERS", "_SHARD_CHARACTERS")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(names, limits, strict=True):
            patch.setattr(record_files, name, limit)
        with RecordFiles(Path(folder), RecordBuilder("s", "mit"), shard_rows) as records:
            for number, size in enumerate(sizes):
                records.add(f"s/f:{number}", Record([user("x" * size)], [assistant("y")]))
                assert records.total == number + 1
        written = [pq.read_table(path)["id"].to_pylist() for path in sorted(Path(folder).iterdir())]
    assert [len(ids) for ids in written] == records.shard_rows
    assert all(1 <= len(ids) <= shard_rows for ids in written)
    assert [each for ids in written for each in ids] == [f"s/f:{n}" for n in range(len(sizes))]


def test_all_texts_of_a_record_count_as_held() -> None:
    builder = RecordBuilder("s", "mit")
    long = "x" * 1000
    record = Record([user(long)], [assistant(long)], subset=long, template=long, family=long)
    record.license, record.meta = long, {"a": long}
    builder.add("s/f:1", record)
    assert builder.characters >= 7 * len(long)
    assert builder.take().num_rows == 1
