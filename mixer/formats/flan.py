"""Dumps of the Flan Collection (https://github.com/google-research/FLAN/tree/main/flan/v2).

    {"inputs": "Is this review positive? ...", "targets": "yes", "task_source": "Flan2021",
     "task_name": "imdb_reviews:1.0.0", "template_type": "zs_noopt"}

Some dumps write an underscore before the task fields (`_task_name`); both are read.
"""

from __future__ import annotations

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "flan"

# Part of Flan, as the dumps name it → where the names of its tasks can be looked up.
_CATALOGUES = {"CoT": "cot", "Flan2021": "flan2021", "NIv2": "niv2", "P3": "p3", "T0": "p3"}


class Row(msgspec.Struct):
    inputs: str
    targets: str
    task_source: str | None = None
    task_name: str | None = None
    template_type: str | None = None
    dump_task_source: str | None = msgspec.field(default=None, name="_task_source")
    dump_task_name: str | None = msgspec.field(default=None, name="_task_name")
    dump_template_type: str | None = msgspec.field(default=None, name="_template_type")


def is_typical(row: Row) -> bool:
    return (row.task_source or row.dump_task_source) is not None


def parse(row: Row, place: Place, options: object) -> Record:
    source = row.task_source or row.dump_task_source
    name = row.task_name or row.dump_task_name or ""
    template = row.template_type or row.dump_template_type
    dumped = beside(row, "inputs", "targets", "task_source", "task_name", "template_type")
    return Record(
        prompt=[user(row.inputs)],
        answers=[assistant(row.targets)],
        subset=name,
        stated_task=StatedTask(_CATALOGUES[source], name) if source in _CATALOGUES else None,
        meta={"task_source": source, "template_type": template}
        | {key: text for key, text in dumped.items() if text not in (source, name, template)},
    )
