"""Hub sources: rows stream in order, and without a network the error says what to do.

`datasets` opens a local folder of the same name as it opens one on the hub.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest

from mixer.phases.why import story
from mixer.sources.hub import HubSplit, hub_rows

REVISION = "0" * 40


def test_rows_come_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "someone" / "data"
    folder.mkdir(parents=True)
    rows = [{"instruction": f"{n}?", "output": f"{n}"} for n in range(5)]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    found = list(hub_rows(HubSplit("someone/data", REVISION, "train")))
    assert [row.value for row in found] == rows
    assert [row.row for row in found] == [1, 2, 3, 4, 5]


def test_a_build_reads_from_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build_recipe: Callable[..., Any]
) -> None:
    folder = tmp_path / "someone" / "data"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text('{"instruction": "a?", "output": "b", "more": 1}\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    source = f"{{format: alpaca, hub: someone/data, revision: '{REVISION}'}}"
    out, summary = build_recipe(f"name: t\nsources: {{s: {source}}}\n")
    assert summary.sources[0].origin == f"someone/data at {REVISION}"
    facts = json.loads((out / "files.jsonl").read_text())
    assert (facts["file"], facts["revision"], facts["sha256"]) == ("train", REVISION, None)
    assert story(out, "s/train:1").fate == "drawn"


def test_labels_name_configuration_folder_and_split() -> None:
    assert HubSplit("a/b", REVISION, "test").label == "test"
    assert HubSplit("a/b", REVISION, "test", "en", "helpful-base").label == "en/helpful-base/test"


def test_without_a_network_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    source = f"{{format: alpaca, hub: nobody/nothing, revision: '{REVISION}'}}"
    recipe.write_text(f"name: t\nsources: {{s: {source}}}\n")
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-m", "mixer", "build", str(recipe), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot read nobody/nothing" in done.stderr
    assert "download the files and use `path:`" in done.stderr
    assert "Traceback" not in done.stderr
