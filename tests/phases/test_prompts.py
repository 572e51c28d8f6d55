"""What a prompt says is what was said to the assistant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

TIDE = "When is high water in the old harbour of the northern bay today"
CALL = '{"name": "tide", "arguments": {"at": "%s"}}'


def test_prompts_that_differ_in_calls_alone_stay_on_one_side_of_a_split(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    def chat(number: int) -> dict[str, Any]:
        place = " ".join(f"pier{number}x{word}" for word in range(60))
        turns = [
            ("human", f"Hello {number}"),
            ("function_call", CALL % place),
            ("observation", place),
            ("gpt", place),
            ("human", TIDE if number < 8 else f"{number} " * 30),
            ("gpt", "At two."),
        ]
        return {"conversations": [{"from": who, "value": text} for who, text in turns]}

    write_rows("a.jsonl", [chat(number) for number in range(40)])
    out, _ = build_recipe(
        "name: t\nsources: {s: {format: sharegpt, path: data/a.jsonl}}\n"
        "mix: {split: {validation: 0.4, group_by: prompt}}\n"
    )
    sides = {
        path.name.split("-")[0]
        for path in (out / "data" / "sft").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["messages"][-2]["content"] == TIDE
    }
    assert len(sides) == 1
