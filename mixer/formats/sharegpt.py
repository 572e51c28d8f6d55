r"""Conversations as ShareGPT, Vicuna and LLaMA-Factory write them.

    {"id": "QkYz3aB_0", "system": "You know the coast.", "conversations": [
        {"from": "human", "value": "When is high water at Aber?"},
        {"from": "function_call", "value": "{\"name\": \"tide\", \"arguments\": {}}"},
        {"from": "observation", "value": "14:20"},
        {"from": "gpt", "value": "At twenty past two."}], "tools": "[{\"name\": \"tide\"}]"}

The list may be called `items`, its turns `{role, content}`. The answer is all that follows the last
turn of the user, if the assistant has the last word. With `chosen` and `rejected` (a turn each, or
a list of turns) a row is a preference and `conversations` its prompt. Calls of tools are messages
of their own (mixer/tool_calls.py). `tools`, a speaker's name other than the format's own (bard) and
the further fields of a turn are kept in `meta`.

Traps: a long conversation is cut into rows with ids such as QkYz3aB_0 and QkYz3aB_1, which make one
family; a later part may begin with the assistant, and keeps that turn. `system` may stand beside
`conversations` and in it: once if it says the same, else both. `function` is the result of a tool,
as OpenAI has it. An unknown speaker, or a row with images or sound, is a bad row.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.nearest import did_you_mean
from mixer.schema import Message, Place, Record
from mixer.tool_calls import ROLE, calls_of
from mixer.turns import Chat, fields_of, keep_tools, refuse_media

# The first name of each role is the format's own.
_NAMES = {
    "system": ("system", "developer", "system_prompt"),
    "user": ("human", "user", "prompter", "instruction"),
    "assistant": (
        *("gpt", "chatgpt", "assistant", "bard", "bing", "claude", "gpt4", "gpt-4", "gpt-3.5"),
        *("model", "bot", "chatbot", "ai", "llm", "agent", "response", "output"),
    ),
    ROLE: ("function_call", "function-call", "tool_call", "tool-call", "tool_calls"),
    "tool": (
        *("observation", "tool", "function", "function_response", "function-response"),
        *("tool_response", "tool-response", "tool_result", "function_result", "ipython"),
    ),
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names}
_OWN_NAMES = {role: names[0] for role, names in _NAMES.items()}
_PART_OF = re.compile(r"(.+)_\d+")
Turn = dict[str, Any]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`chunked_ids`: whether the ids `x_0` and `x_1` are parts of one conversation, so that both
    stand on the same side of a split."""

    chunked_ids: bool = True


class Row(msgspec.Struct, omit_defaults=True):
    conversations: list[Turn] | None = None
    items: list[Turn] | None = None
    chosen: Turn | list[Turn] | None = None
    rejected: Turn | list[Turn] | None = None
    system: str | None = None
    tools: str | list[Any] | None = None
    id: str | int | None = None
    images: Any = None
    videos: Any = None
    audios: Any = None


def parse(row: Row, place: Place, options: Options) -> Record:
    refuse_media(images=row.images, videos=row.videos, audios=row.audios)
    name = "items" if row.conversations is None else "conversations"
    turns = row.items if row.conversations is None else row.conversations
    if not turns:
        raise BadRow("`conversations` (or `items`) is missing or empty")
    chat = Chat()
    if row.system and _spoken(turns[0], f"{name}[0]")[:2] != ("system", row.system):
        chat.add((Message("system", row.system),), {"column": "system"})
    _add(chat, turns, name)
    record = chat.record(_answers(chat, row))
    if name == "conversations" and row.items:
        record.meta["items"] = row.items
    if row.id is not None:
        record.meta["id"] = row.id
        part = _PART_OF.fullmatch(str(row.id)) if options.chunked_ids else None
        record.family = part[1] if part else None
    return keep_tools(record, row.tools)


def _answers(chat: Chat, row: Row) -> list[int] | None:
    """Where the answers of a preference begin, after adding them to the chat."""
    if row.chosen is None and row.rejected is None:
        return None
    starts = []
    for name, said in (("chosen", row.chosen), ("rejected", row.rejected)):
        if not said:
            raise BadRow(f"`{name}` is missing: a preference needs `chosen` and `rejected`")
        starts.append(len(chat.messages))
        _add(chat, said if isinstance(said, list) else [said], name)
        if chat.messages[-1].role not in ("assistant", ROLE):
            raise BadRow(f"`{name}` does not end with a turn of the assistant")
    return starts


def _add(chat: Chat, turns: list[Turn], at: str) -> None:
    for number, turn in enumerate(turns):
        where = f"{at}[{number}]"
        role, text, fields = _spoken(turn, where)
        try:
            chat.add(calls_of(text) if role == ROLE else (Message(role, text),), fields)
        except BadRow as error:
            raise BadRow(f"{error} - at `$.{where}`") from error


def _spoken(turn: Turn, where: str) -> tuple[str, str, Turn]:
    """Role, text and further fields of a turn; nulls say nothing."""
    fields = {name: value for name, value in turn.items() if value is not None}
    keys = ("from", "value") if "from" in fields else ("role", "content")
    speaker, text = (fields.pop(key, None) for key in keys)
    if not isinstance(speaker, str) or not isinstance(text, str):
        raise BadRow(f"a turn needs `from` and `value` (or `role` and `content`) - at `$.{where}`")
    role = _ROLES.get(speaker.strip().lower())
    if role is None:
        known = did_you_mean(speaker, _ROLES)
        raise BadRow(f"unknown speaker {speaker!r} - at `$.{where}`; {known}")
    own = keys[0] == "from" and speaker == _OWN_NAMES[role]
    return role, text, fields if own else {keys[0]: speaker, **fields}


def render(record: Record) -> Row:
    """The upstream row of a record with at most two answers."""
    spans = [record.prompt, *(list(answer.messages) for answer in record.answers)]
    if len(spans) == 2:
        spans = [spans[0] + spans[1]]
    fields = fields_of(record)
    column = fields.pop(0) if fields.get(0) == {"column": "system"} else None
    turns, first = [], 0
    for span in spans:
        turns.append([_turn(m, fields.get(n, {})) for n, m in enumerate(span, first)])
        first += len(span)
    return Row(
        conversations=turns[0][1:] if column else turns[0],
        chosen=turns[1] if len(turns) > 1 else None,
        rejected=turns[2] if len(turns) > 2 else None,
        system=record.prompt[0].content if column else None,
        tools=record.meta.get("tools"),
        id=record.meta.get("id"),
    )


def _turn(message: Message, fields: Turn) -> Turn:
    if "role" in fields:
        return {**fields, "content": message.content}
    return {"from": _OWN_NAMES[message.role], "value": message.content, **fields}
