"""Source by source: how many records went because they repeat one of another source."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mixer.cards.summary import Overlap
from mixer.phases.rows import Rows


def overlaps(rows: Rows) -> list[Overlap]:
    """Of what the steps of dedup dropped; sources in their order, folders of mixtures last."""
    steps = np.array([step.startswith("dedup.") for step, _ in rows.reasons], bool)
    dropped = np.flatnonzero((rows.reason >= 0) & (rows.witness >= 0))
    dropped = dropped[steps[rows.reason[dropped]]]
    if not len(dropped):
        return []
    folders = [identity.split("#", 1)[0] for identity in rows.outside]
    named = pa.concat_arrays([rows.column("source"), pa.array(folders, pa.string())])
    encoded = named.dictionary_encode()
    names, code = encoded.dictionary.to_pylist(), np.asarray(encoded.indices, np.int64)
    read = np.bincount(code[: rows.count], minlength=len(names))
    pairs = code[dropped] * len(names) + code[rows.witness[dropped]]
    found, counts = np.unique(pairs, return_counts=True)
    return [
        Overlap(
            names[one],
            names[other],
            records,
            records / int(read[one]),
        )
        for one, other, records in zip(
            (found // len(names)).tolist(),
            (found % len(names)).tolist(),
            counts.tolist(),
            strict=True,
        )
    ]
