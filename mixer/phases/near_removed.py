"""Rows of a mixture that are near-duplicates of rows that are removed from it.

Similarity is that of the step `near`. What declares a template is no part of a mixture, so shared
wordings are those that most rows of a subset have.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.similarity.compiling import saying_when_compiling
from mixer.similarity.mixture_texts import MixtureTexts
from mixer.similarity.near_search import find_near
from mixer.similarity.sketches import Texts

_WORDS = 3

# Id of a record → the removed record most like it, and how alike they are.
Near = dict[str, tuple[str, float]]


@saying_when_compiling()
def near_removed(mixture: Path, removed: list[str], threshold: float, threads: int) -> Near:
    texts = MixtureTexts([str(mixture)], "record", 0)
    table = _rows(mixture)
    fixed = np.asarray(pc.is_in(table.column("id"), pa.array(removed, pa.string())))
    with TemporaryDirectory(prefix="mixer-remove-") as scratch:
        compared = Texts(texts.pieces(), _subsets(table), [], threads, Path(scratch))
        witness, similarity = find_near(compared, _WORDS, threshold, fixed)
    rows = np.flatnonzero(witness >= 0)
    ids = table.column("id").take(pa.array(rows)).to_pylist()
    like = table.column("id").take(pa.array(witness[rows])).to_pylist()
    found: Near = {}
    for identity, other, alike in zip(ids, like, similarity[rows].tolist(), strict=True):
        if identity not in found or alike > found[identity][1]:
            found[identity] = (other, alike)
    return found


def _rows(mixture: Path) -> pa.Table:
    """id, source and subset of all rows, in the order of MixtureTexts."""
    paths = sorted(str(path) for path in mixture.glob("data/*/*.parquet"))
    columns = ["id", "source", "subset"]
    tables = [pq.read_table(path, columns=columns, partitioning=None) for path in paths]
    return pa.concat_tables(tables).combine_chunks()


def _subsets(table: pa.Table) -> np.ndarray:
    """int64 [rows], a code for each source and subset."""
    named = pc.binary_join_element_wise(
        table.column("source"), table.column("subset").fill_null(""), "/"
    )
    encoded = named.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices).astype(np.int64)
