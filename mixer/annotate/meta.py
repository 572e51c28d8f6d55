"""Upstream's own fields as columns: what a format keeps in `meta` for want of a column.

annotate: [{meta: {fields: [template_type]}}]
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import pyarrow as pa

from mixer.errors import RecipeError
from mixer.schema import RECORD
from mixer.steps import AnnotateStep


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """One column of strings for each of `fields`, null where a record has none; numbers and the
    like as JSON writes them."""

    fields: tuple[str, ...] = ()

    reads: ClassVar[tuple[str, ...]] = ("meta",)

    def __post_init__(self) -> None:
        for name in self.fields:
            if name in RECORD.names:
                raise RecipeError(f"{name!r} is a column of every record already")

    @property
    def adds(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self.fields])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        found = [decode(text) if text else {} for text in batch.column("meta").to_pylist()]
        columns = [
            pa.array([_text(fields.get(name)) for fields in found], pa.string())
            for name in self.fields
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.adds)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
