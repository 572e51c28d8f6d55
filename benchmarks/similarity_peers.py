"""Near-duplicate removal by other tools, Parquet in and Parquet out, each in its documented way.

    python benchmarks/similarity_peers.py NAME in.parquet out.parquet

For the interpreter that the peers are installed in (`pip install datatrove spacy text-dedup rensa
datasketch`; datatrove finds English words by spacy); benchmarks/similarity.py calls it. Each
reads the column text, with word triples and the threshold 0.8 where the tool has a setting for
them, else with its defaults.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

WORDS = 3
THRESHOLD = 0.8
PROCESSES = 2
WORD = re.compile(r"[^\W_]+")


def triples(text: str) -> list[str]:
    words = WORD.findall(text.lower())
    return [" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))]


def datatrove(source: Path, out: Path) -> None:
    """Its four stages. The threshold follows from its 14 buckets of 8 hashes: about 0.72. A task
    reads whole files, so the file is cut in two for both processes to have work."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
    )
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter

    with TemporaryDirectory() as name:
        folder = Path(name)
        cut, signatures, buckets, gone, stay = (f"{folder / part}" for part in "abcde")
        _cut(source, Path(cut))
        config = MinhashConfig(n_grams=WORDS)
        stages = [
            (PROCESSES, [ParquetReader(cut), MinhashDedupSignature(signatures, config)]),
            (config.num_buckets, [MinhashDedupBuckets(signatures, buckets, config=config)]),
            (1, [MinhashDedupCluster(buckets, gone, config)]),
            (PROCESSES, [ParquetReader(cut), MinhashDedupFilter(gone), ParquetWriter(stay)]),
        ]
        for tasks, pipeline in stages:
            workers, logs = min(tasks, PROCESSES), f"{folder / 'logs'}{tasks}{len(pipeline)}"
            LocalPipelineExecutor(pipeline, tasks, workers, logging_dir=logs).run()
        table = pa.concat_tables(map(pq.read_table, sorted(Path(stay).iterdir())))
        pq.write_table(_with_id(table, pa.int64()), out)


def _cut(source: Path, folder: Path) -> None:
    folder.mkdir()
    # It takes the number 0 for no identifier.
    table = _with_id(pq.read_table(source), pa.string())
    size = -(-table.num_rows // PROCESSES)
    for part in range(PROCESSES):
        pq.write_table(table.slice(part * size, size), folder / f"{part}.parquet")


def _with_id(table: pa.Table, type: pa.DataType) -> pa.Table:
    place = table.schema.get_field_index("id")
    return table.set_column(place, "id", table.column("id").cast(type))


def text_dedup(source: Path, out: Path) -> None:
    """Its command; texts of fewer than five words are compared too, which it drops otherwise."""
    from datasets import load_from_disk
    from text_dedup.minhash import main

    with TemporaryDirectory() as folder:
        options = {
            "path": "parquet",
            "data_files": source,
            "split": "train",
            "cache_dir": f"{folder}/cache",
            "output": f"{folder}/out",
            "column": "text",
            "ngram": WORDS,
            "threshold": THRESHOLD,
            "min_length": 1,
            "num_proc": PROCESSES,
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        main(arguments, standalone_mode=False)
        load_from_disk(f"{folder}/out").to_parquet(f"{out}")


def rensa(source: Path, out: Path) -> None:
    """Its README's way, with word triples for its words."""
    _rensa(source, out, triples)


def rensa_words(source: Path, out: Path) -> None:
    """Its README's way: single words, split at white space."""
    _rensa(source, out, str.split)


def _rensa(source: Path, out: Path, tokens: Callable[[str], list[str]]) -> None:
    from rensa import RMinHashDeduplicator

    table = pq.read_table(source)
    deduplicator = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=128, use_lsh=True)
    texts = enumerate(_texts(table))
    kept = deduplicator.add_pairs((str(row), tokens(text)) for row, text in texts)
    pq.write_table(table.filter(pa.array(kept, pa.bool_())), out)


def datasketch(source: Path, out: Path) -> None:
    """A row stays unless a kept one of its buckets is alike by the estimate."""
    from datasketch import MinHash, MinHashLSH

    table = pq.read_table(source)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    signatures: dict[int, MinHash] = {}
    for row, text in enumerate(_texts(table)):
        signature = MinHash(num_perm=128)
        signature.update_batch([token.encode() for token in triples(text)])
        near = index.query(signature)
        if all(signatures[other].jaccard(signature) < THRESHOLD for other in near):
            index.insert(row, signature)
            signatures[row] = signature
    pq.write_table(table.take(pa.array(list(signatures), pa.int64())), out)


def _texts(table: pa.Table) -> Iterator[str]:
    for batch in table.select(["text"]).to_batches():
        yield from batch.column(0).to_pylist()


PEERS: dict[str, Callable[[Path, Path], None]] = {
    "rensa": rensa,
    "rensa-words": rensa_words,
    "text-dedup": text_dedup,
    "datatrove": datatrove,
    "datasketch": datasketch,
}


if __name__ == "__main__":
    # Nothing is fetched.
    os.environ["HF_HUB_OFFLINE"] = "1"
    PEERS[sys.argv[1]](Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
