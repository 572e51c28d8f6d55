"""Personal data in a record → a mark such as `[email]`: a treatment of reading, where a source asks
for it. What comes later sees, compares and counts the masked text alone."""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.schema import Answer, Message, Record, utf8_bytes
from mixer.screen.rules.personal_data import Kind, masked
from mixer.tool_calls import ROLE, parsed_call, tool_call


class Masking:
    """Masks these kinds; `held` collects which of them a record held."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = kinds
        self._held: set[Kind] = set()

    def record(self, record: Record) -> None:
        """Masks all text of a record in place, upstream's other fields too, and notes it as a
        treatment."""
        self._held = set()
        last = record.prompt.pop() if record.prompt and record.instruction_bytes else None
        record.prompt = [self._message(message) for message in record.prompt]
        if last is not None:
            record.prompt.append(self._instruction(record, last))
        record.answers = [
            Answer(tuple(map(self._message, answer.messages)), answer.score)
            for answer in record.answers
        ]
        record.template = None if record.template is None else self.text(record.template)
        record.meta = self._value(record.meta)
        record.treatments += [f"masked: {kind}" for kind in self.kinds if kind in self._held]

    def text(self, text: str) -> str:
        result, held = masked(text, self.kinds)
        self._held |= held
        return result

    def _message(self, message: Message) -> Message:
        if message.role == ROLE:
            return self._call(message)
        return Message(message.role, self.text(message.content))

    def _call(self, message: Message) -> Message:
        """Stays a call: a number in the arguments that is personal becomes a text."""
        call = parsed_call(message.content)
        arguments = msgspec.json.decode(call.arguments)
        hidden = self._argument(arguments)
        if hidden == arguments:
            return message
        return tool_call(call.name, hidden, call.id)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._argument(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._argument(item) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        written = self.text(str(value))
        return value if written == str(value) else written

    def _instruction(self, record: Record, message: Message) -> Message:
        """The message whose first bytes are the instruction; what it masks may move their end."""
        encoded = message.content.encode()
        instruction = self.text(encoded[: record.instruction_bytes].decode())
        given = self.text(encoded[record.instruction_bytes :].decode())
        record.instruction_bytes = utf8_bytes(instruction)
        return Message(message.role, instruction + given)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(item) for item in value]
        return value
