r"""HumanEval (https://github.com/openai/human-eval): Python functions to complete.

    {"task_id": "Tea/0", "prompt": "def cups(pots: int):\n    \"\"\"Four cups a pot.\"\"\"\n",
     "canonical_solution": "    return 4 * pots\n", "entry_point": "cups",
     "test": "def check(candidate):\n    assert candidate(2) == 8\n"}

The prompt is a signature with its docstring, the answer the body of the function; `test` and
`entry_point` are kept in `meta`.
"""

from __future__ import annotations

import msgspec

from mixer.schema import Place, Record, StatedTask, assistant, user

CARD = "humaneval"


class Row(msgspec.Struct):
    prompt: str
    canonical_solution: str


def parse(row: Row, place: Place, options: object) -> Record:
    return Record(
        prompt=[user(row.prompt)],
        answers=[assistant(row.canonical_solution)],
        stated_task=StatedTask("words", "code"),
    )
