"""The texts of a batch of records that a screen looks at, as one Arrow array, and back to rows."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.arrays import ranges
from mixer.tool_calls import MACHINE_ROLES

On = Literal["best_answer", "answers", "prompt", "record"]


class Texts(NamedTuple):
    """`content`: string array, message by message; `row`: int64, the record of each; `rows`: how
    many records there are."""

    content: pa.Array
    row: np.ndarray
    rows: int

    def rows_where(self, found: pa.Array | np.ndarray) -> np.ndarray:
        """bool [rows]: records with a text for which `found` is true."""
        result = np.zeros(self.rows, bool)
        result[self.row[np.asarray(found)]] = True
        return result

    def matching(self, pattern: str) -> np.ndarray:
        """bool [texts]: where the pattern is found. RE2: linear in the text, whatever it holds."""
        return np.asarray(pc.match_substring_regex(self.content, pattern))

    def where(self, chosen: np.ndarray) -> Texts:
        return Texts(self.content.filter(pa.array(chosen)), self.row[chosen], self.rows)


def texts(batch: pa.RecordBatch, on: On, calls: bool = False) -> Texts:
    """Messages of the best answer, of every answer, of the prompt, or of the whole record. `calls`:
    whether calls of tools and their results belong to an answer, as they do to the record."""
    if on == "prompt":
        return _prompts(batch)
    answers = _answers(batch, on == "best_answer", calls or on == "record")
    if on != "record":
        return answers
    prompts = _prompts(batch)
    content = pa.concat_arrays([prompts.content, answers.content])
    return Texts(content, np.concatenate([prompts.row, answers.row]), batch.num_rows)


def last_messages(batch: pa.RecordBatch) -> pa.Array:
    """The last message of each prompt, null where there is none."""
    prompt = batch.column("prompt")
    offsets = _offsets(prompt)
    last = pa.array(offsets[1:] - 1, mask=offsets[1:] == offsets[:-1])
    return prompt.values.field("content").take(last)


def first_messages(batch: pa.RecordBatch) -> pa.Array:
    """The first message of each best answer, null where there is none."""
    answers = batch.column("answers")
    messages = answers.values.field("messages")
    starts, ends = _offsets(answers)[:-1], _offsets(answers)[1:]
    inner = np.append(_offsets(messages), 0)
    said = (starts < ends) & (inner[starts] < inner[np.minimum(starts + 1, len(inner) - 1)])
    return messages.values.field("content").take(pa.array(inner[starts], mask=~said))


def reasons(rows: int, found: list[tuple[str, np.ndarray]]) -> pa.Array:
    """The first reason that holds for each record, null where none does; `found`: bool [rows]."""
    code = np.full(rows, -1, np.int32)
    for number, (_, where) in enumerate(found):
        code[where & (code < 0)] = number
    words = pa.array([reason for reason, _ in found], pa.string())
    return words.take(pa.array(code, mask=code < 0))


def _prompts(batch: pa.RecordBatch) -> Texts:
    prompt = batch.column("prompt")
    offsets = _offsets(prompt)
    content = prompt.values.field("content").slice(offsets[0], offsets[-1] - offsets[0])
    return Texts(content, np.repeat(np.arange(batch.num_rows), np.diff(offsets)), batch.num_rows)


def _answers(batch: pa.RecordBatch, best: bool, calls: bool) -> Texts:
    answers = batch.column("answers")
    offsets = _offsets(answers)
    starts, counts = offsets[:-1], np.diff(offsets)
    if best:
        counts = np.minimum(counts, 1)
    chosen = ranges(starts, counts)
    messages = answers.values.field("messages")
    inner = _offsets(messages)
    lengths = np.diff(inner)[chosen]
    taken = pa.array(ranges(inner[:-1][chosen], lengths))
    rows = np.repeat(np.repeat(np.arange(batch.num_rows), counts), lengths)
    said = Texts(messages.values.field("content").take(taken), rows, batch.num_rows)
    if calls:
        return said
    machine = pc.is_in(messages.values.field("role").take(taken), pa.array(MACHINE_ROLES))
    return said.where(~np.asarray(machine))


def _offsets(lists: pa.ListArray) -> np.ndarray:
    return np.asarray(lists.offsets).astype(np.int64)
