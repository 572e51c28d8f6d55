"""Drops records that were removed from a mixture before, so that they do not come back.

`mixer remove` writes a certificate of what went (mixer/certificate.py). A record is dropped if its
id or its fingerprint stands in one (exact copies under other ids have the same fingerprint), if it
was made of a row that left the quarantine, or if all of its source was removed.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.certificate import kept_out
from mixer.paths import named_paths
from mixer.screen.rules.texts import reasons
from mixer.steps import ScreenStep


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`certificates`: their paths, or patterns with `*`."""

    paths: ClassVar[tuple[str, ...]] = ("certificates",)
    reads: ClassVar[tuple[str, ...]] = ("id", "source", "fingerprint")

    certificates: str | tuple[str, ...]

    def files(self) -> list[str]:
        named = (self.certificates,) if isinstance(self.certificates, str) else self.certificates
        return sorted({path for pattern in named for path in named_paths(pattern)})

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        out = kept_out(self.files())
        ids = batch.column("id")
        # Of one of several records of a row, the row's.
        rows = pc.replace_substring_regex(ids, r"(:\d+):\d+$", r"\1")
        found = [
            ("its id stands in a certificate of removal", pc.is_in(ids, out.ids)),
            (
                "its fingerprint stands in a certificate of removal",
                pc.is_in(batch.column("fingerprint"), out.fingerprints),
            ),
            (
                "its upstream row stands in a certificate of removal",
                pc.or_(pc.is_in(ids, out.rows), pc.is_in(rows, out.rows)),
            ),
            ("its source was removed", pc.is_in(batch.column("source"), out.sources)),
        ]
        return reasons(batch.num_rows, [(why, np.asarray(hit)) for why, hit in found])
