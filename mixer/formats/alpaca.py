"""Alpaca (https://github.com/tatsu-lab/stanford_alpaca), the field names many data sets took over.

    {"instruction": "Name a tea.", "input": "", "output": "Assam."}

`system` (a system message) and `history` (earlier [question, answer] pairs) are read where a file
has them. The answer may be called `response`: one of the two names, or both if they say the same
(new_codealpaca.json repeats it so); a row with two answers is bad. Traps: `<noinput>`, "No input.",
"N/A" and the like, also in Chinese, written where there is no input (treated as none);
`<nooutput>` or `<noinput>` written where there is no answer (treated as empty, so dropped).
"""

from __future__ import annotations

import re

import msgspec

from mixer.errors import BadRow
from mixer.schema import Message, Place, Record, assistant, instruction_prompt, utf8_bytes

_NO_INPUT = re.compile(
    r"\W*(?:no ?input(?: required| needed| provided)?|无输入|无需输入|没有输入)\W*"
    r"|n/a|<(?:n/a|none)>",
    re.IGNORECASE,
)
_NO_OUTPUT = re.compile(r"<(?:no ?output|no ?input|无输出)>", re.IGNORECASE)
# Longer texts are no such words, however much white space and punctuation they have.
_LONGEST = 40


class Row(msgspec.Struct, omit_defaults=True):
    instruction: str
    output: str | None = None
    input: str | None = None
    system: str | None = None
    history: list[tuple[str, str]] | None = None
    response: str | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    given, output = row.input or "", _answer(row)
    treatments = []
    if row.output is not None and row.response is not None:
        treatments.append("read the answer once, from `output` and `response`")
    if _says(_NO_INPUT, given):
        given = ""
        treatments.append("read a written 'no input' as none")
    if _says(_NO_OUTPUT, output):
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


def _says(words: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST and words.fullmatch(text.strip()) is not None


def _answer(row: Row) -> str:
    output, response = row.output, row.response
    if output is None:
        output = response
    if output is None:
        raise BadRow("needs an answer: `output`, or `response`")
    if response is not None and output != response:
        raise BadRow("`output` and `response` differ: name one of them with `format: columns`")
    return output
