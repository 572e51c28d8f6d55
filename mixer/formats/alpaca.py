"""Alpaca (https://github.com/tatsu-lab/stanford_alpaca), the field names many data sets took over.

    {"instruction": "Name a tea.", "input": "", "output": "Assam."}

`system` (a system message) and `history` (earlier [question, answer] pairs) are read where a file
has them. Traps: `noinput` or `<noinput>` written where there is no input (treated as none);
`<nooutput>` or `<noinput>` written where there is no answer (treated as empty, so dropped).
"""

from __future__ import annotations

import msgspec

from mixer.schema import Message, Place, Record, assistant, instruction_prompt, utf8_bytes

_NO_INPUT = frozenset({"noinput", "<noinput>"})
_NO_OUTPUT = frozenset({"<nooutput>", "<noinput>"})


class Row(msgspec.Struct):
    instruction: str
    output: str
    input: str | None = None
    system: str | None = None
    history: list[tuple[str, str]] | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    given, output = row.input or "", row.output
    treatments = []
    if given.strip().lower() in _NO_INPUT:
        given = ""
        treatments.append("read a written 'no input' as none")
    if output.strip().lower() in _NO_OUTPUT:
        output = ""
    messages = [Message("system", row.system)] if row.system else []
    for question, answer in row.history or []:
        messages += [Message("user", question), Message("assistant", answer)]
    return Record(
        prompt=messages + instruction_prompt(row.instruction, given),
        answers=[assistant(output)],
        instruction_bytes=utf8_bytes(row.instruction),
        treatments=treatments,
    )
