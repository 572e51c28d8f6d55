"""MT-Bench (https://github.com/lm-sys/FastChat, llm_judge/data/mt_bench/question.jsonl).

    {"question_id": 1, "category": "math", "turns": ["What is 3 * 4?", "And half of that?"],
     "reference": ["12", "6"]}

`reference`, one answer a turn, is there for some categories only. The hub's copies call the turns
`prompt`. One record a turn: its prompt is all that the user said up to there (what comes between is
the judged model's own), its answer the reference, if there is one. The category is the subset, the
records of one question are a family.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "mt_bench"


class Row(msgspec.Struct):
    question_id: int | str | None = None
    category: str = ""
    turns: list[str] | None = None
    prompt: list[str] | None = None
    prompt_id: int | str | None = None
    reference: list[str] | None = None


def parse(row: Row, place: Place, options: object) -> list[Record]:
    turns = row.turns or row.prompt or []
    if not turns:
        raise BadRow("`turns` is missing or empty")
    identity = getattr(row, _id(row))
    references = row.reference or []
    if len(references) > len(turns):
        raise BadRow(f"{len(references)} answers in `reference`, but {len(turns)} turns")
    unread = beside(row, "turns" if row.turns else "prompt", "category", "reference", _id(row))
    return [
        Record(
            prompt=[user(text) for text in turns[: number + 1]],
            answers=[assistant(text) for text in references[number : number + 1] if text.strip()],
            subset=row.category,
            family=None if identity is None else str(identity),
            meta={"question_id": identity, "turn": number + 1} | unread,
            # The category is that of the question; what follows up may ask for anything.
            stated_task=StatedTask("mt_bench", row.category) if number == 0 else None,
        )
        for number in range(len(turns))
    ]


def _id(row: Row) -> str:
    """The field that tells which question it is."""
    return "prompt_id" if row.question_id is None else "question_id"
