"""Columns of a table that is not made of records → segments: strings, and chats.

A chat is a list of messages, `{role, content}` or `{from, value}`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit

from mixer.similarity.segments import ANSWER, PROMPT, Segments, normal, strings

_CONTENT = ("content", "value")
_ROLE = ("role", "from")
# What people wrote, by its first letter: user, human. Others answer: assistant, gpt, tool …
_ASKS = np.array([ord("u"), ord("h")], np.uint8)


class _Pieces(NamedTuple):
    """Texts of one column: byte ranges of `data`, and of each row how many."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    counts: np.ndarray


def column_segments(columns: list[list[pa.Array]]) -> Segments:
    """Each list of columns is a segment, the first one the prompt's, each further an answer's;
    null says nothing."""
    return _arranged([[_pieces(column) for column in each] for each in columns])


def chat_segments(chat: pa.Array, on: str) -> Segments:
    """The prompt ends with the last message that a person wrote; what follows is the answer."""
    prompt, answer = _parted(chat)
    parts = {"record": [[prompt], [answer]], "prompt": [[prompt]], "answer": [[answer]]}
    made = _arranged(parts[on])
    return made._replace(kind=made.kind + ANSWER) if on == "answer" else made


def is_chat(kind: pa.DataType) -> bool:
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    item: Any = kind.value_type
    names = {field.name for field in item} if pa.types.is_struct(item) else set()
    return bool(names.intersection(_CONTENT)) and bool(names.intersection(_ROLE))


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _pieces(column: pa.Array) -> _Pieces:
    if is_chat(column.type):
        content, offsets = _messages(column)
        made = strings(content)
        return _Pieces(made.data, made.offsets[:-1], made.offsets[1:], np.diff(offsets))
    made = strings(column)
    return _Pieces(made.data, made.offsets[:-1], made.offsets[1:], np.ones(len(column), np.int64))


def _messages(chat: pa.Array, names: tuple[str, ...] = _CONTENT) -> tuple[pa.Array, np.ndarray]:
    """The contents (or roles) of all messages, and where each row's begin among them."""
    items = chat.flatten()
    (name,) = [field.name for field in items.type if field.name in names][:1]
    lengths = chat.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return items.field(name), np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _parted(chat: pa.Array) -> tuple[_Pieces, _Pieces]:
    content, offsets = _messages(chat)
    roles = strings(_messages(chat, _ROLE)[0])
    cut = _after_last_question(roles.data, roles.offsets, offsets)
    made = strings(content)
    asked = np.zeros(len(made.offsets) - 1, bool)
    lengths = cut - offsets[:-1]
    asked[np.arange(int(lengths.sum())) + np.repeat(offsets[:-1] - _before(lengths), lengths)] = (
        True
    )
    starts, ends = made.offsets[:-1], made.offsets[1:]
    return (
        _Pieces(made.data, starts[asked], ends[asked], lengths),
        _Pieces(made.data, starts[~asked], ends[~asked], offsets[1:] - cut),
    )


@njit(cache=True, nogil=True)
def _after_last_question(
    roles: np.ndarray, starts: np.ndarray, offsets: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    cut = offsets[:-1].copy()
    for row in range(len(cut)):
        for message in range(offsets[row], offsets[row + 1]):
            if starts[message + 1] > starts[message] and (roles[starts[message]] | 32) in _ASKS:
                cut[row] = message + 1
    return cut


def _arranged(columns: list[list[_Pieces]]) -> Segments:
    """Pieces row by row, in each row segment by segment."""
    slots = [slot for each in columns for slot in each]
    rows = len(slots[0].counts)
    data = slots[0].data if len(slots) == 1 else np.concatenate([slot.data for slot in slots])
    shift = _before(np.array([len(slot.data) for slot in slots]))
    starts = np.concatenate([slot.starts + at for slot, at in zip(slots, shift, strict=True)])
    ends = np.concatenate([slot.ends + at for slot, at in zip(slots, shift, strict=True)])
    if len(slots) > 1:
        row = np.concatenate([np.repeat(np.arange(rows), slot.counts) for slot in slots])
        by_row = np.argsort(row, kind="stable")
        starts, ends = starts[by_row], ends[by_row]
    counts = np.stack([np.sum([slot.counts for slot in each], axis=0) for each in columns], axis=1)
    return normal(
        Segments(
            data,
            starts,
            ends,
            np.concatenate([[0], np.cumsum(counts.ravel())]),
            np.tile(np.arange(len(columns), dtype=np.uint8) + PROMPT, rows),
            np.arange(rows + 1, dtype=np.int64) * len(columns),
        )
    )


def _before(lengths: np.ndarray) -> np.ndarray:
    return np.asarray(np.cumsum(lengths) - lengths)
