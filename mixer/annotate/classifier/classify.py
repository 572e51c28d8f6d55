"""Records in Arrow → task type and form with how sure they are, on no Python object a row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.annotate.classifier.features import Asked
from mixer.annotate.classifier.model import TASKS, model, shares, sums
from mixer.similarity.compiling import saying_when_compiling
from mixer.similarity.segments import strings
from mixer.tool_calls import MACHINE_ROLES

_USER, _ASSISTANT = ord("u"), ord("a")


class Judged(NamedTuple):
    """Of each row: int64 places in the taxonomy's TASK_TYPES and FORMS, and float64 how likely."""

    task_type: np.ndarray
    task_type_confidence: np.ndarray
    form: np.ndarray
    form_confidence: np.ndarray


@saying_when_compiling()
def classify(batch: pa.RecordBatch, wanted: np.ndarray | None = None) -> Judged:
    """A batch with `prompt` and `answers`; rows that are not `wanted` (bool) are not looked at, and
    what is said of them means nothing."""
    trained, known = model()
    wanted = np.ones(batch.num_rows, bool) if wanted is None else wanted
    total, found = sums(asked_of(batch), wanted, known, trained)
    tasks = shares(total[:, :TASKS], found, trained.scale[0])
    forms = shares(total[:, TASKS:], found, trained.scale[1])
    # By the sums, which are exact; a row without any known feature gets the first label, unsure.
    task, form = total[:, :TASKS].argmax(axis=1), total[:, TASKS:].argmax(axis=1)
    rows = np.arange(len(task))
    return Judged(task, tasks[rows, task].round(4), form, forms[rows, form].round(4))


def asked_of(batch: pa.RecordBatch) -> Asked:
    prompt, answers = batch.column("prompt"), batch.column("answers")
    messages = answers.values.field("messages")
    said = strings(prompt.values.field("content"))
    answered = strings(messages.values.field("content"))
    roles = strings(prompt.values.field("role"))
    offsets = prompt.offsets.to_numpy().astype(np.int64)
    spans, turns = _asked_spans(offsets, said.offsets, roles.data, roles.offsets)
    machine = pc.is_in(messages.values.field("role"), pa.array(MACHINE_ROLES))
    answer = _answer_spans(
        answers.offsets.to_numpy().astype(np.int64),
        messages.offsets.to_numpy().astype(np.int64),
        answered.offsets + len(said.data),
        machine.to_numpy(zero_copy_only=False),
    )
    data = np.concatenate([said.data, answered.data])
    question, question_before, reply_before = spans
    return Asked(data, question, answer, question_before, reply_before, turns)


@njit(cache=True, nogil=True)
def _asked_spans(
    rows: np.ndarray, texts: np.ndarray, roles: np.ndarray, role_starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """int64 [3, rows, 2]: the last question (or message, without any), the one before, and the
    reply just before the last; int64 [rows]: how many questions."""
    spans, turns = np.zeros((3, len(rows) - 1, 2), np.int64), np.zeros(len(rows) - 1, np.int64)
    for row in range(len(rows) - 1):
        last = before = -1
        for message in range(rows[row], rows[row + 1]):
            if _is(roles, role_starts, message, _USER):
                last, before = message, last
                turns[row] += 1
        if last < 0:
            last = rows[row + 1] - 1
        if last >= rows[row]:
            spans[0, row] = texts[last], texts[last + 1]
        if before >= 0:
            spans[1, row] = texts[before], texts[before + 1]
            if _is(roles, role_starts, last - 1, _ASSISTANT):
                spans[2, row] = texts[last - 1], texts[last]
    return spans, turns


@njit(cache=True, nogil=True)
def _is(
    roles: np.ndarray, starts: np.ndarray, message: int, letter: int
) -> bool:  # pragma: no cover - compiled
    return bool(starts[message] < starts[message + 1] and roles[starts[message]] == letter)


@njit(cache=True, nogil=True)
def _answer_spans(
    rows: np.ndarray, answers: np.ndarray, texts: np.ndarray, machine: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    """int64 [rows, 2]: the best answer, its messages one after the other; where it calls tools,
    what is said after the last of their results."""
    spans = np.zeros((len(rows) - 1, 2), np.int64)
    for row in range(len(spans)):
        if rows[row] < rows[row + 1]:
            first, end = answers[rows[row]], answers[rows[row] + 1]
            for message in range(first, end):
                if machine[message]:
                    first = message + 1
            spans[row] = texts[first], texts[end]
    return spans
