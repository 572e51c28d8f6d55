"""Columns of a table that is not made of records → segments: strings, messages and chats.

A chat is a list of messages, `{role, content}` or `{from, value}`; one file may hold both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.arrays import ranges
from mixer.similarity.segments import ANSWER, PROMPT, Segments, normal, strings

_CONTENT = ("content", "value")
_ROLE = ("role", "from")
MESSAGE_FIELDS = frozenset(_CONTENT + _ROLE)
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
    item: pa.DataType = kind.value_type
    return is_message(item)


def is_message(kind: pa.DataType) -> bool:
    if not pa.types.is_struct(kind):
        return False
    fields: Any = kind
    names = {field.name for field in fields if is_text(field.type)}
    return bool(names.intersection(_CONTENT)) and bool(names.intersection(_ROLE))


def is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def is_number(kind: pa.DataType) -> bool:
    """Numbers, yes and no, and nothing at all: compared as the text they are in JSON."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
    )


def _pieces(column: pa.Array) -> _Pieces:
    if is_chat(column.type):
        content, offsets = _messages(column)
        made = strings(content)
        return _Pieces(made.data, made.offsets[:-1], made.offsets[1:], np.diff(offsets))
    made = strings(_text(column, _CONTENT) if is_message(column.type) else _plain(column))
    return _Pieces(made.data, made.offsets[:-1], made.offsets[1:], np.ones(len(column), np.int64))


def _messages(chat: pa.Array, names: tuple[str, ...] = _CONTENT) -> tuple[pa.Array, np.ndarray]:
    """The contents (or roles) of all messages, and where each row's begin among them."""
    items = chat.flatten()
    lengths = chat.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return _text(items, names), np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _text(messages: pa.Array, names: tuple[str, ...]) -> pa.Array:
    """Of each message the first of these fields that is there."""
    there = [name for name in names if messages.type.get_field_index(name) >= 0]
    return pc.coalesce(*(_plain(pc.struct_field(messages, name)) for name in there))


def _plain(texts: pa.Array) -> pa.Array:
    kind = texts.type
    plain = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return texts if plain else texts.cast(pa.large_string())


def _parted(chat: pa.Array) -> tuple[_Pieces, _Pieces]:
    content, offsets = _messages(chat)
    roles = strings(_messages(chat, _ROLE)[0])
    cut = _after_last_question(roles.data, roles.offsets, offsets)
    made = strings(content)
    asked = np.zeros(len(made.offsets) - 1, bool)
    lengths = cut - offsets[:-1]
    asked[ranges(offsets[:-1], lengths)] = True
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
