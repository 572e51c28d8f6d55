"""Screens in a build: what is dropped unasked, what a recipe asks for, and how it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mixer.errors import RecipeError

RECIPE = """
name: screened
sources:
  chat: {format: messages, path: data/chat.jsonl}
  pairs: {format: hh_rlhf, path: data/pairs.jsonl}
  tasks: {format: alpaca, path: data/tasks.jsonl}
"""


@pytest.fixture
def sources(write_rows: Callable[[str, list[Any]], Path]) -> None:
    def chat(*turns: str) -> dict[str, Any]:
        roles = ("user", "assistant")
        return {
            "messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
        }

    start = "\n\nHuman: Any good tea?\n\nAssistant: "
    write_rows("chat.jsonl", [chat("Any tea?"), chat("Any tea?", "Assam."), chat("Tea?", "\u200b")])
    write_rows(
        "pairs.jsonl",
        [
            {"chosen": f"{start}Assam.", "rejected": f"{start}"},
            {"chosen": f"{start}Assam.", "rejected": f"{start}I can't help you."},
            {"chosen": f"{start}I'm sorry, I can't help with that.", "rejected": f"{start}No."},
        ],
    )
    outputs = ["India", "", " ", "As an AI, I do not drink.", "Write to ada@engine.org."]
    write_rows(
        "tasks.jsonl", [{"instruction": f"Tea {n}?", "output": o} for n, o in enumerate(outputs)]
    )


@pytest.mark.usefixtures("sources")
def test_what_nothing_can_be_learned_from_is_dropped_unasked_and_counted(
    build_recipe: Callable[..., Any],
) -> None:
    out, summary = build_recipe(RECIPE)
    assert summary.dropped == {"read": {"empty answer": 4}}
    assert summary.configs == {"sft": 4, "preference": 2, "prompts": 1}
    assert "| dropped by read | empty answer | 4 |" in (out / "README.md").read_text("utf-8")
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    assert Counter(row["why"] for row in ledger if row["step"] == "read") == {"empty answer": 4}


@pytest.mark.usefixtures("sources")
def test_a_source_may_keep_such_records_and_the_card_says_so(
    build_recipe: Callable[..., Any],
) -> None:
    recipe = RECIPE.replace("tasks.jsonl", "tasks.jsonl, unusable: keep")
    out, summary = build_recipe(recipe)
    assert summary.dropped == {"read": {"empty answer": 2}}
    treatments = {source.name: source.treatments for source in summary.sources}
    assert treatments["tasks"] == {"kept despite: empty answer": 2}
    answers = [r["messages"][-1]["content"] for r in pq.read_table(out / "data/sft").to_pylist()]
    assert {"", " "} <= set(answers)
    assert "kept despite: empty answer (2)" in (out / "README.md").read_text("utf-8")


@pytest.mark.usefixtures("sources")
def test_screens_are_counted_and_leave_what_was_rejected_and_bare_prompts(
    build_recipe: Callable[..., Any],
) -> None:
    screens = "screen: [refusal, self_identification, empty_answer, echo, repetition, truncated, "
    screens += "placeholders, mojibake, {personal_data: {kinds: [email]}}, red_team]\n"
    _, summary = build_recipe(RECIPE + screens, workers=2)
    assert summary.dropped == {
        "read": {"empty answer": 4},
        "screen.refusal": {"begins with a refusal": 1},
        "screen.self_identification": {"speaks as a language model": 1},
        "screen.personal_data": {"holds an e-mail address": 1},
    }
    assert summary.configs == {"sft": 2, "preference": 1, "prompts": 1}


@pytest.mark.usefixtures("sources")
def test_a_bad_pattern_is_an_error_with_its_line(build_recipe: Callable[..., Any]) -> None:
    with pytest.raises(RecipeError, match=r":7: .*no regular expression of RE2"):
        build_recipe(RECIPE + "screen: [{refusal: {patterns: ['(']}}]\n")
