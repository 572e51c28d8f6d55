"""The card of a mixture: golden text, valid front matter, sums that agree with the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from huggingface_hub import DatasetCard

RECIPE = """
name: tea-time
seed: 1
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl, license: cc-by-4.0}
  pairs: {format: hh_rlhf, path: data/pairs.jsonl, use: [sft, preference]}
annotate: [task_type]
dedup: [exact]
mix: {rows: 12, max_epochs: 2, shares: {component: {feedback: 0.5}}}
"""
GOLDEN = Path(__file__).parent / "tea-time.md"


def _rows(write_rows: Callable[[str, list[Any]], Path]) -> None:
    teas = ["Assam", "Ceylon", "Darjeeling", "Keemun", "Sencha", "Oolong"]
    asked = [f"Which land grows {tea}?" for tea in teas]
    tasks = [{"instruction": each, "input": "", "output": "India"} for each in asked]
    write_rows("tasks.jsonl", [*tasks, tasks[0], {"instruction": "No answer?", "output": ""}, {}])
    start = "\n\nHuman: Any good tea?\n\nAssistant: "
    pairs = [{"chosen": f"{start}{tea}.", "rejected": f"{start}No."} for tea in teas[:4]]
    write_rows("pairs.jsonl", pairs)


def test_the_card_is_the_golden_one(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, _ = build_recipe(RECIPE)
    assert (out / "README.md").read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")


def test_the_hub_reads_its_front_matter(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, summary = build_recipe(RECIPE)
    data = DatasetCard.load(out / "README.md").data
    assert data.license == ["cc-by-4.0", "mit"]
    assert data.size_categories == ["n<1K"]
    assert [config["config_name"] for config in data.configs] == list(summary.configs)
    assert data.source_datasets == ["Anthropic/hh-rlhf"]


def test_its_numbers_are_sums_over_the_ledger(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, summary = build_recipe(RECIPE)
    ledger = pq.read_table(out / "ledger.parquet").to_pandas()
    for source in summary.sources:
        mine = ledger[ledger["id"].str.startswith(f"{source.name}/")]
        counts = mine["fate"].value_counts().to_dict()
        assert source.read == len(mine)
        assert source.drawn == counts.get("drawn", 0)
        assert source.not_drawn == counts.get("not_drawn", 0)
        assert sum(source.quarantined.values()) == counts.get("quarantined", 0)
        assert source.drawn_rows == mine["repeat"].sum()
    assert "**used for `sft` although its card warns against it**" in (out / "README.md").read_text(
        encoding="utf-8"
    )
