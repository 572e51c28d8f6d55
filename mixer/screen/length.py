"""Keeps records whose prompt and best answer are within given lengths.

A prompt's length is that of all its messages, as is an answer's: calls of tools and their results
count. Tokens are those of the step `length` (an estimate, or exact with a tokenizer file);
characters are Unicode code points; words are what stands between white space, and each character of
a script that puts none (Chinese, Japanese, Thai …).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from mixer.screen.rules.texts import On, reasons, texts
from mixer.steps import ScreenStep

_PARTS: dict[str, On] = {"prompt": "prompt", "answer": "best_answer"}
_UNITS = ("tokens", "words", "characters")


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """Bounds, each optional; the bounds themselves are allowed lengths. Records without an answer
    have no length of the answer, and stay."""

    min_prompt_tokens: int | None = None
    max_prompt_tokens: int | None = None
    min_answer_tokens: int | None = None
    max_answer_tokens: int | None = None
    min_prompt_words: int | None = None
    max_prompt_words: int | None = None
    min_answer_words: int | None = None
    max_answer_words: int | None = None
    min_prompt_characters: int | None = None
    max_prompt_characters: int | None = None
    min_answer_characters: int | None = None
    max_answer_characters: int | None = None

    @property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]  # text only where it is measured
        units = {unit for _, unit, _, _ in self._bounds()}
        text = ("prompt", "answers") if units & {"words", "characters"} else ()
        tokens = ("prompt_tokens", "answer_tokens", "answer_count") if "tokens" in units else ()
        return tokens + text

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        found: list[tuple[str, np.ndarray]] = []
        for part, unit, lowest, highest in self._bounds():
            length, there = _length(batch, part, unit)
            if lowest is not None:
                short = there & (length < lowest)
                found.append((f"{part} shorter than {lowest} {unit}", short))
            if highest is not None:
                found.append((f"{part} longer than {highest} {unit}", there & (length > highest)))
        return reasons(batch.num_rows, found)

    def _bounds(self) -> Iterator[tuple[str, str, int | None, int | None]]:
        """The bounds that are given, as (part, unit, lowest, highest)."""
        for unit in _UNITS:
            for part in _PARTS:
                lowest = getattr(self, f"min_{part}_{unit}")
                highest = getattr(self, f"max_{part}_{unit}")
                if lowest is not None or highest is not None:
                    yield part, unit, lowest, highest


def _length(batch: pa.RecordBatch, part: str, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Of each record the length, and whether it has that part at all."""
    if unit == "tokens":
        there = np.asarray(batch.column("answer_count")) > 0
        return np.asarray(batch.column(f"{part}_tokens")), there | (part == "prompt")
    there = np.asarray(batch.column("answers").value_lengths()) > 0
    said = texts(batch, _PARTS[part], calls=True)
    lengths = _characters(said.content) if unit == "characters" else _words(said.content)
    total = np.bincount(said.row, weights=lengths, minlength=batch.num_rows)
    return total, there | (part == "prompt")


def _characters(content: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.utf8_length(content))


def _words(content: pa.Array) -> np.ndarray:
    from mixer.screen.rules.words import word_counts
    from mixer.similarity.segments import strings

    made = strings(content)
    return np.asarray(word_counts(made.data, made.offsets))
