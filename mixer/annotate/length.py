"""Lengths of prompt and best answer in tokens, by the documented estimate or by a tokenizer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.conversation import conversations
from mixer.errors import InputError
from mixer.steps import AnnotateStep

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class Step(AnnotateStep, frozen=True, forbid_unknown_fields=True):
    """`prompt_tokens`, `answer_tokens` (of the best answer, its calls of tools and their results
    too; 0 without one) and `answer_count`.

    `tokenizer` is a Hugging Face `tokenizer.json`; without it mixer/tokens.py estimates.
    """

    tokenizer: str | None = None

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")
    paths: ClassVar[tuple[str, ...]] = ("tokenizer",)
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            ("prompt_tokens", pa.int64()),
            ("answer_tokens", pa.int64()),
            ("answer_count", pa.int64()),
        ]
    )

    def files(self) -> list[str]:
        return [self.tokenizer] if self.tokenizer else []

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        count = pc.list_value_length(batch.column("answers")).cast(pa.int64())
        if self.tokenizer is None:
            prompt, answer = _estimates(batch)
        else:
            prompt, answer = _exact(batch, self.tokenizer)
        return pa.RecordBatch.from_arrays([prompt, answer, count], schema=self.adds)


def _estimates(batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
    prompts = batch.column("prompt")
    per_prompt = _sums(_message_tokens(prompts), prompts.offsets)
    answers = batch.column("answers")
    messages = answers.values.field("messages")
    per_answer = _sums(_message_tokens(messages), messages.offsets)
    starts = answers.offsets.to_numpy()
    best = np.append(per_answer, 0)[starts[:-1]]
    best[starts[:-1] == starts[1:]] = 0
    return pa.array(per_prompt), pa.array(best)


def _message_tokens(lists: pa.ListArray) -> np.ndarray:
    from mixer.similarity.segments import strings
    from mixer.token_kernel import token_counts

    content = strings(lists.values.field("content"))
    return np.asarray(token_counts(content.data, content.offsets))


def _sums(values: np.ndarray, offsets: pa.Array) -> np.ndarray:
    ends = np.concatenate([[0], np.cumsum(values)])[offsets.to_numpy()]
    return np.asarray(np.diff(ends))


def _exact(batch: pa.RecordBatch, path: str) -> tuple[pa.Array, pa.Array]:
    tokenizer = _tokenizer(path)
    prompts: list[int] = []
    answers: list[int] = []
    for turns, answer_turns, _ in conversations(batch):
        best = answer_turns[0] if answer_turns else []
        texts = [text for _, text in (*turns, *best)]
        counts = [len(e.ids) for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
        prompts.append(sum(counts[: len(turns)]))
        answers.append(sum(counts[len(turns) :]))
    return pa.array(prompts, pa.int64()), pa.array(answers, pa.int64())


@lru_cache(maxsize=1)
def _tokenizer(path: str) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(path)
    except Exception as error:  # tokenizers raises bare Exception for a bad file
        raise InputError(f"cannot read the tokenizer {path}: {error}") from error
