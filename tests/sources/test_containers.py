"""What a file is, its bytes say; in which encoding, too; and no bytes make reading raise."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.sources.containers import raw_rows
from mixer.sources.raw_row import Layout, RawRow

PLAIN = Layout()
ROWS: list[Any] = [{"a": 1}, {"a": "b\u2028c"}, {"a": None}]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def _read(path: Path, data: bytes | str, layout: Layout = PLAIN) -> list[RawRow]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(raw_rows(str(path), layout))


@pytest.mark.parametrize(
    "data",
    [
        LINES,
        LINES.replace("\n", "\r\n"),
        LINES.replace("\n", "\r"),
        "\ufeff" + LINES,
        LINES.rstrip("\n"),
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        " \n\n" + json.dumps(ROWS),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.txt"])
def test_lines_and_arrays_are_told_apart_by_their_bytes(
    data: str, name: str, tmp_path: Path
) -> None:
    found = _read(tmp_path / name, data)
    assert [row.value for row in found] == ROWS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.tsv", "a.yaml"])
def test_other_encodings_are_read(encoding: str, name: str, tmp_path: Path) -> None:
    texts = {
        "a.csv": 'x,y\n"é, 😀",b\n',
        "a.tsv": "x\ty\né, 😀\tb\n",
        "a.yaml": "- x: é, 😀\n  y: b\n",
    }
    text = texts.get(name, '{"x": "é, 😀", "y": "b"}\n')
    (row,) = _read(tmp_path / name, text.encode(encoding))
    assert (row.value, row.reason) == ({"x": "é, 😀", "y": "b"}, None)


def test_half_a_character_of_utf_16_costs_its_row_alone(tmp_path: Path) -> None:
    text = '{"a": "b"}\n{"a": "\ud800"}\n{"a": "c"}\n'
    first, bad, last = _read(tmp_path / "a.jsonl", text.encode("utf-16", "surrogatepass"))
    assert (first.value, last.value) == ({"a": "b"}, {"a": "c"})
    assert str(bad.reason).startswith("not UTF-8")
    *good, bad = _read(tmp_path / "b.jsonl", LINES.encode("utf-16")[:-1])
    assert [row.value for row in good] == ROWS
    assert "truncated data" in str(bad.reason)


def test_row_numbers_count_blank_lines(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.jsonl", '\n{"a": 1}\n\n{"a": 2}\n')
    assert [row.row for row in found] == [2, 4]


def test_byte_order_marks_of_joined_files_are_no_part_of_a_row(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.jsonl", f"\ufeff{LINES}\ufeff{LINES}")
    assert [row.value for row in found] == ROWS + ROWS


def test_a_truncated_file_keeps_every_row_before_the_break(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"n": n, "text": f"{n * n * n}"}) + "\n" for n in range(50_000))
    found = _read(tmp_path / "a.jsonl.gz", gzip.compress(rows.encode())[:-20_000])
    *good, broken, last = found
    assert [row.value["n"] for row in good] == list(range(len(good)))
    assert "breaks off after row" in str(last.reason)
    # What is left of the row in which the file breaks off is shown.
    assert rows.encode().splitlines()[len(good)].startswith(broken.text())
    assert len(good) > 40_000


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.tsv", "a.csv", "a.jsonl.gz", "a.yaml"])
def test_a_zero_byte_file_has_no_rows(name: str, tmp_path: Path) -> None:
    assert _read(tmp_path / name, b"") == []


def _packed(path: Path, entries: dict[str, bytes]) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return
    with tarfile.open(path, "w:gz") as packed:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_members_are_read_each_in_its_own_way(name: str, tmp_path: Path) -> None:
    table, stream = io.BytesIO(), io.BytesIO()
    pq.write_table(pa.table({"a": [1, 2]}), table)
    with pa.ipc.new_stream(stream, pa.schema([("a", pa.int64())])) as writer:
        writer.write_table(pa.table({"a": [3]}))
    entries = {
        "x/one.jsonl": LINES.encode(),
        "two.csv": b"a\n1\n",
        "three.parquet": table.getvalue(),
        "four.arrow": stream.getvalue(),
        "five.jsonl.gz": gzip.compress(LINES.encode())[:-4],
        "six.yaml": b"- a: 6\n",
    }
    path = tmp_path / name
    _packed(path, entries)
    found = list(raw_rows(str(path), PLAIN))
    assert [row.row for row in found] == list(range(1, len(found) + 1))
    values = {
        member: [row.value for row in found if row.member == member and row.reason is None]
        for member in entries
    }
    assert values == {
        "x/one.jsonl": ROWS,
        "two.csv": [{"a": "1"}],
        "three.parquet": [{"a": 1}, {"a": 2}],
        "four.arrow": [{"a": 3}],
        "five.jsonl.gz": ROWS,
        "six.yaml": [{"a": 6}],
    }
    (bad,) = [row for row in found if row.reason is not None]
    assert (bad.member, bad.member_row) == ("five.jsonl.gz", 4)


def test_a_table_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    pq.write_table(pa.table({"a": [1]}), path)
    assert [row.value for row in raw_rows(str(path), PLAIN)] == [{"a": 1}]
    packed = _read(tmp_path / "b.jsonl", gzip.compress(path.read_bytes()))
    assert [row.value for row in packed] == [{"a": 1}]


def _parquet(texts: list[str]) -> bytes:
    table = io.BytesIO()
    pq.write_table(pa.table({"a": texts}), table, compression="none", use_dictionary=False)
    return table.getvalue()


def _is_table_after_table(path: Path, texts: list[str]) -> None:
    found = [row for row in raw_rows(str(path), PLAIN) if row.reason is None]
    assert [(row.member, row.value["a"]) for row in found] == [
        (f"{member}.parquet", text) for member in range(3) for text in texts
    ]


def test_a_large_packed_table_leaves_the_archive_where_it_was(tmp_path: Path) -> None:
    texts = [random.Random(n).randbytes(1 << 16).hex() for n in range(9)]
    table = _parquet(texts)
    packed = _read(tmp_path / "a.parquet.gz", gzip.compress(table, 1))
    assert [row.value["a"] for row in packed] == texts
    plain = tmp_path / "a.tar"
    with tarfile.open(plain, "w") as archive:
        for member in range(3):
            entry = tarfile.TarInfo(f"{member}.parquet")
            entry.size = len(table)
            archive.addfile(entry, io.BytesIO(table))
    _is_table_after_table(plain, texts)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_cut_zip_of_tables_comes_to_an_end(method: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for member in range(3):
            archive.writestr(f"{member}.parquet", _parquet(["b"]))
    path.write_bytes(path.read_bytes()[:-30])
    _is_table_after_table(path, ["b"])


def test_a_member_of_a_zip_without_a_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", LINES)
    path.write_bytes(path.read_bytes().replace(b"x", b"\0"))
    assert [(row.member, row.value) for row in raw_rows(str(path), PLAIN)] == [
        ("member", row) for row in ROWS
    ]


@pytest.mark.parametrize(
    ("place", "byte"), [(6, 116), (46, 0xFF)], ids=["of a later version", "name that is no UTF-8"]
)
def test_a_zip_with_an_odd_directory_is_read_by_its_local_heads(
    tmp_path: Path, place: int, byte: int
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("tea.jsonl", '{"a": 1}\n{"a": 2}\n')
    data = bytearray(buffer.getvalue())
    directory = data.index(b"PK\x01\x02")
    data[directory + 9] |= 8  # the name is said to be UTF-8
    data[directory + place] = byte
    found = _read(tmp_path / "odd.zip", bytes(data))
    assert [row.value for row in found if row.reason is None] == [{"a": 1}, {"a": 2}]
    assert [row.reason for row in found if row.reason] != []


NAMES = ("a.jsonl", "a.json.gz", "a.tsv", "a.csv", "a.zip", "a.parquet", "a.tar", "a.yaml")
STARTS = (
    b"",
    b"\x1f\x8b\x08\0",
    b"PK\x03\x04",
    b"PAR1",
    b"ARROW1\0\0",
    b"\xff\xff\xff\xff",
    b"BZh9",
)
MORE_STARTS = (b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b'[{"a": 1}, ', b'{"rows": [')


@given(st.binary(max_size=300), st.sampled_from(STARTS + MORE_STARTS), st.sampled_from(NAMES))
@settings(max_examples=600)
def test_no_bytes_make_it_raise(data: bytes, start: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for layout in (PLAIN, Layout(rows_at="rows")):
            for row in _read(Path(folder) / name, start + data, layout):
                assert row.reason is None or row.value is None


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "zip"])
def test_a_break_inside_a_member_is_told_once(ending: str, tmp_path: Path) -> None:
    rows = "".join(json.dumps({"a": random.Random(n).random()}) + "\n" for n in range(3000))
    path = tmp_path / f"a.{ending}"
    if ending == "tar":
        with tarfile.open(path, "w") as archive:
            for name in ("a.jsonl", "b.jsonl"):
                entry = tarfile.TarInfo(name)
                entry.size = len(rows)
                archive.addfile(entry, io.BytesIO(rows.encode()))
    else:
        _packed(path, {"a.jsonl": rows.encode(), "b.jsonl": rows.encode()})
    found = _read(path, path.read_bytes()[: path.stat().st_size * 3 // 4])
    breaks = [row for row in found if (row.reason or "").startswith("the file breaks off")]
    assert [row.member for row in breaks] == ["b.jsonl"]
    assert found[-1] is breaks[0]


def test_a_break_of_the_archive_behind_a_damaged_member_is_told(tmp_path: Path) -> None:
    broken = gzip.compress(LINES.encode())[:-4]
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("a.jsonl.gz")
        entry.size = len(broken)
        archive.addfile(entry, io.BytesIO(broken))
    path.write_bytes(path.read_bytes()[:1024] + b"x" * 512)
    found = list(raw_rows(str(path), PLAIN))
    breaks = [row.member for row in found if (row.reason or "").startswith("the file breaks off")]
    assert breaks == ["a.jsonl.gz", ""]


def test_a_break_inside_a_member_that_is_not_read_is_told(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    _packed(inner, {"a.jsonl": random.Random(1).randbytes(1 << 16).hex().encode()})
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(inner, "inner.zip")
    found = _read(path, path.read_bytes()[:40_000])
    reasons = [str(row.reason) for row in found]
    assert [reason.split(":")[0][:19] for reason in reasons] == [
        "an archive inside a",
        "the file breaks off",
    ]
