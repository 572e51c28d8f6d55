"""LIMA (https://huggingface.co/datasets/GAIR/lima): a thousand conversations chosen by hand.

    {"conversations": ["Why is the sea salty?", "Rivers bring salt …"], "source": "stackexchange"}

The texts are those of user and assistant in turn. A conversation of an odd number of texts ends
with the user (all of the test split): a bare prompt. `source` is the subset.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Message, Place, Record
from mixer.turns import Chat

CARD = "lima"

_SPEAKERS = ("user", "assistant")


class Row(msgspec.Struct):
    conversations: list[str]
    source: str = ""


def parse(row: Row, place: Place, options: object) -> Record:
    if not row.conversations:
        raise BadRow("`conversations` is an empty list")
    chat = Chat()
    chat.add(Message(_SPEAKERS[n % 2], text) for n, text in enumerate(row.conversations))
    record = chat.record()
    record.subset = row.source
    return record


def render(record: Record) -> Row:
    turns = [*record.prompt, *(m for answer in record.answers for m in answer.messages)]
    return Row([turn.content for turn in turns], record.subset)
