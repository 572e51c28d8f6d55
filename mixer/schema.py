"""The record: the one shape every format becomes, as small Python makers and as an Arrow schema.

`prompt` is the conversation up to the answer. `answers` has 0 items for a bare prompt, 1 for
supervised data, 2 for a preference (best first), more for a ranking (best first).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
ANSWERS = pa.list_(pa.struct([("messages", MESSAGES), ("score", pa.float64())]))

RECORD = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("subset", pa.string()),
        ("prompt", MESSAGES),
        ("answers", ANSWERS),
        ("instruction_bytes", pa.int64()),
        ("template", pa.string()),
        ("family", pa.string()),
        ("license", pa.string()),
        ("not_for_training", pa.bool_()),
        ("fingerprint", pa.string()),
        ("meta", pa.string()),
        ("dropped_by", pa.string()),
        ("dropped_why", pa.string()),
    ]
)


class Message(NamedTuple):
    """One turn; `role` is system, user, assistant, tool_call (mixer/tool_calls.py) or tool."""

    role: str
    content: str


class Answer(NamedTuple):
    """One answer to a prompt, normally a single message of the assistant; calls of tools and their
    results may stand before it."""

    messages: tuple[Message, ...]
    score: float | None = None


class StatedTask(NamedTuple):
    """What upstream calls the task of a record; `catalogue` says whose word `category` is."""

    catalogue: str
    category: str


class Record(msgspec.Struct, gc=False):
    """What a format makes of an upstream row; reading adds id, source and fingerprint.

    `instruction_bytes` says how much of the last message of the prompt is the instruction, in UTF-8
    bytes from its start; None where the source does not tell it from what it is applied to.
    `family` joins records that were made from one another (pairs of one post, paraphrases of one
    instruction). `treatments` name every declared change to the text; each is counted on the card.
    `stated_task` is the task in upstream's words; `drop` is a reason to leave the record out
    although it parsed.
    """

    prompt: list[Message]
    answers: list[Answer]
    subset: str = ""
    instruction_bytes: int | None = None
    template: str | None = None
    family: str | None = None
    license: str | None = None
    meta: dict[str, Any] = msgspec.field(default_factory=dict)
    treatments: list[str] = msgspec.field(default_factory=list)
    stated_task: StatedTask | None = None
    drop: str | None = None
    not_for_training: bool = False


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an upstream row stands: `row` counts from 1; `header` is what its file says once."""

    source: str
    file: str
    row: int
    header: Any = None

    @property
    def file_stem(self) -> str:
        """The file's name without its endings: `tasks/task1_a.json.gz` → `task1_a`."""
        return file_stem(self.file)


# Of tables and of compression.
_ENDINGS = frozenset(
    {".arrow", ".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".tsv", ".txt", ".yaml", ".yml"}
    | {".bz2", ".gz", ".tar", ".tgz", ".xz", ".zip", ".zst"}
)


@lru_cache(maxsize=1024)
def file_stem(file: str) -> str:
    """Dots inside a name stay: `cos_e_v1.11_rationale.jsonl` → `cos_e_v1.11_rationale`."""
    path = PurePosixPath(PurePosixPath(file).name)
    while path.suffix.lower() in _ENDINGS:
        path = path.with_suffix("")
    return path.name


def user(content: str) -> Message:
    return Message("user", content)


def assistant(content: str, score: float | None = None) -> Answer:
    return Answer((Message("assistant", content),), score)


def instruction_prompt(instruction: str, given: str) -> list[Message]:
    """One user turn: the instruction, then after a blank line what it is applied to."""
    return [user(f"{instruction}\n\n{given}" if given else instruction)]


def utf8_bytes(text: str) -> int:
    """How long a text is in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
