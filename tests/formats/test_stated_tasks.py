"""What each format that knows upstream's word for the task states, and what it leaves unsaid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixer.annotate.upstream.catalogues import CATALOGUES
from mixer.schema import Record

Parse = Callable[..., list[Record]]

PAIR = {"instruction": "Is it wet?", "input": "rain", "output": "yes"}
NI = {"id": "a", "input": "Loved it.", "output": ["positive"]}
DUMP = {"inputs": "Is it wet?", "targets": "yes", "task_name": "cot_qasc"}
MMLU = {"question": "Which?", "choices": ["a", "b"], "answer": 0, "subject": "anatomy"}


def _header(*categories: str) -> dict[str, Any]:
    return {"Definition": ["Say whether."], "Categories": list(categories)}


@pytest.mark.parametrize(
    ("format_name", "row", "more", "stated"),
    [
        ("bbh", {"input": "a", "target": "b"}, {"file": "snarks.json"}, ("bbh", "snarks")),
        ("dolly", {"instruction": "a", "response": "b", "category": "x"}, {}, ("dolly", "x")),
        ("flan", DUMP | {"task_source": "CoT"}, {}, ("cot", "cot_qasc")),
        ("flan", DUMP | {"_task_source": "NIv2"}, {}, ("niv2", "cot_qasc")),
        ("flan", DUMP | {"task_source": "Dialog"}, {}, None),
        ("flan", DUMP, {}, None),
        ("gsm8k", {"question": "a", "answer": "b"}, {}, ("words", "math")),
        ("mmlu", MMLU, {}, ("mmlu", "anatomy")),
        ("p3", {"prompt": "a", "completion": "b"}, {"file": "x/qasc_1.jsonl"}, ("p3", "qasc_1")),
        ("super_ni", NI, {"header": _header("Paraphrasing")}, ("super_ni", "Paraphrasing")),
        # Of several categories none is the task's own.
        ("super_ni", NI, {"header": _header("Paraphrasing", "Misc.")}, None),
        ("super_ni", NI, {"header": _header()}, None),
        (
            "self_instruct",
            PAIR | {"is_classification": " Yes"},
            {},
            ("self_instruct", "classification"),
        ),
        ("self_instruct", PAIR | {"is_classification": False}, {}, None),
        ("self_instruct", PAIR, {}, None),
        ("columns", {"q": "a", "a": "b", "t": "Rewrite"}, {"map": "t"}, ("words", "Rewrite")),
        ("columns", {"q": "a", "a": "b", "t": None}, {"map": "t"}, None),
        ("alpaca", PAIR, {}, None),
    ],
)
def test_what_a_format_states(
    parse: Parse, format_name: str, row: Any, more: Any, stated: tuple[str, str] | None
) -> None:
    if "map" in more:
        more = {"map": {"prompt": "q", "answer": "a", "task": more["map"]}}
    (record,) = parse(format_name, row, **more)
    assert record.stated_task == stated
    assert stated is None or stated[0] in CATALOGUES


def test_the_category_of_a_conversation_is_that_of_its_first_turn(parse: Parse) -> None:
    first, second = parse("mt_bench", {"category": "writing", "turns": ["One?", "Two?"]})
    assert (first.stated_task, second.stated_task) == (("mt_bench", "writing"), None)
