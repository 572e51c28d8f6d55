"""Preference pairs that repeat or contradict one another, told and resolved as the recipe asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

PAIRS = "  p: {format: hh_rlhf, path: data/p.jsonl, license: mit}\n"
SINGLE = "  s: {format: alpaca, path: data/s.jsonl, license: mit}\n"


def recipe(options: str, sources: str = PAIRS) -> str:
    return f"name: t\nseed: 1\nsources:\n{sources}dedup: [preferences: {{{options}}}]\n"


def pair(chosen: str, rejected: str, prompt: str = "Who won?") -> dict[str, str]:
    start = f"\n\nHuman: {prompt}\n\nAssistant: "
    return {"chosen": start + chosen, "rejected": start + rejected}


def gone(out: Path) -> dict[str, str]:
    """By the row's number: why it went."""
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    return {
        line["id"].split(".jsonl:")[1]: line["why"]
        for line in ledger
        if line["step"] == "dedup.preferences"
    }


A, B, C = "The red team", "The blue team", "Nobody did"


@pytest.mark.parametrize(
    ("how", "rows"),
    [("majority", {"2"}), ("first", {"2"}), ("drop", {"1", "2", "3"}), ("report", set())],
)
def test_conflicts_are_resolved_as_asked(
    write_rows: Any, build_recipe: Any, how: str, rows: set[str]
) -> None:
    write_rows("p.jsonl", [pair(A, B), pair(B, A), pair(A + ".", B.lower()), pair(A, C)])
    out, summary = build_recipe(recipe(f"conflicts: {how}, repeats: report"))
    assert set(gone(out)) == rows
    assert any("1 pairs of answers of which each is preferred" in note for note in summary.found)


def test_a_tie_leaves_neither_side(write_rows: Any, build_recipe: Any) -> None:
    write_rows("p.jsonl", [pair(A, B), pair(B, A), pair(B, A, "Who lost?")])
    out, _ = build_recipe(recipe(""))
    assert set(gone(out)) == {"1", "2"}


def test_repeats_and_equal_answers_go(write_rows: Any, build_recipe: Any) -> None:
    write_rows("p.jsonl", [pair(A, B), pair(A.upper(), B), pair(C, C + "!")])
    out, summary = build_recipe(recipe(""))
    assert gone(out) == {"2": "repeats a kept pair", "3": "both answers say the same"}
    assert summary.found == [
        "dedup.preferences: 1 pairs whose chosen and rejected answers say the same",
        "dedup.preferences: 1 pairs that repeat another pair",
    ]


def test_an_answer_on_both_sides_is_told_and_goes_where_asked(
    write_rows: Any, build_recipe: Any
) -> None:
    write_rows("p.jsonl", [pair(A, B), pair(B, C), pair(B, C, "Who lost?")])
    out, summary = build_recipe(recipe(""))
    assert gone(out) == {}
    assert "1 answers that are chosen in one pair" in summary.found[0]
    out, _ = build_recipe(recipe("chosen_and_rejected: drop"), out="dropped")
    assert set(gone(out)) == {"2"}


def test_prompts_shared_with_supervised_records(write_rows: Any, build_recipe: Any) -> None:
    write_rows("p.jsonl", [pair(A, B)])
    rows = [("who won", A), ("Who lost?", B)]
    write_rows("s.jsonl", [{"instruction": p, "input": "", "output": a} for p, a in rows])
    out, summary = build_recipe(recipe("", SINGLE + PAIRS))
    assert gone(out) == {}
    assert "1 supervised records with the prompt of a preference pair" in summary.found[0]
    out, _ = build_recipe(recipe("shared_prompts: drop_supervised", SINGLE + PAIRS), out="dropped")
    assert gone(out) == {"1": "its prompt is also one of a preference pair"}


def test_beginnings_of_longer_conversations(write_rows: Any, build_recipe: Any) -> None:
    longer = f"Who won?\n\nAssistant: {A}\n\nHuman: Why?"
    longest = f"{longer}\n\nAssistant: {C}\n\nHuman: Really?"
    rows = [pair(A, B), pair(C, B, longer), pair(A, C, longest), pair(C, B)]
    write_rows("p.jsonl", rows)
    out, summary = build_recipe(recipe("prefixes: drop, repeats: report"))
    assert set(gone(out)) == {"1", "2"}
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    assert {line["duplicate_of"] for line in ledger if line["fate"] == "dropped"} == {
        "p/data/p.jsonl:3"
    }
    assert any("3 records whose prompt begins" in note for note in summary.found)
