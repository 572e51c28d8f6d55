"""Records in Arrow → the text of each that novelty is judged on, and the upstream row it is of."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.similarity.segments import strings
from mixer.similarity.units import HASH_START, HASH_STEP

On = Literal["instruction", "prompt"]
COLUMNS = ("id", "prompt", "answers", "instruction_bytes")
_COLON, _ZERO, _NINE = ord(":"), ord("0"), ord("9")


def judged_texts(batch: pa.RecordBatch, on: On, kept: np.ndarray) -> pa.Array:
    """large_string: the instruction where the source tells it, else all messages of the prompt;
    null for records that are not kept, and for those of several answers: one prompt has many pairs
    of answers."""
    prompt = batch.column("prompt")
    contents = pc.fill_null(prompt.values.field("content").cast(pa.large_string()), "")
    line_break = pa.scalar("\n", pa.large_string())
    texts = pc.binary_join(pa.ListArray.from_arrays(prompt.offsets, contents), line_break)
    if on == "instruction":
        known = batch.column("instruction_bytes")
        told = known.is_valid()
        last = pc.subtract(prompt.offsets.slice(1), 1)
        beginnings = _beginnings(contents.take(last.filter(told)), known.drop_null())
        texts = pc.replace_with_mask(texts, told, beginnings)
    answers = np.diff(np.asarray(batch.column("answers").offsets))
    return pc.if_else(pa.array(kept & (answers <= 1)), texts, pa.scalar(None, pa.large_string()))


def _beginnings(texts: pa.Array, lengths: pa.Array) -> pa.Array:
    """The first bytes of each text: beginnings and rests, in turns, laid over the same buffer."""
    texts = pa.concat_arrays([texts])
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets or bytes(8), np.int64)[texts.offset :][: len(texts) + 1]
    cuts = np.empty(2 * len(texts) + 1, np.int64)
    cuts[::2] = starts
    cuts[1::2] = np.minimum(starts[:-1] + np.asarray(lengths), starts[1:])
    buffers = [None, pa.py_buffer(cuts), data]
    pieces = pa.Array.from_buffers(pa.large_string(), len(cuts) - 1, buffers)
    return pieces.take(pa.array(np.arange(0, len(cuts) - 1, 2)))


def upstream_rows(ids: pa.Array) -> np.ndarray:
    """uint64: a hash of each id without its last part, where `source/file:row` has a `:sub`."""
    return np.asarray(_hashed(*strings(ids)))


@njit(cache=True, nogil=True)
def _hashed(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    result = np.empty(len(offsets) - 1, np.uint64)
    for row in range(len(result)):
        start, end = offsets[row], offsets[row + 1]
        before = _number_start(data, start, end)
        if before > start and _number_start(data, start, before - 1) >= 0:
            end = before - 1
        value = HASH_START
        for at in range(start, end):
            value = (value ^ np.uint64(data[at])) * HASH_STEP
        result[row] = value
    return result


@njit(cache=True, nogil=True)
def _number_start(data: np.ndarray, start: int, end: int) -> int:  # pragma: no cover - compiled
    """Where the digits begin that follow the last colon, or -1 where no such end the text."""
    at = end
    while at > start and _ZERO <= data[at - 1] <= _NINE:
        at -= 1
    return at if start < at < end and data[at - 1] == _COLON else -1
