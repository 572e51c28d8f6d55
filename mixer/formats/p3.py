"""P3, the prompts of T0 (https://huggingface.co/datasets/bigscience/P3): one file a template.

    {"prompt": "Which section is this from? ...", "completion": "Sport<|endoftext|>"}
    {"inputs_pretokenized": "Which section ...", "targets_pretokenized": "Sport", "inputs": [1, 2]}

The task is the file's name (`ag_news_which_section.jsonl`). Declared treatments: the end-of-text
mark and the white space around an answer are trimmed; token ids (`inputs`, `targets`) are left out
because the text says the same.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "p3"

_END = "<|endoftext|>"


class Row(msgspec.Struct):
    prompt: str | None = None
    completion: str | None = None
    inputs_pretokenized: str | None = None
    targets_pretokenized: str | None = None
    inputs: list[int] | None = None
    targets: list[int] | None = None


def is_typical(row: Row) -> bool:
    return row.completion is None or has_end_mark(row.completion)


def parse(row: Row, place: Place, options: object) -> Record:
    asked = "inputs_pretokenized" if row.prompt is None else "prompt"
    said = "targets_pretokenized" if row.completion is None else "completion"
    prompt, answer = getattr(row, asked), getattr(row, said)
    if prompt is None or answer is None:
        raise BadRow("needs `prompt, completion` or `inputs_pretokenized, targets_pretokenized`")
    return Record(
        prompt=[user(prompt)],
        answers=[assistant(without_end_mark(answer))],
        subset=place.file_stem,
        stated_task=StatedTask("p3", place.file_stem),
        meta=beside(row, asked, said, "inputs", "targets"),
    )


def has_end_mark(completion: str) -> bool:
    return completion.rstrip().endswith(_END)


def without_end_mark(completion: str) -> str:
    """The text before the end-of-text mark, trimmed."""
    return completion.strip().removesuffix(_END).strip()
