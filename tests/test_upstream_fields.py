"""Nothing that a row holds is lost because its format has no place for it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import pytest

from mixer.upstream_fields import beside, joined, nested_fields


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class Row(msgspec.Struct):
    first: str
    second: str | None = None
    third: Literal[0, 1] | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="3rd")
    parts: list[Strict] | None = None


class Leaf(msgspec.Struct):
    text: str = ""
    below: list[Strict] = []


class Nested(msgspec.Struct):
    one: str | Leaf | None = None
    several: list[Leaf] | None = None
    free: Any = None


def test_fields_that_are_not_read_are_kept_by_upstreams_names() -> None:
    row = Row("a", "b", 1, [Strict("c")])
    assert beside(row, "first") == {"second": "b", "3rd": 1, "parts": [{"text": "c"}]}
    assert beside(Row("a"), "first") == {}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"one": {"text": "a", "note": "b"}}, {"one.note": "b"}),
        ({"several": [{}, {"note": 1, "at": 2}]}, {"several[1].at": 2, "several[1].note": 1}),
        ({"one": "text", "free": {"note": 1}, "page": 3}, {}),
        ({"one": None, "several": None}, {}),
    ],
)
def test_fields_inside_a_row_are_found(row: Any, found: dict[str, Any]) -> None:
    msgspec.convert(row, Nested)
    find = nested_fields(Nested)
    assert find is not None
    assert find(row) == found


def test_nothing_is_looked_for_where_nothing_can_be() -> None:
    assert nested_fields(Row) is None
    assert nested_fields(dict[str, Any]) is None


def test_a_field_does_not_take_the_place_of_another() -> None:
    meta = {"input": "of the instance"}
    kept = joined(meta, {"page": 3, "input": "of the row", "treatments": "by hand"}, {"a.b": 1})
    assert kept == {
        "page": 3,
        "input": "of the instance",
        "further_fields": {"a.b": 1, "input": "of the row", "treatments": "by hand"},
    }
    assert joined(meta, {}, {}) is meta
