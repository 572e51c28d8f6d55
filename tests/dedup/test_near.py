"""The step `near` in a build: what it compares, whom it keeps, and what the ledger says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mixer.errors import InputError, RecipeError

SOURCES = "name: t\nseed: 1\nsources:\n  a: {format: alpaca, path: data/a.jsonl, license: mit}\n"
STORY = "Tell me how the old lighthouse keeper of the northern bay came to own a blue boat"
ANSWER = "He won it in a game of chess that lasted three nights and two days."


def row(prompt: str, answer: str) -> dict[str, str]:
    return {"instruction": prompt, "input": "", "output": answer}


def transcript(prompt: str, chosen: str, rejected: str) -> dict[str, str]:
    start = f"\n\nHuman: {prompt}\n\nAssistant: "
    return {"chosen": start + chosen, "rejected": start + rejected}


def dropped(out: Path) -> dict[str, tuple[str, float]]:
    """By row: what each dropped record repeats, and how alike they are."""
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    return {
        line["id"]: (line["duplicate_of"], round(line["similarity"], 3))
        for line in ledger
        if line["step"] == "dedup.near"
    }


def test_prompt_and_answer_must_each_be_alike(write_rows: Any, build_recipe: Any) -> None:
    rows = [
        row(STORY, ANSWER),
        row(STORY, "Nobody knows, for he never told anyone about it."),
        row("Something else entirely that has the very same answer", ANSWER),
        row(STORY + " indeed", ANSWER.upper()),
    ]
    write_rows("a.jsonl", rows)
    out, _ = build_recipe(SOURCES + "dedup: [near]\n")
    assert dropped(out) == {"a/data/a.jsonl:4": ("a/data/a.jsonl:1", 0.938)}
    out, _ = build_recipe(SOURCES + "dedup: [near: {on: prompt}]\n", out="prompt")
    assert set(dropped(out)) == {"a/data/a.jsonl:2", "a/data/a.jsonl:4"}
    out, _ = build_recipe(SOURCES + "dedup: [near: {on: answer}]\n", out="answer")
    assert set(dropped(out)) == {"a/data/a.jsonl:3", "a/data/a.jsonl:4"}
    out, _ = build_recipe(SOURCES + "dedup: [near: {threshold: 0.95}]\n", out="strict")
    assert dropped(out) == {}


def test_the_longer_or_better_of_two_stays(write_rows: Any, build_recipe: Any) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER), row(STORY + " indeed", ANSWER)])
    out, _ = build_recipe(
        SOURCES + "annotate: [length]\ndedup: [near: {keep: longest}]\n", workers=2
    )
    assert dropped(out) == {"a/data/a.jsonl:1": ("a/data/a.jsonl:2", 0.938)}


def test_pairs_that_share_a_prompt_are_not_duplicates(write_rows: Any, build_recipe: Any) -> None:
    rows = [
        transcript(STORY, "He bought it.", "Who knows?"),
        transcript(STORY, "He built it.", "Who cares?"),
        transcript(STORY + "!", "He bought it", "who knows"),
    ]
    write_rows("a.jsonl", rows)
    out, _ = build_recipe(SOURCES.replace("alpaca", "hh_rlhf") + "dedup: [near: {on: prompt}]\n")
    assert dropped(out) == {"a/data/a.jsonl:3": ("a/data/a.jsonl:1", 1.0)}


def test_against_a_mixture_cleans_of_what_was_there(write_rows: Any, build_recipe: Any) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER), row("Is it raining?", "yes")])
    before, _ = build_recipe(SOURCES, out="before")
    write_rows("a.jsonl", [row("Is it snowing?", "yes"), row(STORY + "!", ANSWER)])
    out, summary = build_recipe(SOURCES + "dedup: [near: {against: before}]\n", out="after")
    assert dropped(out) == {"a/data/a.jsonl:2": (f"{before}#a/data/a.jsonl:1", 1.0)}
    assert [(one.source, one.repeats, one.records) for one in summary.overlaps] == [
        ("a", str(before), 1)
    ]


def test_calls_of_tools_are_compared_with_those_of_a_mixture(
    write_rows: Any, build_recipe: Any
) -> None:
    call = {"name": "log", "arguments": {"story": ANSWER, "keeper": STORY, "bay": "northern"}}
    turns = [("human", STORY), ("function_call", json.dumps(call)), ("observation", "ok")]
    said = [{"from": speaker, "value": text} for speaker, text in [*turns, ("gpt", "Done.")]]
    write_rows("a.jsonl", [{"conversations": said}])
    sources = SOURCES.replace("alpaca", "sharegpt")
    before, _ = build_recipe(sources, out="before")
    out, _ = build_recipe(sources + "dedup: [near: {against: before}]\n", out="after")
    assert dropped(out) == {"a/data/a.jsonl:1": (f"{before}#a/data/a.jsonl:1", 1.0)}


def test_against_must_be_a_mixture(write_rows: Any, build_recipe: Any, tmp_path: Path) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER)])
    with pytest.raises(Exception, match="data is no mixture: `against` names the folder of one"):
        build_recipe(SOURCES + f"dedup: [near: {{against: {tmp_path / 'data'}}}]\n")


def test_against_must_be_there(write_rows: Any, build_recipe: Any) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER)])
    with pytest.raises(RecipeError, match=r"recipe.yaml:\d+: .*nowhere is not there"):
        build_recipe(SOURCES + "dedup: [near: {against: nowhere}]\n")


def test_against_a_mixture_of_no_rows_and_of_other_files(
    write_rows: Any, build_recipe: Any, tmp_path: Path
) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER)])
    (tmp_path / "out").mkdir()
    (tmp_path / "out/ledger.parquet").write_bytes(b"")
    against = "dedup: [near: {against: out}]\n"
    assert build_recipe(SOURCES + against, out="new")[1].drawn == 1
    (tmp_path / "out/data/train").mkdir(parents=True)
    pq.write_table(pa.table({"x": [1]}), tmp_path / "out/data/train/0.parquet")
    with pytest.raises(InputError, match="no file of a mixture"):
        build_recipe(SOURCES + against, out="newer")
    (tmp_path / "out/data/train/0.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        build_recipe(SOURCES + against, out="newest")


def test_the_highest_score_needs_scores(write_rows: Any, build_recipe: Any) -> None:
    write_rows("a.jsonl", [row(STORY, ANSWER)])
    with pytest.raises(InputError, match="no record has a score"):
        build_recipe(SOURCES + "dedup: [near: {keep: highest_score}]\n")


def test_the_card_says_which_source_is_contained_in_which(
    write_rows: Any, build_recipe: Any
) -> None:
    rows = [
        row(f"{STORY} number {n}, and what {n} of {n + 1} people said", f"{n}") for n in range(9)
    ]
    write_rows("a.jsonl", rows)
    write_rows("b.jsonl", [row(each["instruction"].upper(), each["output"]) for each in rows[:4]])
    out, summary = build_recipe(
        SOURCES + "  b: {format: alpaca, path: data/b.jsonl, license: mit}\ndedup: [near]\n"
    )
    assert [(one.source, one.repeats, one.records, one.share) for one in summary.overlaps] == [
        ("b", "a", 4, 1.0)
    ]
    assert "| b | 4 (100.0%) |" in (out / "README.md").read_text()
