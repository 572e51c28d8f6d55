"""Every schema uses Arrow types that distributed engines accept."""

import pyarrow as pa
import pytest

from mixer import steps
from mixer.phases.ledger import LEDGER
from mixer.phases.record_files import QUARANTINE
from mixer.schema import RECORD

ADDED = [steps.step_type("annotate", name)().adds for name in steps.names("annotate")]  # type: ignore[attr-defined]  # of annotate steps


def _portable(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind):
        return _portable(kind.value_type)
    if pa.types.is_struct(kind):
        return all(_portable(kind.field(i).type) for i in range(kind.num_fields))
    plain = (pa.string(), pa.binary(), pa.bool_(), pa.int32(), pa.int64(), pa.float64())
    return kind in plain


@pytest.mark.parametrize("schema", [RECORD, LEDGER, QUARANTINE, *ADDED])
def test_types_are_portable(schema: pa.Schema) -> None:
    assert [field.name for field in schema if not _portable(field.type)] == []


def test_no_two_annotations_own_a_column() -> None:
    names = [name for schema in (RECORD, *ADDED) for name in schema.names]
    assert len(names) == len(set(names))
