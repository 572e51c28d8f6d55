"""Unnatural Instructions (https://github.com/orhonovich/unnatural-instructions): core and full.

    {"instruction": "Name the capital.", "instances": [{"input": "Peru", "constraints": "None.",
      "instruction_with_input": "Name the capital of Peru.", "output": "Lima"}],
     "reformulations": [{"instruction": "What is the capital?", "input": "Peru", "output": "Lima",
      "instruction_with_input": "What is the capital of Peru?"}]}

The core file has no reformulations. One record an instance and one a paraphrase; all records of a
row share its id as `family`. Both are published as a zip of one JSON lines file.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, assistant, user, utf8_bytes

CARD = "unnatural"


class Instance(msgspec.Struct):
    instruction_with_input: str
    output: str
    input: str = ""
    constraints: str | None = None
    instruction: str | None = None


class Row(msgspec.Struct):
    instruction: str
    instances: list[Instance]
    reformulations: list[Instance] = []


def parse(row: Row, place: Place, options: object) -> list[Record]:
    if not row.instances and not row.reformulations:
        raise BadRow("`instances` is an empty list")
    family = f"{place.source}/{place.file}:{place.row}"
    kept = {} if _is_asked(row) else {"row_instruction": row.instruction}
    kinds = [(each, "instance") for each in row.instances]
    kinds += [(each, "reformulation") for each in row.reformulations]
    return [
        Record(
            prompt=[user(each.instruction_with_input)],
            answers=[assistant(each.output.strip())],
            subset=kind,
            instruction_bytes=_instruction_bytes(each, row),
            family=family,
            meta={
                "instruction": each.instruction or row.instruction,
                "input": each.input,
                "constraints": each.constraints,
                **kept,
            },
        )
        for each, kind in kinds
    ]


def _is_asked(row: Row) -> bool:
    """Whether a record has the instruction of the row; instances may have their own."""
    return not all(each.instruction for each in (*row.instances, *row.reformulations))


def _instruction_bytes(each: Instance, row: Row) -> int | None:
    """Known where the text starts with the instruction; some paraphrases put the input inside."""
    instruction = each.instruction or row.instruction
    said = each.instruction_with_input.startswith(instruction)
    return utf8_bytes(instruction) if said else None
