"""JSON lines, one file a configuration: sft.jsonl, preference.jsonl, prompts.jsonl."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from mixer.export.parquet import configs


def export(mixture: Path, out: Path) -> None:
    """Writes into the empty folder `out`; rows in the order of the mixture."""
    for folder in configs(mixture):
        with (out / f"{folder.name}.jsonl").open("wb") as file:
            for path in sorted(folder.glob("*.parquet")):
                with pq.ParquetFile(path) as table:
                    for batch in table.iter_batches(batch_size=1024):
                        file.write(msgspec.json.Encoder().encode_lines(batch.to_pylist()))
