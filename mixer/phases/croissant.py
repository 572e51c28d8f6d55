"""croissant.json of a mixture that is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mixer.cards.croissant import croissant
from mixer.cards.summary import Summary
from mixer.phases.lock import Output

CROISSANT = "croissant.json"


def croissant_of(summary: Summary, folder: Path, written: list[Output]) -> dict[str, Any]:
    data = [each for each in written if each.path.startswith("data/")]
    schemas = {config: pq.read_schema(folder / _first(data, config)) for config in summary.configs}
    return croissant(summary, schemas, [(each.path, each.size_bytes, each.sha256) for each in data])


def _first(files: list[Output], config: str) -> str:
    return next(each.path for each in files if each.path.startswith(f"data/{config}/"))
