"""Keeps records whose prompt and answer are within given lengths in tokens."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.steps import ScreenStep


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """Bounds in tokens, each optional; the bounds themselves are allowed lengths."""

    min_prompt_tokens: int | None = None
    max_prompt_tokens: int | None = None
    min_answer_tokens: int | None = None
    max_answer_tokens: int | None = None

    reads: ClassVar[tuple[str, ...]] = ("prompt_tokens", "answer_tokens")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        prompts = batch.column("prompt_tokens").to_pylist()
        answers = batch.column("answer_tokens").to_pylist()
        reasons = [
            _outside("prompt", prompt, self.min_prompt_tokens, self.max_prompt_tokens)
            or _outside("answer", answer, self.min_answer_tokens, self.max_answer_tokens)
            for prompt, answer in zip(prompts, answers, strict=True)
        ]
        return pa.array(reasons, pa.string())


def _outside(what: str, tokens: int, lowest: int | None, highest: int | None) -> str | None:
    if lowest is not None and tokens < lowest:
        return f"{what} shorter than {lowest} tokens"
    if highest is not None and tokens > highest:
        return f"{what} longer than {highest} tokens"
    return None
