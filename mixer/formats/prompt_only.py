"""Prompts without answers, as TRL's trainers that sample their own answers read them.

    {"prompt": [{"role": "user", "content": "Describe the harbour."}]}
    {"prompt": "The harbour lies"}

A prompt that is a text is one turn of the user; a list is read as `messages` reads it, and belongs
to the prompt whoever has the last word. `tools` are kept in `meta`, as is any other column, an
answer too: these records have none.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.formats import messages
from mixer.schema import Place, Record, user
from mixer.turns import keep_tools, refuse_media


class Row(msgspec.Struct, omit_defaults=True):
    prompt: str | list[messages.Turn]
    tools: str | list[Any] | None = None
    images: Any = None
    image: Any = None


def parse(row: Row, place: Place, options: object) -> Record:
    refuse_media(images=row.images, image=row.image)
    if isinstance(row.prompt, str):
        return keep_tools(Record(prompt=[user(row.prompt)], answers=[]), row.tools)
    if not row.prompt:
        raise BadRow("`prompt` is an empty list")
    return keep_tools(messages.said(row.prompt, "prompt").record(answers_at=[]), row.tools)


def render(record: Record) -> Row:
    """The upstream row, its prompt as a list."""
    return Row(messages.turns_of(record, record.prompt), record.meta.get("tools"))
