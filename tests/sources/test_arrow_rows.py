"""Parquet and Arrow: every type becomes a value of JSON, or its row says why not."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mixer.sources.arrow_rows import table_rows
from mixer.sources.raw_row import RawRow

MOMENT = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456)
COLUMNS: dict[str, tuple[pa.DataType, Any, Any]] = {
    "text": (pa.string(), "é", "é"),
    "large": (pa.large_string(), "a", "a"),
    "view": (pa.string_view(), "a", "a"),
    "dictionary": (pa.dictionary(pa.int8(), pa.string()), "a", "a"),
    "nested": (
        pa.list_(pa.struct([("role", pa.string()), ("n", pa.int8())])),
        [{"role": "user", "n": 1}],
        [{"role": "user", "n": 1}],
    ),
    "fixed": (pa.list_(pa.int16(), 2), [1, 2], [1, 2]),
    "map": (pa.map_(pa.string(), pa.int32()), [("a", 1)], [["a", 1]]),
    "seconds": (pa.timestamp("s", "UTC"), MOMENT, "2024-05-06T07:08:09+00:00"),
    "nanoseconds": (pa.timestamp("ns"), 1_700_000_000_000_000_001, "2023-11-14T22:13:20.000000001"),
    "date": (pa.date32(), datetime.date(2024, 5, 6), "2024-05-06"),
    "time": (pa.time64("us"), datetime.time(1, 2, 3), "01:02:03"),
    "duration": (pa.duration("s"), datetime.timedelta(seconds=61), "0:01:01"),
    "decimal": (
        pa.decimal128(30, 3),
        Decimal("12345678901234567890.125"),
        "12345678901234567890.125",
    ),
    "binary": (pa.binary(), b"abc\xc3\xa9", "abcé"),
    "bytes": (pa.large_binary(), b"\xff\xfe", "//4="),
    "half": (pa.float16(), None, None),
    "unsigned": (pa.uint64(), 2**64 - 1, 2**64 - 1),
    "bool": (pa.bool_(), True, True),
    "nothing": (pa.null(), None, None),
}
TABLE = pa.table(
    {name: pa.array([value, None], kind) for name, (kind, value, _) in COLUMNS.items()}
)
EXPECTED = [
    {name: expected for name, (_, _, expected) in COLUMNS.items()},
    dict.fromkeys(COLUMNS),
]


def _as_file(table: pa.Table, kind: str) -> bytes:
    sink = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, sink)
    else:
        maker = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
        with maker(sink, table.schema) as writer:
            writer.write_table(table)
    return sink.getvalue()


def _rows(data: bytes) -> list[RawRow]:
    return list(table_rows(io.BytesIO(data), data[:64]))


@pytest.mark.parametrize("kind", ["parquet", "file", "stream"])
def test_every_type_becomes_a_value_of_json(kind: str) -> None:
    table = TABLE.drop_columns(["half"]) if kind == "parquet" else TABLE
    found = _rows(_as_file(table, kind))
    assert [row.reason for row in found] == [None, None]
    for row, expected in zip(found, EXPECTED, strict=True):
        assert row.value == {name: expected[name] for name in table.column_names}
        assert msgspec.json.decode(row.text()) == msgspec.json.decode(
            msgspec.json.encode(row.value)
        )


@pytest.mark.parametrize("kind", ["parquet", "file", "stream"])
def test_a_value_that_cannot_be_read_costs_its_row_alone(kind: str) -> None:
    broken = pa.array([b"a", b"\xff", b"c"], pa.binary()).view(pa.string())
    found = _rows(_as_file(pa.table({"text": broken}), kind))
    assert [row.value for row in found if row.reason is None] == [{"text": "a"}, {"text": "c"}]
    assert str(found[1].reason).startswith("a value that cannot be read: ")


def test_a_moment_that_python_cannot_hold_costs_its_row_alone() -> None:
    far = pa.table({"at": pa.array([0, 2**61], pa.timestamp("s"))})
    good, bad = _rows(_as_file(far, "file"))
    assert good.value == {"at": "1970-01-01T00:00:00"}
    assert bad.reason is not None


@pytest.mark.parametrize("kind", ["parquet", "file", "stream"])
@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_a_file_that_is_cut_off_is_told(kind: str, kept: float) -> None:
    data = _as_file(pa.table({"n": list(range(100_000))}), kind)
    *good, last = _rows(data[: int(kept * len(data))])
    assert "breaks off after row" in str(last.reason)
    assert [row.value["n"] for row in good] == list(range(len(good)))


@pytest.mark.parametrize("kind", ["parquet", "file", "stream"])
def test_damaged_bytes_crash_nothing(kind: str) -> None:
    data = _as_file(pa.table({"text": [f"text {n}" for n in range(200)]}), kind)
    for at in range(8, len(data), max(1, len(data) // 150)):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        for row in _rows(bytes(damaged)):
            assert row.row > 0


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_a_name_that_is_not_utf8_makes_every_row_bad(kind: str) -> None:
    data = _as_file(pa.table({"a_name": [1, 2]}), kind).replace(b"a_name", b"a_\xeaame")
    reasons = [str(row.reason) for row in _rows(data)]
    assert [reason.split(":")[0] for reason in reasons] == ["a column's name is not UTF-8"] * 2


def test_two_columns_of_one_name_make_every_row_bad() -> None:
    table = pa.table([[1, 2], [3, 4]], names=["a", "a"])
    assert [row.reason for row in _rows(_as_file(table, "file"))] == [
        "two columns have one name: 'a'"
    ] * 2


def test_rows_come_in_order_through_batches_and_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": list(range(5000))}), path, row_group_size=700)
    with path.open("rb") as file:
        found = [(row.row, row.value["n"]) for row in table_rows(file, b"PAR1")]
    assert found == [(n + 1, n) for n in range(5000)]
