"""WizardLM's Evol-Instruct (https://github.com/nlpxucan/WizardLM), the first and second release.

    {"instruction": "Plan a walk of three days.", "output": "Day one: …"}             70,000 rows
    {"idx": "w1", "conversations": [{"from": "human", "value": "Plan a walk."},
                                    {"from": "gpt", "value": "Day one: …"}]}        143,000 rows

The last turn of the model is the answer, all before it the prompt. Traps: some answers of the first
release are empty, some refuse. The second is named after its 196,000 rows together with those of
ShareGPT, which it leaves out.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mixer.errors import BadRow
from mixer.schema import Answer, Message, Place, Record, assistant, user, utf8_bytes

CARD = "wizardlm"

_ROLES = {"system": "system", "human": "user", "gpt": "assistant"}
_SPEAKERS: dict[str, Literal["system", "human", "gpt"]]
_SPEAKERS = {"system": "system", "user": "human", "assistant": "gpt"}


class Turn(msgspec.Struct, forbid_unknown_fields=True):
    speaker: Literal["system", "human", "gpt"] = msgspec.field(name="from")
    value: str


class Row(msgspec.Struct, omit_defaults=True):
    instruction: str | None = None
    output: str | None = None
    conversations: list[Turn] | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    if row.conversations is None:
        return _pair(row)
    if row.instruction is not None or row.output is not None:
        raise BadRow("has `conversations` beside `instruction, output`: which one is meant?")
    messages = [Message(_ROLES[turn.speaker], turn.value) for turn in row.conversations]
    if not messages:
        raise BadRow("`conversations` is an empty list")
    if messages[-1].role != "assistant":
        return Record(prompt=messages, answers=[])
    return Record(prompt=messages[:-1], answers=[Answer((messages[-1],))])


def _pair(row: Row) -> Record:
    if row.instruction is None or row.output is None:
        raise BadRow("needs `instruction, output`, or `conversations`")
    return Record(
        prompt=[user(row.instruction)],
        answers=[assistant(row.output)],
        instruction_bytes=utf8_bytes(row.instruction),
    )


def render(record: Record) -> Row:
    """The row of the second release, of a record with at most one answer."""
    answer = record.answers[0].messages if record.answers else ()
    messages = (*record.prompt, *answer)
    return Row(conversations=[Turn(_SPEAKERS[role], content) for role, content in messages])
