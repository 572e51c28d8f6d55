"""JSON in all its shapes, in any pieces: every good row survives, a broken one alone is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dribble import Dribble
from hypothesis import given
from hypothesis import strategies as st

from mixer.sources import json_object, raw_row
from mixer.sources.json_rows import json_rows
from mixer.sources.raw_row import RawRow

TEXTS = st.text(alphabet='ab"\\{}[],:\n é😀', max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(st.fixed_dictionaries({"id": st.integers(), "value": VALUES}), max_size=6)
SIZES = st.integers(1, 50)


def _rows(data: bytes, size: int = 1 << 20, rows_at: str | None = None) -> list[RawRow]:
    head = data[: max(size, 40)]
    return list(json_rows(Dribble(data[len(head) :], size), head, rows_at))


def _values(found: list[RawRow]) -> list[Any]:
    return [row.value for row in found if row.reason is None]


def _reasons(found: list[RawRow]) -> list[str]:
    return [row.reason for row in found if row.reason is not None]


def _layouts(rows: list[Any]) -> Iterator[str]:
    yield json.dumps(rows)
    yield json.dumps(rows, indent=2, ensure_ascii=False)
    yield json.dumps(rows, separators=(",", ":"))
    yield "".join(json.dumps(row) + "\n" for row in rows)
    yield "\n".join(json.dumps(row, indent=1) for row in rows)


@given(ROWS, SIZES)
def test_rows_of_every_layout_are_those_that_were_written(rows: list[Any], size: int) -> None:
    for text in _layouts(rows):
        found = _rows(text.encode(), size)
        assert (_values(found), _reasons(found)) == (rows, [])
        assert [row.row for row in found if row.row != row.member_row] == []


@given(ROWS, SIZES, st.dictionaries(TEXTS, VALUES, max_size=3), st.booleans())
def test_rows_of_an_object_have_the_rest_as_header(
    rows: list[Any], size: int, header: dict[str, Any], last: bool
) -> None:
    header.pop("rows", None)
    document = {**header, "rows": rows} if last else {"rows": rows, **header}
    found = _rows(json.dumps(document).encode(), size, "rows")
    assert (_values(found), _reasons(found)) == (rows, [])
    assert all(row.header == header for row in found)


BREAKS = (
    lambda text: text.replace('"value"', '"val"ue"'),
    lambda text: text.replace('"value"', '"value'),
    lambda text: text + "}",
    lambda text: text[:-1],
    lambda text: text.replace(":", "", 1),
    lambda text: text.replace("{", "{{", 1),
    lambda text: text[:-1] + "]}",
    lambda text: text[: len(text) // 2],
)


@pytest.mark.parametrize("damage", BREAKS)
@pytest.mark.parametrize("place", [0, 1, 4, 9])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_rows_before_and_after_a_break_are_kept(
    damage: Any, place: int, indent: int | None, size: int
) -> None:
    rows = [{"id": n, "value": {"id": f"a, {{b}} {n}"}} for n in range(10)]
    texts = [json.dumps(row, indent=indent) for row in rows]
    texts[place] = damage(texts[place])
    found = _rows(f"[{', '.join(texts)}]".encode(), size)
    assert _values(found) == rows[:place] + rows[place + 1 :]
    assert 1 <= len(_reasons(found)) <= 2
    shown = b"".join(row.text() for row in found if row.reason is not None)
    assert texts[place].strip().encode() in shown


def test_commas_that_stand_alone_are_told() -> None:
    found = _rows(b'[{"a": 1}, {"a": 2},\n]')
    assert (len(_values(found)), _reasons(found)) == (2, ["not JSON: a comma without a row"])
    found = _rows(b'[,{"a": 1},,{"a": 2}]')
    assert (len(_values(found)), len(_reasons(found))) == (2, 2)


def test_a_missing_comma_or_bracket_loses_no_row() -> None:
    assert _values(_rows(b'[{"a": 1} {"a": 2}]')) == [{"a": 1}, {"a": 2}]
    found = _rows(b'[{"a": 1}, {"a": 2}')
    assert (len(_values(found)), _reasons(found)) == (2, ["not JSON: the list has no end"])


def test_lists_one_after_the_other_are_read_on() -> None:
    assert _values(_rows(b'[{"a": 1}]\n[]\n[{"a": 2}]\n')) == [{"a": 1}, {"a": 2}]
    assert _rows(b"[]") == _rows(b" [ ]\n") == []


def test_an_object_that_breaks_off_gives_the_rows_before() -> None:
    found = _rows(b'{"name": 1, "rows": [{"a": 1}, {"a": 2}], "more": [1', rows_at="rows")
    assert _values(found) == [{"a": 1}, {"a": 2}]
    assert _reasons(found) == ["not JSON: the file ends inside the field `more`"]
    assert found[0].header == {"name": 1}
    found = _rows(b'{"name": 1, "rows": [{"a": 1}, {"a"', rows_at="rows")
    assert _values(found) == [{"a": 1}]
    assert "the file ends inside this row" in _reasons(found)[0]


def test_what_is_no_object_with_rows_is_told() -> None:
    assert _reasons(_rows(b'{"name": 1}', rows_at="rows")) == ["not JSON: the object has no `rows`"]
    assert _reasons(_rows(b"12", rows_at="rows")) == ["not JSON: an object is expected"]
    twice = _rows(b'{"rows": [{"a": 1}], "n": 1, "n": 2}', rows_at="rows")
    assert _reasons(twice) == ["a key stands twice: `n`"]
    assert _values(twice) == [{"a": 1}]
    behind = _rows(b'{"n": [01], "n": 2, "rows": [{"a": 1}]}', rows_at="rows")
    assert _values(behind) == [{"a": 1}]
    assert [reason.split(":")[0] for reason in _reasons(behind)] == ["not JSON"]


@pytest.mark.parametrize("more", [b' {"rows": [{"a": 2}]}', b"x", b"]", b'"n": null}'])
def test_what_follows_the_object_is_told(more: bytes) -> None:
    found = _rows(b'{"rows": [{"a": 1}]}\n' + more, rows_at="rows")
    assert _values(found) == [{"a": 1}]
    assert [reason[:28] for reason in _reasons(found)] == ["something follows the object"]
    assert _values(_rows(b'{"rows": [{"a": 1}]} \n\n', rows_at="rows")) == [{"a": 1}]
    assert _reasons(_rows(b'{"rows": [{"a": 1}]} \n\n', rows_at="rows")) == []


MEMBERS = (b'"n": 1', b'"m": {"b": [NaN]}', b'"rows": [{"a": 1}, 5]', b'"rows": [{"a"', b"[", b"}")


@given(st.lists(st.sampled_from(MEMBERS), max_size=5))
def test_a_large_object_is_read_like_a_small_one(members: list[bytes]) -> None:
    data = b"{" + b", ".join(members) + b"}"
    at_once = _rows(data, rows_at="rows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_object, "_KEPT_BYTES", 0)
        assert _rows(data, rows_at="rows") == at_once


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"a": "\xff"}', "not UTF-8: "),
        (b'{"a": "x" y}', "not JSON: "),
        (b'{"a": "' + b"[" * 10_000 + b'", "b": ' + b"[" * 101 + b"]" * 101 + b"}", "nested more "),
        (b"[" * 10_000 + b"]" * 10_000, "nested more than 100 levels deep"),
        (b'{"a": "\\ud800"}', "a lone surrogate"),
        (b'{"a": NaN, "b": "\\udc00"}', "a lone surrogate"),
        (b"\x00\x01", "not JSON: "),
        (b'{"a": "\x07"}', "not JSON: "),
        (b'{"a": 1e999}', "not JSON: "),
        (b'{"a": [NaN, -1e999]}', "not JSON: a number out of range: -1e999"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON: "),
        (b'{"a": 1, "b": 2, "a": 3}', "a key stands twice: `a`"),
        (b'{"a": [{"b": 1}, {"c" : 2, "c" : 2}]}', "a key stands twice: `c`"),
        (b'{"a": NaN, "a": 1}', "a key stands twice: `a`"),
        (b'{"a": 1} {"a": 2}', "not JSON: "),
    ],
)
def test_a_bad_line_says_why_and_leaves_the_others(bad: bytes, reason: str) -> None:
    found = _rows(b'{"a": 1}\n' + bad + b'\n{"a": 2}\n')
    assert _values(found) == [{"a": 1}, {"a": 2}]
    (broken,) = [row for row in found if row.reason is not None]
    assert (broken.row, broken.raw) == (2, bad)
    assert str(broken.reason).startswith(reason)


def test_numbers_are_read_as_they_are() -> None:
    (row,) = _rows(b'{"a": 123456789012345678901234567890, "b": -9223372036854775809}')
    assert row.value == {"a": 123456789012345678901234567890, "b": -9223372036854775809}


def test_nan_is_read_as_null() -> None:
    found = _rows(b'{"a": NaN}\n{"a": -Infinity}\n{"a": 1}\n')
    assert _values(found) == [{"a": None}, {"a": None}, {"a": 1}]
    found = _rows(b'{"name": [NaN], "rows": [{"a": NaN}, {"a": 2}]}', rows_at="rows")
    assert _values(found) == [{"a": None}, {"a": 2}]


@pytest.mark.parametrize("shape", ["lines", "list", "no end"])
@pytest.mark.parametrize("size", [33, 1 << 20])
def test_a_row_that_is_too_long_is_passed_over(
    shape: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_row, "MAX_ROW_BYTES", 100)
    long = b'{"a": "' + b"x" * 20_000 + b'"}'
    data = {
        "lines": b'{"a": 1}\n' + long + b'\n{"a": 2}\n',
        "list": b'[{"a": 1}, ' + long + b', {"a": 2}]',
        "no end": b'[{"a": 1}, ' + long[:-1] + b', {"a": 2}]',
    }[shape]
    found = _rows(data, size)
    assert _values(found) == [{"a": 1}, {"a": 2}]
    (bad,) = [row for row in found if row.reason is not None]
    assert len(bad.text()) <= 20_010
    assert found[1] is bad


def test_a_list_full_of_rows_without_an_end_is_read_in_time() -> None:
    """Each row looks for its end; were all of the rest looked at for each, this took minutes."""
    row = b'{"a": "' + b"x" * 50 + b'"'
    found = _rows(b"[" + b", ".join([row] * 20_000) + b"]", 1 << 20)
    assert len(_reasons(found)) >= 20_000


@given(st.binary(max_size=200), SIZES, st.sampled_from([None, "rows"]))
def test_no_bytes_make_it_raise(data: bytes, size: int, rows_at: str | None) -> None:
    for start in (b"", b"[", b'{"rows": [', b'{"a": 1}\n', b"{\n"):
        for row in _rows(start + data, size, rows_at):
            assert row.raw is not None
            assert row.reason != ""


@given(st.text(alphabet='{}[],:"a1 \\\n', max_size=60), SIZES)
def test_nothing_of_a_broken_list_is_lost(text: str, size: int) -> None:
    """Of all that is no white space, comma or bracket of the list, each character is in a row."""
    found = _rows(f'[{{"a": 1}},{text}'.encode(), size)
    shown = b"".join(row.text() for row in found).decode()
    blank = str.maketrans("", "", " \n,[]")
    assert shown.translate(blank) == f'{{"a": 1}}{text}'.translate(blank)
