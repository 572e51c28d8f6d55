"""TSV and CSV: every row with its own bytes, and a quote that is never closed costs one row."""

from __future__ import annotations

import csv
import io

import pytest
from dribble import Dribble
from hypothesis import given
from hypothesis import strategies as st

from mixer.sources import raw_row
from mixer.sources.delimited import comma_separated, tab_separated
from mixer.sources.raw_row import RawRow

FIELDS = st.text(alphabet='ab", \n\té', max_size=6)
SIZES = st.integers(1, 40)


def _csv(data: bytes, size: int = 1 << 20, columns: tuple[str, ...] | None = None) -> list[RawRow]:
    return list(comma_separated(Dribble(data[size:], size), data[:size], columns))


def _tsv(data: bytes, columns: tuple[str, ...] | None = None) -> list[RawRow]:
    return list(tab_separated(Dribble(b"", 1), data, columns))


@given(st.lists(st.tuples(FIELDS, FIELDS), max_size=6), SIZES, st.sampled_from(["\n", "\r\n"]))
def test_rows_are_those_that_were_written(
    rows: list[tuple[str, str]], size: int, ending: str
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows([("x", "y"), *rows])
    data = text.getvalue().encode()
    found = _csv(data, size)
    assert [(row.value["x"], row.value["y"]) for row in found] == rows
    assert [row.row for row in found] == list(range(1, len(rows) + 1))
    raw = ending.encode().join([b'"x","y"', *(row.text() for row in found)])
    assert raw.replace(b"\r", b"") == data.replace(b"\r", b"").removesuffix(b"\n")


def test_line_breaks_between_quotes_are_kept_as_they_are() -> None:
    (row,) = _csv(b'x,y\r\n"a\r\nb","c""d"\r\n')
    assert row.value == {"x": "a\r\nb", "y": 'c"d'}
    assert row.raw == b'"a\r\nb","c""d"'


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'"never closed,1', "not CSV: unexpected end of data"),
        (b'"never closed,1', "not CSV: "),
        (b'"closed "too" early",1', "not CSV: "),
        (b"1,2,3", "3 columns, 2 expected (x, y)"),
        (b"1", "1 columns, 2 expected (x, y)"),
        (b"\xff,1", "not UTF-8"),
    ],
)
def test_a_bad_row_leaves_the_others(bad: bytes, reason: str) -> None:
    after = b"".join(b"c%d,d\n" % n for n in range(50))
    found = _csv(b"x,y\na,b\n" + bad + b"\n" + after)
    good = [row.value["x"] for row in found if row.reason is None]
    assert good == ["a", *(f"c{n}" for n in range(50))]
    (broken,) = [row for row in found if row.reason is not None]
    assert (broken.row, broken.raw) == (2, bad)
    assert str(broken.reason).startswith(reason)


def test_quotes_that_swallow_rows_give_them_back() -> None:
    found = _csv(b'x,y\n"a,1\nb,2\nc,"3"\nd,4\n')
    assert [row.value["x"] for row in found if row.reason is None] == ["b", "c", "d"]
    found = _csv(b'x,y\n"a,1\nb,"\nc,3\n')
    assert [row.value["x"] for row in found if row.reason is None] == ["c"]
    assert [row.raw for row in found if row.reason is not None] == [b'"a,1', b'b,"']


def test_a_row_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_row, "MAX_ROW_BYTES", 100)
    data = b"x,y\na,b\n" + b"z" * 5000 + b",1\nc,d\n"
    good, bad, other = _csv(data, 50)
    assert (good.value["x"], other.value["x"]) == ("a", "c")
    assert str(bad.reason).startswith("the row is longer than")
    good, bad, other = _tsv(data.replace(b",", b"\t"))
    assert (good.value["x"], other.value["x"]) == ("a", "c")
    assert str(bad.reason).startswith("the row is longer than")


def test_a_file_full_of_open_quotes_is_read_in_time() -> None:
    """Each row looks for its other quote; were all of the rest read for each, this took minutes."""
    found = _csv(b"x,y\n" + b'"a ""b"" c,1\n' * 100_000)
    assert found
    assert all(row.reason is not None for row in found)


def test_two_columns_of_one_name_make_every_row_bad() -> None:
    (row,) = _csv(b"x,x\n1,2\n")
    assert (row.reason, row.raw) == ("two columns have one name: 'x'", b"1,2")
    (row,) = _tsv(b"x\tx\n1\t2\n")
    assert row.reason == "two columns have one name: 'x'"


def test_a_header_that_cannot_be_read_is_not_passed_on_to_the_next_row() -> None:
    for found in (_csv(b"\xff,y\n1,2\n"), _tsv(b"\xff\ty\n1\t2\n")):
        assert [row.reason is None for row in found] == [False, False]


def test_tab_separated_quotes_are_characters() -> None:
    found = _tsv(b'say "hi\tb\nonly one\n', ("x", "y"))
    assert found[0].value == {"x": 'say "hi', "y": "b"}
    assert found[1].reason == "1 columns, 2 expected (x, y)"
    assert _tsv(b"\xef\xbb\xbfx\ty\r\n1\t2\r\n")[0].value == {"x": "1", "y": "2"}


def test_files_of_carriage_returns_have_rows() -> None:
    assert [row.value for row in _csv(b"x,y\r1,2\r3,4\r")] == [
        {"x": "1", "y": "2"},
        {"x": "3", "y": "4"},
    ]


@given(st.binary(max_size=200), SIZES)
def test_no_bytes_make_it_raise(data: bytes, size: int) -> None:
    for row in [*_csv(b"x,y\n" + data, size), *_tsv(data)]:
        assert (row.reason is None) != (row.value is None)
