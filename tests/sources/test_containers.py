"""Every good row survives; every bad one says why."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.sources import containers
from mixer.sources.containers import Layout, RawRow, raw_rows

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
        "\ufeff" + LINES,
        LINES.rstrip("\n"),
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        " \n\n" + json.dumps(ROWS),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_lines_and_arrays_are_told_apart_by_their_bytes(
    data: str, name: str, tmp_path: Path
) -> None:
    found = _read(tmp_path / name, data)
    assert [row.value for row in found] == ROWS
    assert [row.row for row in found] == [1, 2, 3]


def test_row_numbers_count_blank_lines(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.jsonl", '\n{"a": 1}\n\n{"a": 2}\n')
    assert [row.row for row in found] == [2, 4]


def test_one_object_over_several_lines_is_one_row(tmp_path: Path) -> None:
    assert [row.value for row in _read(tmp_path / "a.json", '{\n "a": 1\n}\n')] == [{"a": 1}]


def test_rows_of_a_document_keep_its_header(tmp_path: Path) -> None:
    document = {"name": "t", "rows": ROWS, "n": 3}
    found = _read(tmp_path / "a.json", json.dumps(document), Layout(rows_at="rows"))
    assert [row.value for row in found] == ROWS
    assert all(row.header == {"name": "t", "n": 3} for row in found)
    (bad,) = _read(tmp_path / "b.json", '{"name": 1}', Layout(rows_at="rows"))
    assert bad.reason == "not JSON: the object has no `rows`"


def test_nan_is_read_as_null(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.jsonl", '{"a": NaN}\n{"a": -Infinity}\n{"a": 1}\n')
    assert [row.value for row in found] == [{"a": None}, {"a": None}, {"a": 1}]
    document = '{"name": [NaN], "rows": [{"a": NaN}, {"a": 2}]}'
    found = _read(tmp_path / "b.json", document, Layout(rows_at="rows"))
    assert [row.value for row in found] == [{"a": None}, {"a": 2}]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b'{"a": "\xff"}', "not JSON"),
        (b'{"a": "x" y}', "not JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "not JSON"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b"\x00\x01", "not JSON"),
        (b'{"a": "' + b"x" * 200 + b'"}', "longer than"),
    ],
)
def test_a_bad_line_leaves_the_others(
    bad: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if words == "longer than":
        monkeypatch.setattr(containers, "MAX_LINE_BYTES", 100)
    found = _read(tmp_path / "a.jsonl", b'{"a": 1}\n' + bad + b'\n{"a": 2}\n')
    assert [row.value for row in found if row.reason is None] == [{"a": 1}, {"a": 2}]
    (broken,) = [row for row in found if row.reason]
    assert broken.row == 2
    assert words in str(broken.reason)
    assert bad.startswith(broken.raw) or broken.raw == bad


def test_a_broken_array_is_one_bad_row(tmp_path: Path) -> None:
    (found,) = _read(tmp_path / "a.json", '[{"a": 1}, {"a": 2},\n]')
    assert "not JSON" in str(found.reason)


def test_a_truncated_file_keeps_the_rows_before_the_break(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"n": n, "text": f"{n * n * n}"}) + "\n" for n in range(50_000))
    found = _read(tmp_path / "a.jsonl.gz", gzip.compress(rows.encode())[:-20_000])
    *good, last = found
    assert len(good) > 1000
    assert [row.value["n"] for row in good] == list(range(len(good)))
    assert "breaks off after row" in str(last.reason)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.xz", "a.zip", "a.parquet", "a.jsonl.zst"])
def test_a_wrong_ending_is_one_bad_row(name: str, tmp_path: Path) -> None:
    (found,) = _read(tmp_path / name, LINES)
    assert found.reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.tsv", "a.csv", "a.jsonl.gz"])
def test_a_zero_byte_file_has_no_rows(name: str, tmp_path: Path) -> None:
    assert [row for row in _read(tmp_path / name, b"") if row.reason is None] == []


def test_tab_separated_quotes_are_characters(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.tsv", 'say "hi\tb\nonly one\n', Layout(columns=("x", "y")))
    assert found[0].value == {"x": 'say "hi', "y": "b"}
    assert found[1].reason == "1 columns, 2 expected (x, y)"
    assert _read(tmp_path / "b.tsv", "x\ty\n1\t2\n")[0].value == {"x": "1", "y": "2"}


def test_comma_separated_quotes_hold_line_breaks(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.csv", 'x,y\n"a\nb","c""d"\n1,2,3\n')
    assert found[0].value == {"x": "a\nb", "y": 'c"d'}
    assert found[1].reason == "3 columns, 2 expected (x, y)"


def test_parquet_rows_are_dictionaries(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([{"a": 1}, {"a": 2}]), path)
    assert [row.value for row in raw_rows(str(path), PLAIN)] == [{"a": 1}, {"a": 2}]


def test_members_of_a_zip_are_numbered_on(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.jsonl", LINES)
        archive.writestr("two.json", json.dumps(ROWS))
    assert [row.row for row in raw_rows(str(path), PLAIN)] == [1, 2, 3, 4, 5, 6]


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_bytes_make_it_raise(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.jsonl", "a.json.gz", "a.tsv", "a.csv", "a.zip", "a.parquet", "a.jsonl.zst"):
            for layout in (PLAIN, Layout(rows_at="rows")):
                for row in _read(Path(folder) / name, data, layout):
                    assert row.reason is not None or row.value is not NotImplemented
