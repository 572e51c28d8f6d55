"""Lines of a stream are those of the whole, however it comes; long ones come cut."""

from __future__ import annotations

from dribble import Dribble
from hypothesis import given
from hypothesis import strategies as st

from mixer.sources.window import Window, lines, newline_of


def _lines(data: bytes, size: int, max_bytes: int) -> list[bytes]:
    return [line for line, _, _ in lines(Window(Dribble(data, size)), max_bytes, b"\n")]


@given(st.binary(max_size=60).map(lambda b: b.replace(b"x", b"\n")), st.integers(1, 9))
def test_lines_equal_a_split_of_the_whole(data: bytes, size: int) -> None:
    expected = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    if expected[-1] == b"" and not data.endswith(b"\r"):
        expected.pop()
    assert _lines(data, size, 100) == expected


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(1, 7))
def test_long_lines_come_cut_and_the_others_whole(lengths: list[int], size: int) -> None:
    data = b"".join(b"a" * length + b"\n" for length in lengths)
    assert _lines(data, size, 10) == [b"a" * min(length, 11) for length in lengths]


def test_keys_and_depth_are_counted_outside_strings() -> None:
    data = b'{"a:{": [1, {"b": "\\":"}]}\n\n{"c":1}'
    found = [(keys, depth) for _, keys, depth in lines(Window(Dribble(data, 5)), 100, b"\n")]
    assert found == [(2, 3), (0, 0), (1, 1)]


def test_a_file_without_line_feeds_has_carriage_returns() -> None:
    assert newline_of(b"a\rb\r") == b"\r"
    assert newline_of(b"a\r\nb") == newline_of(b"a") == b"\n"
