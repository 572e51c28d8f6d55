"""Keeps records in given languages."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.steps import ScreenStep


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`keep`: ISO 639-1 codes. `keep_undetermined`: whether short text (`und`) stays."""

    keep: tuple[str, ...]
    keep_undetermined: bool = True

    reads: ClassVar[tuple[str, ...]] = ("language",)

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        kept = {*self.keep, *(("und",) if self.keep_undetermined else ())}
        found = batch.column("language").to_pylist()
        reasons = [None if language in kept else f"language {language}" for language in found]
        return pa.array(reasons, pa.string())
