"""BIG-Bench Hard (https://github.com/suzgunmirac/BIG-Bench-Hard): one file a task.

    {"canary": "…", "examples": [{"input": "not True and True is", "target": "False"}, …]}

Copies leave out the canary (a sentence that asks not to train on the file) and hold the array of
examples alone. The task is the file's name. Most tasks repeat an instruction in every input.
"""

from __future__ import annotations

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user

CARD = "bbh"
ROWS_AT = "examples"


class Row(msgspec.Struct):
    input: str
    target: str


def parse(row: Row, place: Place, options: object) -> Record:
    return Record(
        prompt=[user(row.input)],
        answers=[assistant(row.target)],
        subset=place.file_stem,
        stated_task=StatedTask("bbh", place.file_stem),
    )
