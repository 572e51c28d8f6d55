"""WildChat (https://huggingface.co/datasets/allenai/WildChat-1M) and LMSYS-Chat-1M: real chats.

    {"conversation_id": "8d31", "model": "vicuna-13b", "language": "English", "turn": 1,
     "redacted": false, "conversation": [{"role": "user", "content": "hi"},
                                         {"role": "assistant", "content": "Hello!"}]}

WildChat has `conversation_hash` for the id, and in each turn its language, toxicity, time and place
as well. The model is the subset; all else, what turns say beside their text too, is kept in `meta`:
`{fields: {toxic: true}}` of the screen `red_team` sees it there.

Traps: unsafe conversations are among them, marked or not; `conversation_hash` is no key, as
conversations that say the same have the same.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.nearest import did_you_mean
from mixer.schema import Message, Place, Record
from mixer.turns import Chat, fields_of

CARD = "wildchat"

_ROLES = ("user", "assistant", "system")


class Row(msgspec.Struct):
    conversation: list[dict[str, Any]]
    model: str = ""


def parse(row: Row, place: Place, options: object) -> Record:
    if not row.conversation:
        raise BadRow("`conversation` is an empty list")
    chat = Chat()
    for number, turn in enumerate(row.conversation):
        fields = {name: value for name, value in turn.items() if value is not None}
        role, text = fields.pop("role", None), fields.pop("content", None)
        where = f"at `$.conversation[{number}]`"
        if not isinstance(role, str) or not isinstance(text, str):
            raise BadRow(f"a turn needs `role` and `content` - {where}")
        if role not in _ROLES:
            raise BadRow(f"unknown role {role!r} - {where}; {did_you_mean(role, _ROLES)}")
        chat.add((Message(role, text),), fields)
    record = chat.record()
    record.subset = row.model
    return record


def render(record: Record) -> Row:
    """The upstream row, without the fields of the whole conversation."""
    turns = [*record.prompt, *(m for answer in record.answers for m in answer.messages)]
    fields = fields_of(record)
    said = [{**m._asdict(), **fields.get(n, {})} for n, m in enumerate(turns)]
    return Row(said, record.subset)
