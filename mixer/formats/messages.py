r"""Conversations as TRL, OpenAI and the chat interfaces write them.

    {"messages": [{"role": "user", "content": "When is high water at Aber?"},
                  {"role": "assistant", "content": null, "tool_calls": [
                      {"id": "call_1", "type": "function",
                       "function": {"name": "tide", "arguments": "{\"harbour\": \"Aber\"}"}}]},
                  {"role": "tool", "tool_call_id": "call_1", "content": "14:20"},
                  {"role": "assistant", "content": "At twenty past two."}],
     "tools": [{"type": "function", "function": {"name": "tide", "parameters": {}}}]}

The answer is all that follows the last turn of the user, if the assistant has the last word; else
the conversation is a bare prompt. A call of a tool is a message of its own, after the text of its
turn (mixer/tool_calls.py); a call without arguments has `{}`. `tools` and the further fields of a
turn (`name`, `tool_call_id`, `weight`) are kept in `meta`.

Declared treatments: developer is read as system, function and tool_response as tool; several texts
in one `content` are joined by a line break; reasoning (`reasoning_content`, `reasoning`,
`thinking`) is kept in `meta`, out of the conversation. The old `function_call` is a call like any
other, an empty text beside calls is none; `tool_calls` may be JSON text, as in tables. A `content`
with an image or sound is a bad row, as is a turn with a field that is not known. LLaMA-Factory's
parts `{"type": "text", "value": …}` are read, too.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.nearest import did_you_mean
from mixer.schema import Message, Place, Record
from mixer.tool_calls import ROLE, calls_of, parsed_call, tool_call
from mixer.turns import Chat, fields_of, keep_tools, refuse_media

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
    "tool_call": ROLE,
    "tool_response": "tool",
}
_REASONING = ("reasoning_content", "reasoning", "thinking")
_FURTHER = ("name", "tool_call_id", "weight", "loss_weight", *_REASONING)


class Function(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    arguments: Any = msgspec.UNSET


class Call(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """With `function`, or flat: with a name and arguments of its own."""

    function: Function | None = None
    id: str | None = None
    type: str | None = None
    index: int | None = None
    name: str | None = None
    arguments: Any = msgspec.UNSET


class Turn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    role: str
    content: str | list[dict[str, Any]] | None = None
    tool_calls: list[Call] | str | None = None
    function_call: Function | None = None
    tool_call_id: str | None = None
    name: str | None = None
    weight: float | None = None
    loss_weight: float | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    thinking: str | None = None
    # Null in what OpenAI's interface answers; the text of a refusal is no `content`.
    refusal: None = None
    audio: None = None


class Row(msgspec.Struct, omit_defaults=True):
    messages: list[Turn]
    tools: str | list[Any] | None = None
    images: Any = None
    videos: Any = None
    audios: Any = None


def parse(row: Row, place: Place, options: object) -> Record:
    refuse_media(images=row.images, videos=row.videos, audios=row.audios)
    if not row.messages:
        raise BadRow("`messages` is an empty list")
    return keep_tools(said(row.messages).record(), row.tools)


def said(turns: list[Turn], at: str = "messages") -> Chat:
    """The conversation of some turns; `at` names their column in errors."""
    chat = Chat()
    for number, turn in enumerate(turns):
        try:
            _add(chat, turn)
        except BadRow as error:
            raise BadRow(f"{error} - at `$.{at}[{number}]`") from error
    return chat


def render(record: Record) -> Row:
    """The upstream row of a record with at most one answer."""
    answer = record.answers[0].messages if record.answers else ()
    return Row(turns_of(record, [*record.prompt, *answer]), record.meta.get("tools"))


def turns_of(record: Record, messages: list[Message], first: int = 0) -> list[Turn]:
    """Calls go into the turn of the assistant before them; `first` is the place of the messages
    among those of the record."""
    fields = fields_of(record)
    turns: list[Turn] = []
    for number, (role, content) in enumerate(messages, first):
        if role != ROLE:
            turns.append(Turn(role, content))
        elif number in fields or not turns or not _may_call(turns[-1]):
            turns.append(Turn("assistant"))
        if role == ROLE:
            turns[-1].tool_calls = [*_listed(turns[-1]), _call(content)]
        for name, value in fields.get(number, {}).items():
            setattr(turns[-1], name, value)
    return turns


def _may_call(turn: Turn) -> bool:
    """An empty text beside calls would be read as none."""
    return turn.role == "assistant" and bool(turn.content or turn.tool_calls)


def _call(content: str) -> Call:
    """Arguments as OpenAI has them: the text of an object."""
    call = parsed_call(content)
    arguments = msgspec.json.decode(call.arguments)
    written = bytes(call.arguments).decode() if isinstance(arguments, dict) else arguments
    return Call(Function(call.name, written), call.id, "function")


def _add(chat: Chat, turn: Turn) -> None:
    role = _role(turn.role)
    content = turn.content
    if isinstance(content, str) and role == turn.role != ROLE and turn == Turn(role, content):
        chat.add((Message(role, content),))
        return
    fields = {name: value for name in _FURTHER if (value := getattr(turn, name)) is not None}
    if turn.role != role:
        fields["role"] = turn.role
        chat.treat(f"read the role {turn.role} as {role}")
    messages = _spoken(turn, role, fields, chat)
    if any(name in fields for name in _REASONING):
        chat.treat("kept reasoning in meta, out of the conversation")
    if not messages:
        raise BadRow("a turn without content")
    chat.add(messages, fields)


def _spoken(turn: Turn, role: str, fields: dict[str, Any], chat: Chat) -> list[Message]:
    """The text of a turn, then its calls; reasoning among the parts goes to `fields`."""
    if role == ROLE:
        return calls_of(turn.content if isinstance(turn.content, str) else "")
    texts, reasoning, calls = _parts(turn.content)
    if len(texts) > 1:
        chat.treat("joined the texts of a turn by line breaks")
    if reasoning:
        fields["reasoning"] = "\n".join(reasoning)
    calls += _calls(turn)
    if calls and role != "assistant":
        raise BadRow(f"a turn of {turn.role} calls a tool")
    text = "\n".join(texts)
    return ([Message(role, text)] if text or (texts and not calls) else []) + calls


def _parts(
    content: str | list[dict[str, Any]] | None,
) -> tuple[list[str], list[str], list[Message]]:
    """Texts, reasoning and calls."""
    if not isinstance(content, list):
        return [] if content is None else [content], [], []
    by_kind: dict[str, list[str]] = {"text": [], "reasoning": [], "tool_call": []}
    for part in content:
        held = {name: value for name, value in part.items() if value is not None}
        kind = held.pop("type", None)
        text = held.pop("text", held.pop("value", None))
        if kind not in by_kind or held or not isinstance(text, str):
            raise BadRow(f"a part of type {kind!r}: mixer reads conversations of text alone")
        by_kind[kind].append(text)
    calls = [call for text in by_kind["tool_call"] for call in calls_of(text)]
    return by_kind["text"], by_kind["reasoning"], calls


def _calls(turn: Turn) -> list[Message]:
    """`tool_calls` may be the JSON of a list, as tables have it."""
    if isinstance(turn.tool_calls, str) and turn.tool_calls.strip() not in ("", "[]", "null"):
        return calls_of(turn.tool_calls)
    old = [] if turn.function_call is None else [Call(turn.function_call)]
    return [_made(call) for call in [*_listed(turn), *old]]


def _listed(turn: Turn) -> list[Call]:
    return turn.tool_calls if isinstance(turn.tool_calls, list) else []


def _made(call: Call) -> Message:
    if call.type not in (None, "function"):
        raise BadRow(f"a call of type {call.type!r}: only functions are read")
    function = call.function or Function(call.name or "", call.arguments)
    if not function.name:
        raise BadRow("a call without the name of a function")
    arguments = {} if function.arguments is msgspec.UNSET else function.arguments
    return tool_call(function.name, arguments, call.id)


def _role(role: str) -> str:
    if role not in _ROLES:
        raise BadRow(f"unknown role {role!r}; {did_you_mean(role, _ROLES)}")
    return _ROLES[role]
