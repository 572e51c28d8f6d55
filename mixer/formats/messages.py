"""Conversations as TRL and the chat interfaces write them.

    {"messages": [{"role": "user", "content": "Any good tea?"},
                  {"role": "assistant", "content": "Assam."}]}

The last turn of the assistant is the answer, all before it the prompt; a conversation that ends
with the user is a bare prompt. Roles: system (or developer), user, assistant, tool.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.nearest import did_you_mean
from mixer.schema import Answer, Message, Place, Record

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}


class Turn(msgspec.Struct, forbid_unknown_fields=True):
    role: str
    content: str


class Row(msgspec.Struct):
    messages: list[Turn]


def parse(row: Row, place: Place, options: object) -> Record:
    messages = [Message(_role(turn.role, number), turn.content) for number, turn in _numbered(row)]
    if not messages:
        raise BadRow("`messages` is an empty list")
    if messages[-1].role != "assistant":
        return Record(prompt=messages, answers=[])
    return Record(prompt=messages[:-1], answers=[Answer((messages[-1],))])


def render(record: Record) -> Row:
    """The upstream row of a record with at most one answer."""
    answer = record.answers[0].messages if record.answers else ()
    return Row([Turn(role, content) for role, content in (*record.prompt, *answer)])


def _numbered(row: Row) -> list[tuple[int, Turn]]:
    return list(enumerate(row.messages))


def _role(role: str, number: int) -> str:
    if role not in _ROLES:
        known = did_you_mean(role, _ROLES)
        raise BadRow(f"unknown role {role!r} - at `$.messages[{number}].role`; {known}")
    return _ROLES[role]
