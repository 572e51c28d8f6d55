"""A `datasets.DatasetDict` on disk, for `load_from_disk`: OUT itself where the mixture has one
configuration, OUT/sft, OUT/preference … where it has several (their columns differ)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from mixer.export.parquet import configs, splits


def export(mixture: Path, out: Path) -> None:
    """Writes into the empty folder `out`."""
    folders = configs(mixture)
    for folder in folders:
        _save(folder, out if len(folders) == 1 else out / folder.name)


def _save(folder: Path, out: Path) -> None:
    from datasets import Dataset, DatasetDict, disable_progress_bars
    from datasets.table import MemoryMappedTable

    disable_progress_bars()
    with TemporaryDirectory(dir=out.parent, prefix=".mixer-export-") as temporary:
        found = {}
        for split, paths in splits(folder).items():
            stream = Path(temporary) / f"{split}.arrow"
            fingerprint = _write_stream(paths, stream)
            table = MemoryMappedTable.from_file(str(stream))
            found[split] = Dataset(table, fingerprint=fingerprint)
        DatasetDict(found).save_to_disk(out)


def _write_stream(paths: list[Path], stream: Path) -> str:
    """All rows as an Arrow stream that `datasets` maps into memory; returns a hash of the files,
    so that the saved state does not depend on when or where it was written."""
    digest = sha256()
    with pq.ParquetFile(paths[0]) as first:
        schema = first.schema_arrow
    with pa.ipc.new_stream(stream, schema) as writer:
        for path in paths:
            digest.update(path.read_bytes())
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=1000):
                    writer.write_batch(batch)
    return digest.hexdigest()[:16]
