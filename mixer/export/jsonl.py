"""JSON lines: sft.jsonl, preference.jsonl, prompts.jsonl; other splits in files of their own,
sft.validation.jsonl."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from mixer.export.parquet import configs, splits


def export(mixture: Path, out: Path) -> None:
    """Writes into the empty folder `out`; rows in the order of the mixture."""
    for folder in configs(mixture):
        for split, paths in splits(folder).items():
            name = folder.name if split == "train" else f"{folder.name}.{split}"
            with (out / f"{name}.jsonl").open("wb") as file:
                for path in paths:
                    with pq.ParquetFile(path) as table:
                        for batch in table.iter_batches(batch_size=1024):
                            file.write(msgspec.json.Encoder().encode_lines(batch.to_pylist()))
