"""PKU-SafeRLHF (https://huggingface.co/datasets/PKU-Alignment/PKU-SafeRLHF): help and harm apart.

    {"prompt": "How do I get wasps out of a shed?", "response_0": "Burn it down.",
     "response_1": "Ask a pest controller.", "is_response_0_safe": false,
     "is_response_1_safe": true, "better_response_id": 1, "safer_response_id": 1}

`better` is about help alone, whatever harm it does, `safer` about harm alone, so they may disagree:
a helpful answer to a harmful question is better and not safer. `by` says which one counts. The
default, `agreed`, keeps the pairs where both are the same answer: only those say which answer an
assistant should give, and they fit any trainer. The others are dropped with the reason.

Trap: the chosen answer can be unsafe, too, where both are. The labels are kept in `meta`, as are
the severity and the categories of harm.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, assistant, user

CARD = "pku_saferlhf"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`by`: the preference that decides: better (more helpful), safer, or agreed, for the pairs
    where they are the same."""

    by: Literal["better", "safer", "agreed"] = "agreed"


class Row(msgspec.Struct, omit_defaults=True):
    prompt: str
    response_0: str
    response_1: str
    better_response_id: Literal[0, 1] | None = None
    safer_response_id: Literal[0, 1] | None = None
    is_response_0_safe: bool | None = None
    is_response_1_safe: bool | None = None


_LABELS = (
    *("better_response_id", "safer_response_id"),
    *("is_response_0_safe", "is_response_1_safe"),
)


def parse(row: Row, place: Place, options: Options) -> Record:
    better, safer = row.better_response_id, row.safer_response_id
    wanted = safer if options.by == "safer" else better
    if wanted is None or (options.by == "agreed" and safer is None):
        raise BadRow(f"no label for `by: {options.by}`: the row must state the preference")
    texts = [row.response_0, row.response_1]
    return Record(
        prompt=[user(row.prompt)],
        answers=[assistant(texts[wanted]), assistant(texts[1 - wanted])],
        meta={"chosen_response_id": wanted} | {name: getattr(row, name) for name in _LABELS},
        drop=_disagreement(row) if options.by == "agreed" else None,
    )


def _disagreement(row: Row) -> str | None:
    if row.better_response_id == row.safer_response_id:
        return None
    return "the better answer is not the safer one: choose with `by: better` or `by: safer`"


def render(record: Record) -> Row:
    best, last = (answer.messages[0].content for answer in record.answers)
    texts = (last, best) if record.meta["chosen_response_id"] else (best, last)
    return Row(record.prompt[0].content, *texts, *(record.meta[name] for name in _LABELS))
