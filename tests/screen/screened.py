"""A screen's reasons for a few records, as a build asks for them."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa

from mixer import steps
from mixer.annotate.length import Step as Length
from mixer.record_builder import RecordBuilder
from mixer.schema import Record, assistant, user


def batch_of(records: list[Record]) -> pa.RecordBatch:
    """The records with the columns of the step `length`."""
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    batch = builder.take()
    lengths = Length()(batch)
    for field, column in zip(lengths.schema, lengths.columns, strict=True):
        batch = batch.append_column(field, column)
    return batch.append_column("language", pa.array(["en"] * batch.num_rows))


def step_of(name: str, **settings: Any) -> Any:
    return msgspec.convert(settings, steps.step_type("screen", name))


def reasons(name: str, records: list[Record], **settings: Any) -> list[str | None]:
    found: list[str | None] = step_of(name, **settings)(batch_of(records)).to_pylist()
    return found


def dropped(name: str, answers: list[str], **settings: Any) -> list[bool]:
    """Which of these answers to one question the screen rejects."""
    records = [Record([user("What is tea?")], [assistant(answer)]) for answer in answers]
    return [reason is not None for reason in reasons(name, records, **settings)]
