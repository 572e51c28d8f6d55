"""Reads a row as reading does, and looks for upstream texts that its record does not hold."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from mixer import formats
from mixer.errors import BadRow
from mixer.schema import Place, Record

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def read(name: str, row: Any, **options: Any) -> Record | None:
    """None for a bad row; any other error goes on."""
    module = formats.load(name)
    settings = msgspec.convert(options, formats.options_type(name))
    try:
        record = module.parse(msgspec.convert(row, module.Row), Place("s", "f", 1), settings)
    except (BadRow, msgspec.ValidationError):
        return None
    assert isinstance(record, Record)
    further = {key: row[key] for key in row.keys() - set(formats.fields(name))}
    record.meta = further | record.meta
    return record


def lost_texts(row: Any, record: Record) -> list[str]:
    """Texts of the row, trimmed, that are nowhere in the record; roles and keys are no texts."""
    answers = [message for answer in record.answers for message in answer.messages]
    held = [message.content for message in (*record.prompt, *answers)]
    held += [record.subset, record.family or "", *_texts(record.meta)]
    found = (text.strip() for text in _texts(row))
    return [text for text in found if not any(text in each for each in held)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, each in value.items() if key != "role" for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []
