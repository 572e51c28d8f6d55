"""Prompts and answers → the columns `prompt`, `answers` and `fingerprint`, without a Python
dictionary per message: flat lists and offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from itertools import accumulate, chain

import numpy as np
import pyarrow as pa

from mixer.fingerprint import fingerprint
from mixer.fingerprints import DIGEST_BYTES, fingerprints
from mixer.schema import Answer, Message


def spoken_columns(
    prompts: Sequence[Sequence[Message]], answers: Sequence[Sequence[Answer]]
) -> dict[str, pa.Array]:
    """Of records, an item each in both lists."""
    prompt, answer = _messages_column(prompts), _answers_column(answers)
    known = fingerprints(prompt, answer)
    digests = [
        digest or bytes.fromhex(fingerprint(*said))
        for digest, said in zip(known, zip(prompts, answers, strict=True), strict=True)
    ]
    return {"prompt": prompt, "answers": answer, "fingerprint": _hexadecimal(digests)}


def _messages_column(turns: Sequence[Sequence[Message]]) -> pa.ListArray:
    messages = list(chain.from_iterable(turns))
    roles, contents = zip(*messages, strict=True) if messages else ((), ())
    values = pa.StructArray.from_arrays(
        [pa.array(roles, pa.string()), pa.array(contents, pa.string())], names=["role", "content"]
    )
    return pa.ListArray.from_arrays(_offsets(turns), values)


def _answers_column(answers: Sequence[Sequence[Answer]]) -> pa.ListArray:
    all_answers = list(chain.from_iterable(answers))
    messages = _messages_column([answer.messages for answer in all_answers])
    scores = pa.array([answer.score for answer in all_answers], pa.float64())
    values = pa.StructArray.from_arrays([messages, scores], names=["messages", "score"])
    return pa.ListArray.from_arrays(_offsets(answers), values)


def _hexadecimal(digests: list[bytes]) -> pa.StringArray:
    text = pa.py_buffer(b"".join(digests).hex().encode())
    ends = np.arange(len(digests) + 1, dtype=np.int32) * (2 * DIGEST_BYTES)
    return pa.StringArray.from_buffers(len(digests), pa.py_buffer(ends), text)


def _offsets(lists: Iterable[Sized]) -> pa.Array:
    return pa.array(list(accumulate(map(len, lists), initial=0)), pa.int32())
