"""The result opens in Hugging Face `datasets` as it is, and as a saved DatasetDict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
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
