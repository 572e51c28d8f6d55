"""Any table: the recipe says which columns are the prompt and the answer.

    {"id": 7, "problem": "What is 3 * 4?", "solution": "12", "source": {"name": "primer"}}

    map: {prompt: problem, answer: solution, subset: source.name}

A column may be a path (`source.name`), and `prompt` a list of columns, joined by a blank line. A
list of texts is one text, a line an item. An empty or missing `answer` makes a prompt without an
answer. With `rejected` a row is a preference. `task` states the task of a row, in the words of the
taxonomy, of Dolly or of No Robots. What the map does not name is kept in `meta`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.schema import Message, Place, Record, StatedTask, assistant, user


class ColumnMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The column of each part of a record."""

    prompt: str | tuple[str, ...]
    answer: str | None = None
    rejected: str | None = None
    system: str | None = None
    subset: str | None = None
    task: str | None = None


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`map`: the columns that are prompt, answer, rejected, system, subset and task."""

    map: ColumnMap = ColumnMap(prompt="prompt", answer="answer")


Row = dict[str, Any]


def read_columns(options: Options) -> list[str]:
    """The columns that the map takes whole; of a path, the rest of its object stays in `meta`."""
    wanted = options.map
    plain = (wanted.answer, wanted.rejected, wanted.system, wanted.subset, wanted.task)
    named = [*_prompt_columns(wanted), *(column for column in plain if column is not None)]
    return [column for column in named if "." not in column]


def parse(row: Row, place: Place, options: Options) -> Record:
    wanted = options.map
    parts = [_needed(row, column) for column in _prompt_columns(wanted)]
    system = _text(row, wanted.system)
    stated = [column for column in (wanted.answer, wanted.rejected) if column is not None]
    answers = [_text(row, column) for column in stated]
    return Record(
        prompt=([Message("system", system)] if system else [])
        + [user("\n\n".join(part for part in parts if part))],
        answers=[assistant(text) for text in answers] if any(answers) else [],
        subset=_text(row, wanted.subset),
        stated_task=StatedTask("words", task) if (task := _text(row, wanted.task)) else None,
    )


def _prompt_columns(wanted: ColumnMap) -> tuple[str, ...]:
    return (wanted.prompt,) if isinstance(wanted.prompt, str) else wanted.prompt


def _needed(row: Row, column: str) -> str:
    if _at(row, column) is None:
        raise BadRow(f"no column {column!r}: the row has {', '.join(map(str, row))}")
    return _text(row, column)


def _text(row: Row, column: str | None) -> str:
    """What a column says; nothing where it is missing or null."""
    value = None if column is None else _at(row, column)
    if value is None:
        return ""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, dict | list) for item in items):
        raise BadRow(f"{column!r} is no text: name a field inside it, such as `{column}.text`")
    return "\n".join(str(item) for item in items if item is not None)


def _at(row: Row, column: str) -> Any:
    """The value of a column, or at the end of a path; None where it is not there."""
    if column in row:
        return row[column]
    value: Any = row
    for name in column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
