"""Super-NaturalInstructions (https://github.com/allenai/natural-instructions): one file a task.

    {"Definition": ["Say whether the review is positive."], "Categories": ["Sentiment Analysis"],
     "Positive Examples": [...], "Negative Examples": [...], "Instance License": ["MIT"],
     "Instances": [{"id": "task1-a", "input": "Loved it.", "output": ["positive"]}], ...}

One record an instance. The Definition is the record's `template`: every row of a task repeats it.
The first output is the answer; further references are kept in `meta`. The task's own examples and
the other fields of the file are kept once a file, with the list of files read.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, assistant, instruction_prompt

CARD = "super_ni"
ROWS_AT = "Instances"


class Header(msgspec.Struct):
    Definition: list[str]
    Categories: list[str] = []
    Instance_License: list[str] = msgspec.field(default=[], name="Instance License")


class Row(msgspec.Struct):
    input: str
    output: list[str]
    id: str | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    header: Header = place.header
    if not row.output:
        raise BadRow("`output` is an empty list")
    definition = "\n".join(header.Definition)
    meta: dict[str, object] = {"id": row.id, "categories": header.Categories}
    if len(row.output) > 1:
        meta["references"] = row.output[1:]
    return Record(
        prompt=instruction_prompt(definition, row.input),
        answers=[assistant(row.output[0])],
        subset=PurePosixPath(place.file).name.split(".json")[0],
        template=definition,
        license=" AND ".join(header.Instance_License) or None,
        meta=meta,
    )
