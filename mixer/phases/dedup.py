"""Dedup: each step in the recipe's order, over what the steps before it left."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from mixer.corpus import Corpus, Found, parts_of
from mixer.phases.axes import numbers
from mixer.phases.rows import Rows
from mixer.recipe.model import Step


def dedup(rows: Rows, step: Step, how: tuple[int, Path]) -> None:
    """Drops what repeats a kept record, and notes which one and what else the step found. `how`:
    threads, a scratch folder."""
    found: Found = step.settings.find(corpus_of(rows, *how))
    repeated = rows.repeats(found.witness, found.similarity, found.outside)
    name = f"dedup.{step.name}"
    if found.reason is None:
        rows.drop(repeated, name, found.why)
    else:
        for code, why in enumerate(found.reasons):
            rows.drop(found.reason == code, name, why)
    rows.notes.extend(f"{name}: {note}" for note in found.notes)


def corpus_of(rows: Rows, threads: int, scratch: Path) -> Corpus:
    source = rows.column("source").dictionary_encode()
    source_code = np.asarray(source.indices, np.int64)
    subset = np.asarray(rows.column("subset").dictionary_encode().indices.fill_null(-1), np.int64)
    return Corpus(
        parts=parts_of([shard.path for shard in rows.shards]),
        keys=rows.keys,
        kept=rows.kept,
        source=source_code,
        source_names=pa.array(source.dictionary).to_pylist(),
        subset=_joined(source_code, subset),
        number=lambda column: numbers(rows, column),
        threads=threads,
        scratch=scratch,
    )


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A code for each combination."""
    pairs = one * (int(other.max(initial=0)) + 2) + other + 1
    return np.asarray(np.unique(pairs, return_inverse=True)[1]).ravel().astype(np.int64)
