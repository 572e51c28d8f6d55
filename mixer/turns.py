"""The turns of a chat → the messages of a record, and what turns say beside their text.

A message is a role and a text. Any other field of a turn (`name`, `tool_call_id`, `weight` …) is
kept in `meta` as `turn_fields`, by the place of its message among those of prompt and answers:

    {"turn_fields": {"2": {"tool_call_id": "call_1", "name": "tide"}}}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mixer.errors import BadRow
from mixer.schema import Answer, Message, Record
from mixer.tool_calls import ROLE

_ASKING_ROLES = ("user", "system")
_ANSWERING_ROLES = ("assistant", ROLE)


class Chat:
    """Collects the turns of one upstream row."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.treatments: list[str] = []
        self._fields: dict[str, dict[str, Any]] = {}

    def add(self, messages: Iterable[Message], fields: dict[str, Any] | None = None) -> None:
        """The messages of one turn; `fields` belong to the first of them."""
        if fields:
            self._fields[str(len(self.messages))] = fields
        self.messages.extend(messages)

    def treat(self, treatment: str) -> None:
        if treatment not in self.treatments:
            self.treatments.append(treatment)

    def record(self, answers_at: list[int] | None = None) -> Record:
        """`answers_at`: where each answer begins; by default one answer is all that follows the
        last turn of the user, if the assistant has the last word."""
        if answers_at is None:
            start = _answer_start(self.messages)
            answers_at = [start] if start < len(self.messages) else []
        ends = [*answers_at[1:], len(self.messages)]
        spans = zip(answers_at, ends, strict=True) if answers_at else ()
        return Record(
            prompt=self.messages[: answers_at[0]] if answers_at else self.messages,
            answers=[Answer(tuple(self.messages[start:end])) for start, end in spans],
            meta={"turn_fields": self._fields} if self._fields else {},
            treatments=self.treatments,
        )


def _answer_start(messages: list[Message]) -> int:
    """How many messages there are where the last is none of the assistant's."""
    if not messages or messages[-1].role not in _ANSWERING_ROLES:
        return len(messages)
    asked = [n for n, message in enumerate(messages) if message.role in _ASKING_ROLES]
    return asked[-1] + 1 if asked else 0


def fields_of(record: Record) -> dict[int, dict[str, Any]]:
    """The further fields of each message of a record that has some, by its place."""
    return {int(place): fields for place, fields in record.meta.get("turn_fields", {}).items()}


def keep_tools(record: Record, tools: str | list[Any] | None) -> Record:
    """The definitions of tools are kept as upstream has them."""
    if tools is not None:
        record.meta["tools"] = tools
    return record


def refuse_media(**media: Any) -> None:
    """BadRow for a row that is more than text."""
    for name, held in media.items():
        if held:
            raise BadRow(f"the row has `{name}`: mixer reads conversations of text alone")
