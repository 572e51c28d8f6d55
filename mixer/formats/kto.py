"""Unpaired feedback as TRL's KTO reads it (https://huggingface.co/docs/trl/dataset_formats).

    {"prompt": [{"role": "user", "content": "Is the ford open?"}],
     "completion": [{"role": "assistant", "content": "From May on."}], "label": true}
    {"messages": [{"role": "user", "content": "Is the ford open?"},
                  {"role": "assistant", "content": "Fords are shallow."}], "label": false}

The second is LLaMA-Factory's. One answer, whose score is 1 where the label is true, else 0. Prompt
and completion are texts or lists of turns, as in the format preference; a completion may also be
the whole conversation. Such records are in the configuration `unpaired`, in `sft` only if their
source says so: half of them are bad answers.

Trap: the label is about the last answer alone, earlier turns of the assistant belong to the prompt.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.formats import messages, preference
from mixer.schema import Place, Record
from mixer.turns import keep_tools, refuse_media


class Row(msgspec.Struct, omit_defaults=True):
    label: bool | int
    prompt: preference.Said | None = None
    completion: preference.Said | None = None
    messages: list[messages.Turn] | None = None
    tools: str | list[Any] | None = None
    images: Any = None


def parse(row: Row, place: Place, options: object) -> Record:
    refuse_media(images=row.images)
    if row.label not in (0, 1):
        raise BadRow(f"`label` is {row.label}: it must be true or false")
    record = preference.conversation(row.prompt, {_column(row): _said(row)})
    record.answers = [record.answers[0]._replace(score=float(row.label))]
    return keep_tools(record, row.tools)


def _column(row: Row) -> str:
    return "messages" if row.completion is None else "completion"


def _said(row: Row) -> preference.Said:
    if (row.completion is None) == (row.messages is None):
        raise BadRow("needs `prompt` and `completion`, or `messages`")
    if row.messages is not None:
        return row.messages
    assert row.completion is not None
    if row.prompt is None and isinstance(row.completion, str):
        raise BadRow("`completion` is a text and there is no `prompt`")
    return row.completion


def render(record: Record) -> Row:
    """The upstream row, its prompt and completion as lists of turns."""
    (answer,) = record.answers
    return Row(
        label=answer.score == 1,
        prompt=messages.turns_of(record, record.prompt),
        completion=messages.turns_of(record, list(answer.messages), len(record.prompt)),
        tools=record.meta.get("tools"),
    )
