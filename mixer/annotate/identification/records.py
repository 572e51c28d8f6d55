"""Records in Arrow → the language of each, of its last question and of its best answer.

Where question and answer are of one language, or one of them does not tell, that is settled. Else
both are looked at as one text, and unless that tells well, the one with more letters decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.annotate.identification.excerpts import (
    EXCERPT_BYTES,
    Excerpts,
    Pieces,
    estimated_letters,
    excerpts,
)
from mixer.annotate.identification.identify import (
    ROWS_AT_ONCE,
    UNDETERMINED,
    Identified,
    identify_excerpts,
    some_rows,
)
from mixer.similarity.segments import strings
from mixer.tool_calls import MACHINE_ROLES

# A text of two languages is taken for one with this confidence, or not at all.
SURE = 0.9


class RecordLanguages(NamedTuple):
    """By row: strings, and the confidence of `language`."""

    language: np.ndarray
    confidence: np.ndarray
    prompt: np.ndarray
    answer: np.ndarray


def record_languages(batch: pa.RecordBatch) -> RecordLanguages:
    """A batch with `prompt` and `answers`."""
    questions, answers = last_questions(batch), best_answers(batch)
    parts = [
        _decided(excerpts(some_rows(questions, start)), excerpts(some_rows(answers, start)))
        for start in range(0, max(1, batch.num_rows), ROWS_AT_ONCE)
    ]
    return RecordLanguages(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _decided(question: Excerpts, answer: Excerpts) -> RecordLanguages:
    asked, said = identify_excerpts(question), identify_excerpts(answer)
    told = np.stack([asked.language, said.language]) != UNDETERMINED
    letters = np.stack([estimated_letters(question), estimated_letters(answer)]) * told
    of_answer = letters[1] > letters[0]
    language = np.where(of_answer, said.language, asked.language)
    confidence = np.where(of_answer, said.confidence, asked.confidence)
    same = asked.language == said.language
    confidence = np.where(same, np.maximum(asked.confidence, said.confidence), confidence)
    (rows,) = np.nonzero((told.all(axis=0) & ~same) | ~told.any(axis=0))
    both = _both(question, answer, rows)
    sure = (both.confidence >= SURE) | ~told[:, rows].any(axis=0)
    # Where both are not, a half of the record is in another language.
    share = letters.max(axis=0)[rows] / np.maximum(1, letters.sum(axis=0)[rows])
    confidence[rows] = np.where(sure, both.confidence, confidence[rows] * share).round(4)
    language[rows] = np.where(sure, both.language, language[rows])
    return RecordLanguages(language, confidence, asked.language, said.language)


def _both(question: Excerpts, answer: Excerpts, rows: np.ndarray) -> Identified:
    """Of the rows, both excerpts as one text."""
    data = np.concatenate([question.data, answer.data])
    begin = np.stack([question.offsets[:-1], answer.offsets[:-1] + len(question.data)], axis=1)
    end = np.stack([question.offsets[1:], answer.offsets[1:] + len(question.data)], axis=1)
    pieces = Pieces(data, begin[rows].ravel(), end[rows].ravel(), 2 * np.arange(len(rows) + 1))
    return identify_excerpts(excerpts(pieces, 2 * EXCERPT_BYTES + 1))


def last_questions(batch: pa.RecordBatch) -> Pieces:
    """The last message of a user in each prompt; no piece where there is none."""
    prompt = batch.column("prompt")
    begin, end = _bounds(prompt)
    data, offsets = strings(prompt.values.field("content"))
    asks = pc.fill_null(pc.equal(prompt.values.field("role"), "user"), False)
    place = np.where(asks.to_numpy(zero_copy_only=False), np.arange(len(offsets) - 1), -1)
    # The last asking message before each place.
    last = np.concatenate([[-1], np.maximum.accumulate(place)])[end]
    has = last >= begin
    return Pieces(data, offsets[last[has]], offsets[last[has] + 1], _ends(has))


def best_answers(batch: pa.RecordBatch) -> Pieces:
    """All messages of the first answer but calls of tools and their results; no piece where there
    is none."""
    answers = batch.column("answers")
    begin, end = _bounds(answers)
    messages = answers.values.field("messages")
    data, offsets = strings(messages.values.field("content"))
    message_begin, message_end = _bounds(messages)
    has = end > begin
    first, count = np.zeros((2, len(has)), np.int64)
    first[has] = message_begin[begin[has]]
    count[has] = message_end[begin[has]] - first[has]
    rows = _ends(count)
    pieces = np.arange(rows[-1]) + np.repeat(first - rows[:-1], count)
    machine = pc.is_in(messages.values.field("role"), pa.array(MACHINE_ROLES))
    worded = ~machine.to_numpy(zero_copy_only=False)[pieces]
    rows, pieces = np.concatenate([[0], np.cumsum(worded)])[rows], pieces[worded]
    return Pieces(data, offsets[pieces], offsets[pieces + 1], rows)


def _bounds(lists: pa.ListArray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row, its values' beginning and end; a null list is empty."""
    offsets = lists.offsets.to_numpy().astype(np.int64)
    begin, end = offsets[:-1], offsets[1:].copy()
    if lists.null_count:
        null = lists.is_null().to_numpy(zero_copy_only=False)
        end[null] = begin[null]
    return begin, end


def _ends(pieces: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(pieces, dtype=np.int64)])
