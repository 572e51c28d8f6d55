"""Stanford Human Preferences (https://huggingface.co/datasets/stanfordnlp/SHP): Reddit comments.

    {"post_id": "a1", "domain": "askbaking_train", "history": "Why did my loaf fall?",
     "human_ref_A": "Too much yeast.", "human_ref_B": "No idea.", "labels": 1, "score_A": 40,
     "score_B": 10, "score_ratio": 4.0, "upvote_ratio": 0.9, "seconds_difference": 2.0, ...}

`labels` is 1 where A is preferred. SteamSHP's rewrite of HH-RLHF has the same fields but no scores;
its history is a transcript with the marks HUMAN: and ASSISTANT:, which is split into turns.
Trap: the card calls `seconds_difference` an integer, the rows have floats.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from mixer.schema import Message, Place, Record, assistant, user
from mixer.tokens import estimate_tokens, first_tokens

CARD = "shp"

_MARK = re.compile(r"(?:\A|\n\n)(HUMAN|ASSISTANT):(?: |\Z)")
_ROLES = {"HUMAN": "user", "ASSISTANT": "assistant"}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`min_score_ratio` leaves out weaker preferences, `max_pairs_per_post` caps the pairs of one
    post (training rows only), `max_history_tokens` cuts the end of a long post, never a comment."""

    min_score_ratio: float | None = None
    max_pairs_per_post: int | None = None
    max_history_tokens: int | None = None


class Row(msgspec.Struct):
    history: str
    human_ref_A: str
    human_ref_B: str
    labels: Literal[0, 1]
    domain: str = ""
    post_id: str | None = None
    score_A: float | None = None
    score_B: float | None = None
    score_ratio: float | None = None


def parse(row: Row, place: Place, options: Options) -> Record:
    a = assistant(row.human_ref_A.strip(), row.score_A)
    b = assistant(row.human_ref_B.strip(), row.score_B)
    prompt, treatments = _prompt(row.history, options.max_history_tokens)
    return Record(
        prompt=prompt,
        answers=[a, b] if row.labels == 1 else [b, a],
        subset=row.domain,
        family=row.post_id,
        meta={"labels": row.labels, "score_ratio": row.score_ratio},
        treatments=treatments,
        drop=_too_close(row.score_ratio, options.min_score_ratio),
    )


def is_training_row(subset: str) -> bool:
    """Whether a domain such as `askbaking_train` is of the train split."""
    return not subset.endswith(("_test", "_validation"))


def _too_close(score_ratio: float | None, minimum: float | None) -> str | None:
    if minimum is None or score_ratio is None or score_ratio >= minimum:
        return None
    return f"score ratio below min_score_ratio = {minimum:g}"


def _prompt(history: str, max_tokens: int | None) -> tuple[list[Message], list[str]]:
    treatments = []
    if max_tokens is not None and estimate_tokens(history) > max_tokens:
        history = first_tokens(history, max_tokens)
        treatments.append("cut the end of the history")
    parts = _MARK.split(history)
    if len(parts) < 3 or parts[0].strip():
        return [user(history.strip())], treatments
    treatments.append("split the history into turns")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [Message(_ROLES[mark], text.strip()) for mark, text in pairs], treatments
