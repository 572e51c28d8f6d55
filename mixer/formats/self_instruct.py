r"""Self-Instruct (https://github.com/yizhongw/self-instruct): seeds and every pipeline stage.

    {"id": "seed_task_0", "name": "tea", "instruction": "Name a tea.", "is_classification": false,
     "instances": [{"input": "", "output": "Assam."}]}                      seed tasks, human eval
    {"instruction": "Name a tea.", "most_similar": {...}}                   generated instructions
    {"instruction": "Name a tea.", "is_classification": " No"}              classified
    {"instruction": "Name a tea.", "raw_instances": "Output: Assam."}       generated instances
    {"instruction": "Name a tea.", "input": "", "output": "Assam."}         all_instances_82K
    {"prompt": "Name a tea.\nOutput:", "completion": " Assam.<|endoftext|>"}    for fine-tuning

Instruction stages without answers become bare prompts. Raw instances are kept as they are in
`meta`: what upstream made of them is its next stage. Declared treatments: the end-of-text mark and
the white space around an answer are trimmed. Trap: `is_classification` is a bool or " Yes" / " No".
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.formats.p3 import has_end_mark, without_end_mark
from mixer.schema import Place, Record, StatedTask, assistant, instruction_prompt, user, utf8_bytes
from mixer.upstream_fields import beside

CARD = "self_instruct"


class Instance(msgspec.Struct):
    input: str
    output: str


class Row(msgspec.Struct, omit_defaults=True):
    instruction: str | None = None
    instances: list[Instance] | None = None
    input: str | None = None
    output: str | None = None
    prompt: str | None = None
    completion: str | None = None
    id: str | None = None
    name: str | None = None
    is_classification: bool | str | None = None


def is_typical(row: Row) -> bool:
    """Of those for fine-tuning, each with an input and some without end in `Output:`."""
    if row.prompt is None or row.completion is None:
        return True
    return row.prompt.endswith("Output:") and has_end_mark(row.completion)


def parse(row: Row, place: Place, options: object) -> list[Record]:
    records, read = _records(row)
    kept = beside(row, *read, "is_classification")
    if row.is_classification is not None:
        kept["is_classification"] = _as_bool(row.is_classification)
    stated = None
    if kept.get("is_classification") is True:
        stated = StatedTask("self_instruct", "classification")
    for record in records:
        record.meta.update(kept)
        record.stated_task = stated
    return records


def _records(row: Row) -> tuple[list[Record], tuple[str, ...]]:
    """The records, and the fields that they are read from."""
    instruction, prompt, completion = row.instruction, row.prompt, row.completion
    if instruction is not None and row.instances:
        made = [_instance(instruction, each.input, each.output) for each in row.instances]
        return made, ("instruction", "instances")
    if instruction is not None and row.output is not None:
        made = [_instance(instruction, row.input or "", row.output)]
        return made, ("instruction", "input", "output")
    if instruction is not None:
        asked = instruction_prompt(instruction, row.input or "")
        made = [Record(asked, answers=[], instruction_bytes=utf8_bytes(instruction))]
        return made, ("instruction", "input", "instances")
    if prompt is not None and completion is not None:
        made = [Record([user(prompt)], [assistant(without_end_mark(completion))])]
        return made, ("prompt", "completion")
    raise BadRow("needs `instruction` or `prompt, completion`")


def _instance(instruction: str, given: str, output: str) -> Record:
    return Record(
        prompt=instruction_prompt(instruction, given),
        answers=[assistant(output.strip())],
        instruction_bytes=utf8_bytes(instruction),
        template=instruction if given else None,
    )


def _as_bool(value: bool | str) -> bool | str:
    if isinstance(value, bool):
        return value
    return {"yes": True, "no": False}.get(value.strip().lower(), value)
