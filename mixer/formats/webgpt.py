"""WebGPT comparisons (https://huggingface.co/datasets/openai/webgpt_comparisons): answers with
quotes from the web, and how strongly one is preferred.

    {"question": {"dataset": "eli5", "id": "a1", "full_text": "Why do boats float?"},
     "answer_0": "They push water away [1].", "answer_1": "Wood is light.",
     "quotes_0": {"title": ["Buoyancy (example.org)"], "extract": ["A body displaces …"]},
     "quotes_1": {"title": [], "extract": []}, "score_0": 0.5, "score_1": -0.5,
     "tokens_0": {"prefix": [464], "completion": [1119]}, "tokens_1": {…}}

Scores run from -1 to 1 and sum to 0; an answer is preferred if its score is positive. Pairs with
equal scores are ties and dropped. `question.dataset` is the subset, pairs of one question are a
family. All else is kept in `meta`.

Trap: answers cite their quotes by number, `[1]`. Each answer has quotes of its own, so they cannot
be in the prompt, and the numbers refer to `meta` alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, assistant, user

CARD = "webgpt"


class Row(msgspec.Struct):
    question: dict[str, Any]
    answer_0: str
    answer_1: str
    score_0: float
    score_1: float


def parse(row: Row, place: Place, options: object) -> Record:
    asked = dict(row.question)
    text, dataset = asked.pop("full_text", None), asked.get("dataset")
    if not isinstance(text, str):
        raise BadRow("a question needs a text - at `$.question.full_text`")
    answers = [assistant(row.answer_0, row.score_0), assistant(row.answer_1, row.score_1)]
    first = int(row.score_1 > row.score_0)
    return Record(
        prompt=[user(text)],
        answers=[answers[first], answers[1 - first]],
        subset=dataset if isinstance(dataset, str) else "",
        family=None if asked.get("id") is None else str(asked["id"]),
        meta={"question": asked, "preferred": first},
        drop="a tie: neither answer is preferred" if row.score_0 == row.score_1 else None,
    )


def render(record: Record) -> Row:
    """Without quotes and tokens."""
    question = record.meta["question"] | {"full_text": record.prompt[0].content}
    first, second = record.answers[:: -1 if record.meta["preferred"] else 1]
    return Row(
        question=question,
        answer_0=first.messages[0].content,
        answer_1=second.messages[0].content,
        score_0=first.score or 0.0,
        score_1=second.score or 0.0,
    )
