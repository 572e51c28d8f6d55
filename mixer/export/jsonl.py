"""JSON lines: sft.jsonl, preference.jsonl, prompts.jsonl, unpaired.jsonl; other splits in files of
their own, sft.validation.jsonl.

Where messages call tools, a message has only the fields that say something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from mixer.export.parquet import configs, splits

_MESSAGES = ("messages", "prompt", "chosen", "rejected", "completion")


def export(mixture: Path, out: Path) -> None:
    """Writes into the empty folder `out`; rows in the order of the mixture."""
    for folder in configs(mixture):
        for split, paths in splits(folder).items():
            name = folder.name if split == "train" else f"{folder.name}.{split}"
            with (out / f"{name}.jsonl").open("wb") as file:
                for path in paths:
                    with pq.ParquetFile(path) as table:
                        for batch in table.iter_batches(batch_size=1024):
                            rows = batch.to_pylist()
                            if "tools" in batch.schema.names:
                                rows = [_plain(row) for row in rows]
                            file.write(msgspec.json.Encoder().encode_lines(rows))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: [_message(each) for each in row[name]] for name in _MESSAGES if name in row}
    return row | said


def _message(message: dict[str, Any]) -> dict[str, Any]:
    stated = {name: value for name, value in message.items() if value is not None}
    if "tool_calls" in stated:
        stated["tool_calls"] = msgspec.Raw(stated["tool_calls"].encode())
    return stated
