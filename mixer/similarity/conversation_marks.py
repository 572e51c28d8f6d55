"""Records → marks of what they say, message by message: equal marks, equal text but for case, white
space and punctuation. A mark of several messages is a chain, so beginnings can be compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit

from mixer.corpus import Corpus, Part
from mixer.similarity.segments import Segments, normal, strings
from mixer.similarity.signature import signature
from mixer.similarity.sketches import SHORT_UNITS
from mixer.similarity.units import mixed

_STEP = np.uint64(0x9E3779B97F4A7C15)


class ConversationMarks(NamedTuple):
    """uint64 [rows]: of the `prompt`, of the answers `chosen` (the first) and `rejected` (the last
    of several, else 0), and of prompt and first answer together, `whole`; `answers` int64 [rows],
    how many; `begin` uint64 and `owner` int64: for each row the marks of every shorter beginning of
    its prompt, and of the prompt."""

    prompt: np.ndarray
    chosen: np.ndarray
    rejected: np.ndarray
    whole: np.ndarray
    answers: np.ndarray
    begin: np.ndarray
    owner: np.ndarray


def conversation_marks(corpus: Corpus) -> ConversationMarks:
    """Of rows that are not kept, all are 0."""

    def marked(part: Part) -> ConversationMarks:
        batch = part.read(["prompt", "answers"])
        found = _batch_marks(batch, corpus.kept[part.span])
        return found._replace(owner=found.owner + part.first)

    parts = corpus.map(marked, corpus.parts)
    return ConversationMarks(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _batch_marks(batch: pa.RecordBatch, kept: np.ndarray) -> ConversationMarks:
    prompt, answers = batch.column("prompt"), batch.column("answers")
    messages = answers.values.field("messages")
    said = _message_marks(prompt.values.field("content"))
    answered = _message_marks(messages.values.field("content"))
    offsets = [one.offsets.to_numpy().astype(np.int64) for one in (prompt, answers, messages)]
    made = _chains(said, answered, (offsets[0], offsets[1], offsets[2]), kept)
    return ConversationMarks(*made)


def _message_marks(texts: pa.Array) -> np.ndarray:
    """uint64 [messages]; the same whoever speaks."""
    made = strings(texts)
    count = len(made.offsets) - 1
    one_each = np.arange(count + 1, dtype=np.int64)
    kind = np.zeros(count, np.uint8)
    starts, ends = made.offsets[:-1], made.offsets[1:]
    return signature(
        normal(Segments(made.data, starts, ends, one_each, kind, one_each)), 3, SHORT_UNITS
    ).marks


@njit(cache=True, nogil=True)
def _chains(
    said: np.ndarray,
    answered: np.ndarray,
    shape: tuple[np.ndarray, np.ndarray, np.ndarray],
    kept: np.ndarray,
) -> tuple[np.ndarray, ...]:  # pragma: no cover - compiled
    prompts, answers, messages = shape
    rows = len(kept)
    prompt, chosen, rejected = np.zeros((3, rows), np.uint64)
    whole, count = np.zeros(rows, np.uint64), np.zeros(rows, np.int64)
    begin, owner = np.empty(len(said), np.uint64), np.empty(len(said), np.int64)
    size = 0
    for row in range(rows):
        if not kept[row]:
            continue
        chain = np.uint64(0)
        for message in range(prompts[row], prompts[row + 1]):
            chain = mixed(chain * _STEP + said[message] + np.uint64(1))
            begin[size], owner[size] = chain, row
            size += 1
        prompt[row], whole[row] = chain, chain
        first, last = answers[row], answers[row + 1] - 1
        count[row] = last + 1 - first
        if last >= first:
            for message in range(messages[first], messages[first + 1]):
                whole[row] = mixed(whole[row] * _STEP + answered[message] + np.uint64(1))
                chosen[row] = mixed(chosen[row] * _STEP + answered[message] + np.uint64(1))
        if last > first:
            for message in range(messages[last], messages[last + 1]):
                rejected[row] = mixed(rejected[row] * _STEP + answered[message] + np.uint64(1))
    return prompt, chosen, rejected, whole, count, begin[:size], owner[:size]
