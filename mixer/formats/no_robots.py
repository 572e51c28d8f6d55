"""No Robots (https://huggingface.co/datasets/HuggingFaceH4/no_robots): written by people.

    {"prompt": "Any good tea?", "prompt_id": "7b1c", "category": "Open QA",
     "messages": [{"role": "user", "content": "Any good tea?"},
                  {"role": "assistant", "content": "Assam."}]}

The conversation is in `messages`; `prompt` repeats its first question and is left out, unless it
says something else: then it is kept in `meta`. The category (InstructGPT's use cases and Coding) is
the subset.
"""

from __future__ import annotations

import msgspec

from mixer.formats import messages
from mixer.schema import Place, Record, StatedTask

CARD = "no_robots"


class Row(msgspec.Struct):
    messages: list[messages.Turn]
    category: str = ""
    prompt: str | None = None


def is_typical(row: Row) -> bool:
    return bool(row.category)


def parse(row: Row, place: Place, options: object) -> Record:
    record = messages.parse(messages.Row(row.messages), place, options)
    if row.prompt is not None and row.prompt not in [turn.content for turn in record.prompt]:
        record.meta["prompt"] = row.prompt
    record.subset = row.category
    record.stated_task = StatedTask("no_robots", row.category)
    return record
