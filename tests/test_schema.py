"""Every schema uses Arrow types that distributed engines accept."""

import pyarrow as pa
import pytest

from mixer import steps
from mixer.phases.ledger import LEDGER
from mixer.phases.record_files import QUARANTINE
from mixer.schema import RECORD, Place

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


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("tasks/task1_a.json.gz", "task1_a"),
        # A template of P3 and a task of Super-NaturalInstructions with a version in their names.
        ("p3/cos_e_v1.11_rationale.jsonl", "cos_e_v1.11_rationale"),
        (
            "task1637_doqa2.1_cooking_text_summarization.json",
            "task1637_doqa2.1_cooking_text_summarization",
        ),
        ("archive.zip", "archive"),
        ("a.JSONL.GZ", "a"),
        (".jsonl", ".jsonl"),
        ("", ""),
    ],
)
def test_the_stem_of_a_file_s_name_keeps_dots_inside_it(file: str, stem: str) -> None:
    assert Place("s", file, 1).file_stem == stem
