"""Which columns of a table are prompt and answer, as told or by their names."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

from mixer.errors import InputError
from mixer.nearest import did_you_mean
from mixer.similarity.column_segments import chat_segments, column_segments, is_chat, is_text
from mixer.similarity.segments import Segments

# Names that the tables people share use; the first that is there counts.
CHATS = ("messages", "conversations", "conversation")
PROMPTS = (
    ("prompt",),
    ("instruction", "input"),
    ("instruction", "context"),
    ("instruction",),
    ("question",),
    ("inputs",),
    ("query",),
    ("text",),
)
ANSWERS = (
    ("chosen", "rejected"),
    ("completion",),
    ("response",),
    ("output",),
    ("answer",),
    ("targets",),
    ("target",),
)


class TextColumns(NamedTuple):
    """`prompt` columns are one text; each of `answers` is one answer; a `chat` holds both."""

    prompt: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    chat: str | None = None

    @property
    def names(self) -> list[str]:
        return [*self.prompt, *self.answers, *([self.chat] if self.chat else [])]

    def on(self, on: str) -> TextColumns:
        """Those that are compared; pairs that share a prompt are always compared whole."""
        if self.chat or on == "record" or len(self.answers) > 1:
            return self
        return TextColumns(prompt=self.prompt) if on == "prompt" else TextColumns((), self.answers)

    def segments(self, batch: pa.RecordBatch, on: str) -> Segments:
        if self.chat:
            return chat_segments(batch.column(self.chat), on)
        columns = [[batch.column(name) for name in self.prompt]] if self.prompt else []
        return column_segments(columns + [[batch.column(name)] for name in self.answers])

    def said(self, row: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Prompt and answers of a row of Python values, as shown to a person."""
        if self.chat:
            return as_text(row[self.chat]), ()
        prompt = "\n\n".join(filter(None, (as_text(row[name]) for name in self.prompt)))
        return prompt, tuple(as_text(row[name]) for name in self.answers)


def as_text(value: Any) -> str:
    """Text as it is, a chat message by message."""
    if not isinstance(value, list):
        return str(value or "")
    return "\n\n".join(
        f"{message.get('role') or message.get('from')}: "
        f"{message.get('content') or message.get('value') or ''}"
        for message in value
    )


def named_columns(columns: TextColumns, schema: pa.Schema, file: str) -> TextColumns:
    """The same; InputError where a column is not in the file, or is neither text nor a chat."""
    for name in columns.names:
        if name not in schema.names:
            raise InputError(f"{file}: no column {name!r}: {did_you_mean(name, schema.names)}")
        kind = schema.field(name).type
        if not is_text(kind) and not is_chat(kind):
            raise InputError(f"{file}: column {name!r} is {kind}: name a column of text or a chat")
    return columns


def guessed_columns(schema: pa.Schema, file: str) -> TextColumns:
    """By their names; InputError with what is there where none is known."""
    usable = {field.name for field in schema if is_text(field.type) or is_chat(field.type)}
    for name in CHATS:
        if name in usable and is_chat(schema.field(name).type):
            return TextColumns(chat=name)
    prompt = next((names for names in PROMPTS if usable.issuperset(names)), ())
    answers = next((names for names in ANSWERS if usable.issuperset(names)), ())
    if not prompt and not answers:
        there = ", ".join(sorted(usable)) or "none"
        raise InputError(
            f"{file}: cannot tell prompt and answer by their names (columns of text: {there}): "
            "name them with --prompt and --answer, or give --format"
        )
    return TextColumns(prompt, answers)
