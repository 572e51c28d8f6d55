"""YAML: items of a list and documents, one bad one alone; nothing is run, nothing unfolds."""

from __future__ import annotations

from typing import Any

import pytest
from dribble import Dribble
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from mixer.sources import yaml_rows as module
from mixer.sources.raw_row import RawRow
from mixer.sources.yaml_rows import yaml_rows

GOOD = "- a: 1\n  b: |\n    one\n\n    - two\n- a: no\n  b: >-\n    three\n    four\n"
VALUES: list[Any] = [{"a": 1, "b": "one\n\n- two\n"}, {"a": "no", "b": "three four"}]


def _rows(text: str | bytes, size: int = 1000) -> list[RawRow]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(yaml_rows(Dribble(data[size:], size), data[:size]))


@pytest.mark.parametrize("size", [3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "# about\n---\n" + GOOD,
        "%YAML 1.2\n---\n\n" + GOOD + "...\n",
        "".join(f"  {line}\n" for line in GOOD.splitlines()),
        GOOD.replace("\n", "\r\n"),
        "---\n" + GOOD.replace("- a: no", "---\n- a: no"),
        "a: 1\nb: |\n  one\n\n  - two\n---\na: no\nb: three four\n",
        '--- {a: 1, b: "one\\n\\n- two\\n"}\n---   # next\na: no\nb: three four\n',
        "\ufeff" + GOOD,
        '[{"a": 1, "b": "one\\n\\n- two\\n"}, {a: "no", b: three four}]\n',
    ],
)
def test_items_and_documents_are_rows(text: str, size: int) -> None:
    found = _rows(text, size)
    assert [(row.value, row.reason) for row in found] == [(value, None) for value in VALUES]
    assert [row.row for row in found] == [1, 2]


def test_a_mark_before_the_first_byte_harms_no_row() -> None:
    found = _rows("\ufeff- {a: 1}\n- {a: [}\n- {a: 2}\n")
    assert [row.value for row in found if row.reason is None] == [{"a": 1}, {"a": 2}]


def test_two_escapes_that_are_one_character_are_joined() -> None:
    (row,) = _rows('- {"a": ["\\ud83d\\ude00"], "\\ud83d\\ude00": 1}\n')
    assert (row.value, row.reason) == ({"a": ["\U0001f600"], "\U0001f600": 1}, None)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.text(alphabet="x- :#\n'\"é", max_size=20)),
        min_size=1,
        max_size=5,
    )
)
def test_rows_are_those_that_were_written(rows: list[dict[str, str]]) -> None:
    import io

    text = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(rows, text)
    assert [row.value for row in _rows(text.getvalue(), 7)] == rows


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("- a: [1\n", "not YAML: "),
        ("- a: 'b\n", "not YAML: "),
        ("- a: 1\n  a: 2\n", "not YAML: "),
        ("- a: *elsewhere\n", "not YAML: "),
        ("- {a: ,[{b: c}]}\n", "not YAML: unhashable"),
        ("- !!python/object/apply:os.system ['false']\n", "not YAML: "),
        ("- a: " + "[" * 150 + "]" * 150 + "\n", "nested more than 100 levels deep"),
        ("- a: " + "[" * 9000 + "\n", "not YAML: "),
        ('- a: "\\ud800"\n', "a lone surrogate"),
        ("- a: &a [1, *a]\n", ""),
    ],
)
def test_a_bad_item_leaves_the_others(bad: str, reason: str) -> None:
    first, broken, last = _rows("- a: 1\n" + bad + "- a: 2\n")
    assert (first.value, last.value) == ({"a": 1}, {"a": 2})
    assert broken.text() == bad.removesuffix("\n").encode()
    assert str(broken.reason).startswith(reason)
    assert broken.reason is not None


def test_invalid_utf_8_is_told() -> None:
    assert str(_rows(b"- a: \xff\n")[0].reason).startswith("not UTF-8")


def test_an_alias_bomb_does_not_unfold() -> None:
    levels = [f"  x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12)]
    (row,) = _rows("- x0: &x0 [lol, lol]\n" + "\n".join(levels) + "\n")
    assert row.reason == "it unfolds to more than 100,000 values"
    (row,) = _rows("- a: &a " + "x" * 100_000 + "\n  b: [" + "*a, " * 500 + "]\n")
    assert row.reason == "it unfolds to more than 100,000 values"


def test_a_row_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_YAML_BYTES", 100)
    for filling in ("x" * 5000, "|\n" + "    x\n" * 1000):
        first, bad, last = _rows(f"- a: 1\n- a: {filling}\n- a: 2\n")
        assert (first.value, last.value) == ({"a": 1}, {"a": 2})
        assert "longer than" in str(bad.reason)
        assert len(bad.text()) < 300


def test_values_that_json_has_no_word_for_become_text() -> None:
    (row,) = _rows("- a: 2020-01-02\n  b: !!binary aGk=\n  1: !!set {x, y}\n  c: .inf\n")
    assert row.value == {"a": "2020-01-02", "b": "hi", "1": ["x", "y"], "c": float("inf")}


@given(st.text(alphabet="-: ab\n[]{}'\"|>&*!#%@\t", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    for row in _rows(text, 9):
        assert row.reason is None or row.value is None
