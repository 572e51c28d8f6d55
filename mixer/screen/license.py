"""Keeps records whose licence allows a use, as far as it states one.

What a licence allows is in mixer/licenses/terms.py; what is not stated is never read as allowed.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from mixer.licenses.terms import USES, Condition
from mixer.licenses.verdict import row_terms
from mixer.steps import ScreenStep


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`allow`: the use that is meant. `without`: conditions that are not accepted."""

    allow: Literal["commercial", "non_commercial", "academic_only"]
    without: tuple[Condition, ...] = ()

    reads: ClassVar[tuple[str, ...]] = ("license",)

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        stated = batch.column("license").fill_null("unknown").dictionary_encode()
        reasons = pa.array([self._reason(text) for text in stated.dictionary.to_pylist()])
        return reasons.cast(pa.string()).take(pa.array(np.asarray(stated.indices)))

    def _reason(self, license: str) -> str | None:
        found = row_terms(license)
        if USES.index(found.use) > USES.index(self.allow):
            return f"licence {license}: {found.use.replace('_', ' ')}"
        asked = [each for each in found.conditions if each in self.without]
        return f"licence {license}: {asked[0].replace('_', ' ')}" if asked else None
