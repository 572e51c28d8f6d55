"""Real files of the formats, where they are at hand: counts that upstream's own readers lose."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(os.environ.get("MIXER_DATA", Path(__file__).parents[2] / "shared" / "data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real data: set MIXER_DATA")

# format, path below DATA → records, quarantined, dropped at reading
GOLDEN = {
    ("hh_rlhf", "hh-rlhf/*/*.jsonl.gz"): (4666, 0, 10),
    ("shp", "steamshp/anthropic_helpful/test.json.gz"): (2344, 0, 6),
    ("shp", "shp/one_row_from_card.json"): (1, 0, 0),
    ("self_instruct", "self-instruct/data/seed_tasks.jsonl.gz"): (175, 0, 0),
    ("alpaca", "alpaca/*.json.gz"): (52002, 0, 74),
    ("flan_cot", "flan-cot/*.tsv.gz"): (24467, 0, 0),
    ("super_ni", "super-natural-instructions/tasks/task603*"): (224, 0, 0),
}


@pytest.mark.parametrize(("format_name", "path"), GOLDEN)
def test_every_row_is_accounted_for(
    format_name: str, path: str, build_recipe: Callable[..., Any]
) -> None:
    text = f"name: t\nsources: {{s: {{format: {format_name}, path: '{DATA}/{path}'}}}}\n"
    records, quarantined, dropped = GOLDEN[format_name, path]
    _, summary = build_recipe(text)
    found = sum(summary.dropped.get("read", {}).values())
    assert (summary.read - summary.quarantined, summary.quarantined) == (records, quarantined)
    assert found == dropped
