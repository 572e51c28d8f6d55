"""Dolly 15k (https://huggingface.co/datasets/databricks/databricks-dolly-15k).

    {"instruction": "Who runs the ferry?", "context": "The ferry is run by the town.",
     "response": "The town.", "category": "closed_qa"}

The category is the subset.
"""

from __future__ import annotations

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, instruction_prompt, utf8_bytes

CARD = "dolly"


class Row(msgspec.Struct):
    instruction: str
    response: str
    context: str = ""
    category: str = ""


def is_typical(row: Row) -> bool:
    return bool(row.category)


def parse(row: Row, place: Place, options: object) -> Record:
    return Record(
        prompt=instruction_prompt(row.instruction, row.context),
        answers=[assistant(row.response)],
        instruction_bytes=utf8_bytes(row.instruction),
        subset=row.category,
        stated_task=StatedTask("dolly", row.category),
    )
