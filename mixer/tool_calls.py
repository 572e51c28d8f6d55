"""Calls of tools as messages: a call is a message of its own, of role `tool_call`.

    {"name": "tide", "arguments": {"harbour": "Aber"}, "id": "call_1"}

That JSON is its content: the arguments as upstream wrote them, and the id where there is one. What
the tool said follows as a message of role `tool`.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.schema import Message

ROLE = "tool_call"
# Turns of machines: not worded by anybody.
MACHINE_ROLES = (ROLE, "tool")


class ToolCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`arguments` is JSON, byte by byte as upstream has it."""

    name: str
    arguments: msgspec.Raw = msgspec.Raw(b"{}")
    id: str | None = None


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call as upstream writes it: flat, or as OpenAI has it, with `function`."""

    name: str = ""
    arguments: msgspec.Raw = msgspec.Raw(b"{}")
    id: str | None = None
    type: str | None = None
    function: ToolCall | None = None

    def message(self) -> Message:
        call = self.function or ToolCall(self.name, self.arguments)
        if not call.name:
            raise msgspec.ValidationError("it has no name")
        identity = call.id if self.id is None else self.id
        return written_call(call.name, _arguments(call.arguments), identity)


_decode_call = msgspec.json.Decoder(ToolCall).decode
_decode_calls = msgspec.json.Decoder(_Written | list[_Written]).decode


def tool_call(name: str, arguments: Any, id: str | None = None) -> Message:
    """`arguments` is an object, or the text of one, as OpenAI writes it; any other text is kept as
    the text that it is."""
    text = _object_text(arguments) if isinstance(arguments, str) else None
    return written_call(name, text or _json(arguments), id)


def parsed_call(content: str) -> ToolCall:
    """The call that a message of role `tool_call` holds."""
    return _decode_call(content)


def calls_of(text: str) -> list[Message]:
    """The messages of a turn that is the JSON of one call, or a list of such."""
    try:
        found = _decode_calls(text)
        calls = found if isinstance(found, list) else [found]
        made = [call.message() for call in calls]
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRow(
            f"a call of a tool is not the JSON of an object with `name` and `arguments`: {error}"
        ) from error
    if not made:
        raise BadRow("a call of a tool is an empty list")
    return made


def written_call(name: str, arguments: str, id: str | None) -> Message:
    """`arguments` is the JSON that stands in the message."""
    more = "" if id is None else f', "id": {_json(id)}'
    return Message(ROLE, f'{{"name": {_json(name)}, "arguments": {arguments}{more}}}')


def _arguments(written: msgspec.Raw) -> str:
    """As they are written, unless as the text of an object."""
    text = bytes(written).decode()
    value = msgspec.json.decode(text)
    return (_object_text(value) if isinstance(value, str) else None) or text.strip()


def _object_text(text: str) -> str | None:
    """The text without the space around it, where it is the JSON of an object."""
    try:
        return text.strip() if isinstance(msgspec.json.decode(text), dict) else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadRow(f"the arguments of a call cannot be written as JSON: {error}") from error
