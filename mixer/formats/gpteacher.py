"""GPTeacher (https://github.com/teknium1/GPTeacher): instructions answered by GPT-4.

    {"instruction": "Play a ferryman.", "input": "A storm comes up.", "response": "Hold on, all!"}

Read as `alpaca` reads it, with its names for the answer. The subset is the name of the folder
(`Codegen`, `Roleplay`, `Toolformer`, `Instruct`), of which Codegen states that the task is code.
Traps: the same rows stand in several files of a folder, at other thresholds of similarity: read one
of them. An instruction of Toolformer begins with the tools it may use, which many rows repeat; a
call of a tool stands in the response as text. Rows with `example_input` have it in `meta`.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from mixer.formats import alpaca
from mixer.schema import Place, Record, StatedTask

CARD = "gpteacher"

Row = alpaca.Row


def parse(row: alpaca.Row, place: Place, options: object) -> Record:
    record = alpaca.parse(row, place, options)
    record.subset = PurePosixPath(place.file).parent.name
    if record.subset == "Codegen":
        record.stated_task = StatedTask("words", "code")
    return record


def render(record: Record) -> alpaca.Row:
    """The upstream row; what the instruction is applied to is its `input`."""
    text = record.prompt[-1].content.encode()
    size = record.instruction_bytes
    instruction, given = text[:size].decode(), text[size:].decode().removeprefix("\n\n")
    return alpaca.Row(instruction, input=given, response=record.answers[0].messages[0].content)
