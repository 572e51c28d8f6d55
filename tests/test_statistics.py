"""Shares count what a mixture holds, and say how far its labels can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from mixer.phases.inspect import inspect_mixture
from mixer.report.statistics import by_model, shares

# "math" is drawn three times, once unsure; upstream states one "chat", null.
FRAME = pd.DataFrame(
    {
        "task_type": ["math", "math", "chat", "chat"],
        "task_type_confidence": [0.49, 0.5, 0.2, None],
        "rows": [1, 2, 4, 3],
        "tokens": [1, 1, 1, 1],
    }
)
ROW = {"instruction": "What is the capital of Peru?", "input": "", "output": "Lima."}
RECIPE = """
name: t
sources: {s: {format: alpaca, path: data/a.jsonl, license: mit}}
annotate: [ANNOTATED]
"""


def test_the_unsure_share_is_of_the_rows_of_a_value() -> None:
    table = shares(FRAME, "task_type")
    assert table["rows"].to_dict() == {"chat": 7, "math": 3}
    assert table["unsure_share"].to_dict() == pytest.approx({"chat": 4 / 7, "math": 1 / 3})
    assert by_model(FRAME, "task_type") == pytest.approx((0.7, 0.5))


def test_other_columns_have_none() -> None:
    assert "unsure_share" not in shares(FRAME.drop(columns="task_type_confidence"), "task_type")
    assert "unsure_share" not in shares(FRAME.rename(columns={"task_type": "source"}), "source")


def test_what_is_annotated_is_exported(
    write_rows: Callable[[str, list[Any]], Path], build_recipe: Callable[..., Any]
) -> None:
    write_rows("a.jsonl", [ROW])
    own = {"task_type_confidence", "form_confidence", "prompt_language", "answer_language"}
    for annotated, expected in (("task_type, language", own), ("length", set[str]())):
        out, summary = build_recipe(RECIPE.replace("ANNOTATED", annotated))
        (path,) = out.glob("data/sft/*.parquet")
        assert own & set(pq.read_schema(path).names) == expected
        labelled = set(summary.by_model)
        assert labelled == ({"task_type", "form"} if expected else set())
        assert ("| unsure |" in (out / "README.md").read_text()) == bool(expected)
        table = shares(inspect_mixture(out, 0).frame, "source")
        assert table["rows"].to_dict() == {"s": 1}
