"""The result opens in Hugging Face `datasets` as it is, and as a saved DatasetDict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest

RECIPE = """
name: both
sources:
  chat: {format: messages, path: data/chat.jsonl, license: mit}
  pairs: {format: shp, path: data/pairs.jsonl, card: none}
export: [huggingface]
"""


@pytest.fixture
def mixture(
    build_recipe: Callable[..., Any],
    write_rows: Callable[[str, list[Any]], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    turns = [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Yes."}]
    write_rows("chat.jsonl", [{"messages": [*turns[:1], turns[1]]}])
    pair = {"history": "Why?", "human_ref_A": "No.", "human_ref_B": "So.", "labels": 0}
    write_rows("pairs.jsonl", [pair | {"score_A": 2, "score_B": 8, "score_ratio": 4.0}])
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    out: Path = build_recipe(RECIPE)[0]
    return out


def _check(sft: Any, preference: Any) -> None:
    (row,) = sft
    assert row["messages"][1] == {"role": "assistant", "content": "Yes."}
    assert (row["source"], row["license"]) == ("chat", "mit")
    (row,) = preference
    assert row["prompt"] == [{"role": "user", "content": "Why?"}]
    assert row["chosen"] == [{"role": "assistant", "content": "So."}]
    assert row["rejected"] == [{"role": "assistant", "content": "No."}]
    assert (row["score_chosen"], row["score_rejected"]) == (8.0, 2.0)


def test_load_dataset_opens_both_configurations(mixture: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    loaded = [
        datasets.load_dataset(str(mixture), config, split="train", cache_dir=cache)
        for config in ("sft", "preference")
    ]
    _check(*loaded)
    assert datasets.load_dataset(str(mixture), cache_dir=cache)["train"].num_rows == 1


def test_load_from_disk_opens_the_export(mixture: Path) -> None:
    folder = mixture / "exports" / "huggingface"
    loaded = [datasets.load_from_disk(str(folder / name)) for name in ("sft", "preference")]
    assert all(isinstance(each, datasets.DatasetDict) for each in loaded)
    _check(*(each["train"] for each in loaded))


CALL = {"type": "function", "function": {"name": "tide", "arguments": '{"at": "Aber"}'}}
OTHER = {"id": "c2", "function": {"name": "wind", "arguments": {"at": ["Aber", 1.5], "unit": None}}}
TURNS = [
    {"role": "user", "content": "Tide and wind?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL, OTHER]},
    {"role": "tool", "content": "14:20", "name": "tide"},
    {"role": "tool", "content": "calm", "tool_call_id": "c2"},
    {"role": "assistant", "content": "High water at 14:20, no wind."},
]
TOOLS = [{"type": "function", "function": {"name": name}} for name in ("tide", "wind")]
WITH_TOOLS = """
name: tools
sources:
  calls: {format: messages, path: data/calls.jsonl, license: mit}
  talk: {format: messages, path: data/talk.jsonl, license: mit, use: [sft]}
  pairs: {format: shp, path: data/pairs.jsonl, card: none}
mix: {split: {validation: 0.5}}
export: [huggingface, jsonl]
"""


def test_calls_are_written_as_chat_templates_take_them_and_read_back(
    build_recipe: Callable[..., Any],
    write_rows: Callable[[str, list[Any]], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    write_rows("calls.jsonl", [{"messages": TURNS, "tools": TOOLS}])
    talk = [TURNS[0] | {"content": f"Hm {n}?"} for n in range(9)]
    write_rows("talk.jsonl", [{"messages": [turn, TURNS[4]]} for turn in talk])
    pair = {"history": "Why?", "human_ref_A": "No.", "human_ref_B": "So.", "labels": 0}
    write_rows("pairs.jsonl", [pair])
    out, _ = build_recipe(WITH_TOOLS)
    cache = str(tmp_path / "cache")
    # Every split has the columns, whether or not its rows call tools; other configurations do not.
    loaded = datasets.load_dataset(str(out), "sft", cache_dir=cache)
    assert set(loaded) == {"train", "validation"}
    rows = [row for split in loaded.values() for row in split]
    (row,) = [row for row in rows if row["source"] == "calls"]
    assert json.loads(row["tools"]) == TOOLS
    first, second = row["messages"][1]["tool_calls"]
    assert row["messages"][1]["content"] is None
    assert first["function"] == {"name": "tide", "arguments": {"at": "Aber"}}
    assert second["function"]["arguments"] == {"at": ["Aber", 1.5], "unit": None}
    results = [(turn["name"], turn["tool_call_id"]) for turn in row["messages"][2:4]]
    assert results == [("tide", None), ("wind", "c2")]
    assert all(other["tools"] is None for other in rows if other["source"] == "talk")
    pairs = datasets.load_dataset(str(out), "preference", cache_dir=cache)
    assert "tools" not in next(iter(pairs.values())).column_names
    saved = datasets.load_from_disk(str(out / "exports" / "huggingface" / "sft"))
    assert [row for split in saved.values() for row in split] == rows
    lines = [
        json.loads(line)
        for path in (out / "exports" / "jsonl").glob("sft*")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    (line,) = [line for line in lines if line["source"] == "calls"]
    assert line["messages"][0] == TURNS[0]
    assert line["messages"][1]["tool_calls"][0] == {
        "type": "function",
        "function": {"name": "tide", "arguments": {"at": "Aber"}},
    }
    again = build_recipe(
        "name: again\nsources: {s: {format: messages, path: out/data/sft/*.parquet}}\n", out="again"
    )[0]
    assert _fingerprints(again) == _fingerprints(out)


def _fingerprints(mixture: Path) -> set[str]:
    paths = (mixture / "data" / "sft").glob("*.parquet")
    return {f for path in paths for f in pq.read_table(path)["fingerprint"].to_pylist()}
