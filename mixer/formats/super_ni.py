"""Super-NaturalInstructions (https://github.com/allenai/natural-instructions): one file a task.

    {"Definition": ["Say whether the review is positive."], "Categories": ["Sentiment Analysis"],
     "Positive Examples": [...], "Negative Examples": [...], "Instance License": ["MIT"],
     "Instances": [{"id": "task1-a", "input": "Loved it.", "output": ["positive"]}], ...}

One record an instance. The Definition is the record's `template`: every row of a task repeats it.
The first output is the answer; further references are kept in `meta`. The task's own examples and
the other fields of the file are kept once a file, with the list of files read.
"""

from __future__ import annotations

from functools import cached_property

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, StatedTask, assistant, instruction_prompt, utf8_bytes

CARD = "super_ni"
ROWS_AT = "Instances"


class Header(msgspec.Struct, dict=True):
    Definition: list[str]
    Categories: list[str] = []
    Instance_License: list[str] = msgspec.field(default=[], name="Instance License")

    @cached_property
    def definition(self) -> str:
        return "\n".join(self.Definition)

    @cached_property
    def stated_task(self) -> StatedTask | None:
        """The category, where there is one and not several."""
        return StatedTask("super_ni", self.Categories[0]) if len(self.Categories) == 1 else None

    @cached_property
    def license(self) -> str | None:
        return " AND ".join(self.Instance_License) or None


class Row(msgspec.Struct):
    input: str
    output: list[str]
    id: str | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    header: Header = place.header
    if not row.output:
        raise BadRow("`output` is an empty list")
    meta: dict[str, object] = {"id": row.id, "categories": header.Categories}
    if len(row.output) > 1:
        meta["references"] = row.output[1:]
    return Record(
        prompt=instruction_prompt(header.definition, row.input),
        answers=[assistant(row.output[0])],
        subset=place.file_stem,
        instruction_bytes=utf8_bytes(header.definition),
        template=header.definition,
        license=header.license,
        meta=meta,
        stated_task=header.stated_task,
    )
