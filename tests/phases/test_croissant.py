"""croissant.json is valid Croissant 1.1, and its reader finds the rows that were written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow.parquet as pq
import pytest

RECIPE = """
name: tea
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl, license: cc-by-4.0}
  pairs: {format: hh_rlhf, path: data/pairs.jsonl}
annotate: [task_type, length, language]
mix: {rows: 8}
"""


@pytest.fixture
def mixture(build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]) -> Path:
    teas = ["Assam", "Ceylon", "Darjeeling", "Keemun"]
    tasks = [{"instruction": f"Where does {tea} grow?", "output": "In Asia."} for tea in teas]
    write_rows("tasks.jsonl", tasks)
    start = "\n\nHuman: Any good tea?\n\nAssistant: "
    pairs = [{"chosen": f"{start}{tea}.", "rejected": f"{start}No."} for tea in teas]
    write_rows("pairs.jsonl", pairs)
    out, _ = build_recipe(RECIPE)
    return Path(out)


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib|pyparsing|mlcroissant")
def test_its_reader_accepts_it_and_finds_the_rows(
    mixture: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        read = mlcroissant.Dataset(str(mixture / "croissant.json"))
    assert not read.metadata.ctx.issues.errors
    assert "not standard" not in caplog.text
    for config in ("sft", "preference"):
        found = [row[f"{config}/id"].decode() for row in read.records(config)]
        written = pq.read_table(mixture / "data" / config, partitioning=None).column("id")
        assert sorted(found) == sorted(written.to_pylist())


def test_it_says_where_the_rows_come_from(mixture: Path) -> None:
    made = json.loads((mixture / "croissant.json").read_bytes())
    assert made["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    origins = {one["prov:label"]: one["@id"] for one in made["prov:wasDerivedFrom"]}
    assert origins["tasks"] == "urn:source:tasks"
    assert "https://github.com/anthropics/hh-rlhf" in origins.values()
    assert "recipe.yaml with seed 0" in made["prov:wasGeneratedBy"]["prov:label"]
    assert made["license"] == ["cc-by-4.0", "mit"]
