"""Records of instructions, and what novelty finds among them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.corpus import Corpus, Found, parts_of
from mixer.dedup.novelty import Step
from mixer.record_builder import RecordBuilder
from mixer.schema import Record, assistant, instruction_prompt, utf8_bytes


class Given(NamedTuple):
    """A record: `row` and `sub` make its id, `source` is 0, 1, …"""

    record: Record
    row: int
    sub: int | None = None
    source: int = 0


def instruction(text: str, given: str = "", answers: int = 1) -> Record:
    return Record(
        prompt=instruction_prompt(text, given),
        answers=[assistant(f"answer {number}") for number in range(answers)],
        instruction_bytes=utf8_bytes(text),
    )


def find(records: Sequence[Given], step: Step, group_rows: int = 3, threads: int = 1) -> Found:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.parquet"
        builder = RecordBuilder("s", None)
        for one in records:
            sub = f":{one.sub}" if one.sub else ""
            builder.add(f"s{one.source}/f.jsonl:{one.row}{sub}", one.record)
        pq.write_table(pa.Table.from_batches([builder.take()]), path, row_group_size=group_rows)
        source = np.array([one.source for one in records])
        return step.find(
            Corpus(
                parts=parts_of([str(path)]),
                keys=np.zeros((len(records), 2), np.uint64),
                kept=np.ones(len(records), bool),
                source=source,
                source_names=["s0", "s1"],
                subset=source,
                number=lambda name: np.full(len(records), np.nan),
                threads=threads,
                scratch=Path(folder),
            )
        )
