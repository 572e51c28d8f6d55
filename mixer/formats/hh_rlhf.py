r"""HH-RLHF (Anthropic, https://github.com/anthropics/hh-rlhf): transcripts with a better last turn.

    {"chosen": "\n\nHuman: Any good tea?\n\nAssistant: Assam.",
     "rejected": "\n\nHuman: Any good tea?\n\nAssistant: No."}

A red-team file (`red_team_attempts`) holds `transcript` instead of the pair: its records are bare
prompts, marked as not for training, as the data set's card asks.

Traps: paragraphs inside a turn are parted by "\n\n" too, and some turns say "Human:" inline, so a
transcript is split only where "\n\nHuman:" or "\n\nAssistant:" is followed by a space or the end.
Declared treatments: white space around a turn is trimmed; consecutive turns of one speaker are
joined by a blank line. Pairs whose prompts differ go to quarantine; identical pairs and empty
answers are dropped and counted. The subset is the name of the folder.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from mixer.errors import BadRow
from mixer.schema import Answer, Message, Place, Record
from mixer.upstream_fields import beside

CARD = "hh_rlhf"

_MARK = re.compile(r"\n\n(Human|Assistant):(?: |\Z)")
_ROLES = {"Human": "user", "Assistant": "assistant"}


class Row(msgspec.Struct):
    chosen: str | msgspec.UnsetType = msgspec.UNSET
    rejected: str | msgspec.UnsetType = msgspec.UNSET
    transcript: str | msgspec.UnsetType = msgspec.UNSET


def parse(row: Row, place: Place, options: object) -> Record:
    if isinstance(row.transcript, str):
        record = _red_team(row.transcript, place)
        record.meta = beside(row, "transcript")
        return record
    if not isinstance(row.chosen, str) or not isinstance(row.rejected, str):
        raise BadRow("needs `chosen` and `rejected`, or `transcript`")
    chosen, chosen_joined = turns(row.chosen)
    rejected, rejected_joined = turns(row.rejected)
    if chosen[:-1] != rejected[:-1]:
        raise BadRow("the prompts of chosen and rejected differ")
    for name, transcript in (("chosen", chosen), ("rejected", rejected)):
        if transcript[-1].role != "assistant":
            raise BadRow(f"`{name}` does not end with a turn of the assistant")
    return Record(
        prompt=chosen[:-1],
        answers=[Answer((chosen[-1],)), Answer((rejected[-1],))],
        subset=_subset(place),
        treatments=["joined turns of one speaker"] if chosen_joined or rejected_joined else [],
    )


def turns(transcript: str) -> tuple[list[Message], bool]:
    """The transcript's messages, and whether consecutive turns of one speaker were joined."""
    parts = _MARK.split(transcript)
    if len(parts) < 3 or parts[0].strip():
        raise BadRow("a transcript must start with '\\n\\nHuman: ' or '\\n\\nAssistant: '")
    messages: list[Message] = []
    joined = False
    for mark, text in zip(parts[1::2], parts[2::2], strict=True):
        role, content = _ROLES[mark], text.strip()
        if messages and messages[-1].role == role:
            content = f"{messages.pop().content}\n\n{content}".strip()
            joined = True
        messages.append(Message(role, content))
    return messages, joined


def render(record: Record) -> Row:
    """The upstream row of a preference record, apart from the declared treatments."""
    chosen, rejected = (_transcript([*record.prompt, *a.messages]) for a in record.answers)
    return Row(chosen=chosen, rejected=rejected)


def _transcript(messages: list[Message]) -> str:
    speakers = {role: mark for mark, role in _ROLES.items()}
    return "".join(f"\n\n{speakers[role]}: {content}" for role, content in messages)


def _red_team(transcript: str, place: Place) -> Record:
    messages, joined = turns(transcript)
    return Record(
        prompt=messages,
        answers=[],
        subset=_subset(place),
        treatments=["joined turns of one speaker"] if joined else [],
        not_for_training=True,
    )


def _subset(place: Place) -> str:
    parents = PurePosixPath(place.file).parts[:-1]
    return parents[-1] if parents else ""
