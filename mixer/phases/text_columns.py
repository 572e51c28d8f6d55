"""Which columns of a table are prompt and answer, as told or by their names."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

from mixer.errors import InputError
from mixer.nearest import did_you_mean
from mixer.similarity.column_segments import (
    chat_segments,
    column_segments,
    is_chat,
    is_message,
    is_number,
    is_text,
)
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
# What else a prompt may have.
FURTHER = ("system", "history")
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
        """Those that are compared; pairs that share a prompt are always compared whole. InputError
        where there are none."""
        if self.chat or on == "record" or len(self.answers) > 1:
            return self
        chosen = TextColumns(self.prompt) if on == "prompt" else TextColumns((), self.answers)
        if not chosen.names:
            raise InputError(
                f"--on {on}, but no {on} is among the columns ({', '.join(self.names)}): name it "
                f"with --{on}"
            )
        return chosen

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
    if isinstance(value, dict):
        role = value.get("role") or value.get("from")
        return f"{role}: {value.get('content') or value.get('value') or ''}"
    if isinstance(value, list):
        return "\n\n".join(as_text(message) for message in value if message)
    return str(value or "")


def named_columns(columns: TextColumns, schema: pa.Schema, file: str) -> TextColumns:
    """The same; InputError where a column is not in the file, or cannot be compared."""
    for name in columns.names:
        if name not in schema.names:
            raise InputError(f"{file}: no column {name!r}: {did_you_mean(name, schema.names)}")
        kind = schema.field(name).type
        if not _is_comparable(kind):
            raise InputError(
                f"{file}: column {name!r} is {kind}: only text, numbers and chats can be compared"
            )
    return columns


def guessed_columns(schema: pa.Schema, file: str) -> TextColumns:
    """By their names; InputError where none is known, or one that is known cannot be compared."""
    chat = next((name for name in CHATS if _is_chat(schema, name)), None)
    prompt: tuple[str, ...] = next(
        (names for names in PROMPTS if set(names).issubset(schema.names)), ()
    )
    answers = next((names for names in ANSWERS if set(names).issubset(schema.names)), ())
    if chat and len(answers) < 2:
        return TextColumns(chat=chat)
    if chat and not prompt:
        prompt = (chat,)
    if prompt:
        prompt += tuple(name for name in FURTHER if name in schema.names)
    if not prompt and not answers:
        usable = (field.name for field in schema if is_text(field.type) or is_chat(field.type))
        raise InputError(
            f"{file}: cannot tell prompt and answer by their names (columns of text: "
            f"{', '.join(sorted(usable)) or 'none'}): name them with --prompt and --answer, or "
            f"give --format (try: mixer guess {file})"
        )
    return named_columns(TextColumns(prompt, answers), schema, file)


def _is_chat(schema: pa.Schema, name: str) -> bool:
    return name in schema.names and is_chat(schema.field(name).type)


def _is_comparable(kind: pa.DataType) -> bool:
    return is_text(kind) or is_number(kind) or is_chat(kind) or is_message(kind)
