"""Records in Arrow → plain Python conversations, for steps that must look at text row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pyarrow as pa

from mixer.tool_calls import MACHINE_ROLES


class Conversation(NamedTuple):
    """`turns` and each answer's turns are (role, content) pairs."""

    turns: list[tuple[str, str]]
    answers: list[list[tuple[str, str]]]
    scored: bool

    @property
    def best_answer(self) -> str | None:
        """The text of the best (or only) answer, without calls of tools and their results; None for
        a bare prompt."""
        if not self.answers:
            return None
        return "\n\n".join(text for role, text in self.answers[0] if role not in MACHINE_ROLES)


def conversations(batch: pa.RecordBatch) -> Iterator[Conversation]:
    """One Conversation a row of a batch that has `prompt` and `answers`."""
    prompts = message_lists(batch.column("prompt"))
    answers = batch.column("answers")
    starts = answers.offsets.to_pylist()
    messages = message_lists(answers.values.field("messages"))
    scores = answers.values.field("score").is_valid().to_pylist()
    for row, turns in enumerate(prompts):
        span = slice(starts[row], starts[row + 1])
        yield Conversation(turns, messages[span], any(scores[span]))


def message_lists(column: pa.ListArray) -> list[list[tuple[str, str]]]:
    offsets = column.offsets.to_pylist()
    roles = column.values.field("role").to_pylist()
    contents = column.values.field("content").to_pylist()
    pairs = list(zip(roles, contents, strict=True))
    return [pairs[a:b] for a, b in pairwise(offsets)]
