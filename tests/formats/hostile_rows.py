"""What others may write in place of a plausible row."""

from __future__ import annotations

import datetime
import decimal
import math
from functools import cache
from typing import Any

from hypothesis import strategies as st
from plausible_rows import Upstream, keys, upstream_rows

Place = tuple[Any, Any]


def _nested(levels: int, key: str | None = None) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if key is None else {key: value}
    return value


HOSTILE: list[Any] = [
    *(None, True, False, 0, 1, -1, 2, 10**6, 2**63, -(2**63) - 1, 2**64, 10**30, 10**400),
    *(0.5, -0.0, 1e308, math.nan, math.inf, -math.inf),
    *(
        "",
        " ",
        "\n\t",
        "\x00\x1b[0m\x7f",
        "\u202e\u2066",
        "\u200b",
        "\ud800",
        "a\udfff b",
        "\ufffe",
    ),
    *("1", "true", "null", "[]", "{}", "user", "assistant", "tool_call", "e\u0301\U0001f469\u200d"),
    '{"name": "f", "arguments": {"a": 1}}',
    '{"name": "f", "arguments": ' + "[" * 300 + "]" * 300 + "}",
    "x" * 20_000,
    "\n\nHuman: \n\nAssistant: \n\nHuman:",
    *([], {}, [[]], [None], [{}], {"": None}, {"a.b": [1]}, ["", ""], [1, "a"], [["a", "b"]]),
    *(_nested(40), _nested(300), _nested(300, "replies"), _nested(950)),
    # Tables hold such values, JSON does not.
    *(b"bytes", b"\xff", datetime.datetime(2020, 1, 1), decimal.Decimal("1.5"), ("a", 1)),
]
# Fields of other formats, and names that mixer itself uses in `meta`.
_FURTHER = (
    *("turn_fields", "tools", "treatments", "stated_task", "messages", "completions", "images"),
    *("prompt", "id", "\ud800", ""),
)


@cache
def hostile_rows(name: str) -> st.SearchStrategy[Upstream]:
    """Upstream rows of a format with up to four faults, and marks in place of some texts."""
    further = st.sampled_from([*keys(name), *_FURTHER])

    @st.composite
    def hostile(draw: st.DrawFn) -> Upstream:
        upstream = draw(upstream_rows(name))
        held = {"row": upstream.row, "header": upstream.header}
        for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 4]))):
            _spoil(draw, held, further)
        _mark(draw, held["row"])
        return Upstream(held["row"], held["header"], upstream.options)

    return hostile()


def _spoil(draw: st.DrawFn, held: Any, further: st.SearchStrategy[str]) -> None:
    """Changes, takes away or adds something, anywhere."""
    value, key = draw(st.sampled_from(_places(held)))
    action = draw(st.sampled_from(["change", "change", "add", "take", "repeat"]))
    inner = value[key]
    if _is_shared(inner):
        value[key] = draw(st.sampled_from(HOSTILE))
    elif action == "add" and isinstance(inner, dict):
        inner[draw(further)] = draw(st.sampled_from(HOSTILE))
    elif action == "add" and isinstance(inner, list):
        inner.append(draw(st.sampled_from(HOSTILE)))
    elif action == "take" and value is not held:
        del value[key]
    elif action == "repeat" and isinstance(value, list):
        value.append(inner)
    else:
        value[key] = draw(st.sampled_from(HOSTILE))


def _mark(draw: st.DrawFn, row: Any) -> None:
    """Puts a text that stands nowhere else in place of up to three texts."""
    written = [place for place in _places({"row": row})[1:] if isinstance(place[0][place[1]], str)]
    if written:
        chosen = draw(st.lists(st.sampled_from(written), max_size=3))
        for number, (value, key) in enumerate(chosen):
            value[key] = f"mark{number}x"


def _is_shared(value: Any) -> bool:
    return any(value is each for each in HOSTILE)


def _places(value: Any) -> list[Place]:
    """Every list and object with each of its keys; values of HOSTILE, which are shared, apart."""
    if _is_shared(value):
        return []
    inner = (
        range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
    )
    return [place for key in inner for place in [(value, key), *_places(value[key])]]
