"""Records → Arrow, without a Python dictionary per message: flat lists and offsets."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa

from mixer.fingerprint import fingerprint
from mixer.schema import RECORD, Answer, Message, Record

_PLAIN = [n for n in RECORD.names if n not in ("prompt", "answers")]


class _Messages:
    """A growing list<{role, content}> column."""

    def __init__(self) -> None:
        self.offsets = [0]
        self.roles: list[str] = []
        self.contents: list[str] = []
        self.text_bytes = 0

    def add(self, messages: tuple[Message, ...] | list[Message]) -> None:
        for role, content in messages:
            self.roles.append(role)
            self.contents.append(content)
            self.text_bytes += len(content)
        self.offsets.append(len(self.roles))

    def column(self) -> pa.ListArray:
        values = pa.StructArray.from_arrays(
            [pa.array(self.roles, pa.string()), pa.array(self.contents, pa.string())],
            names=["role", "content"],
        )
        return pa.ListArray.from_arrays(pa.array(self.offsets, pa.int32()), values)


class RecordBuilder:
    """Collects records of one source; `take()` returns them as one RecordBatch of schema RECORD."""

    def __init__(self, source: str, license: str | None) -> None:
        self._source = source
        self._license = license
        self._clear()

    def _clear(self) -> None:
        self._plain: dict[str, list[Any]] = {name: [] for name in _PLAIN}
        self._prompts = _Messages()
        self._answers = _Messages()
        self._answer_offsets = [0]
        self._scores: list[float | None] = []

    @property
    def rows(self) -> int:
        return len(self._plain["id"])

    @property
    def text_bytes(self) -> int:
        """Characters held, a lower bound of bytes; used only to decide when to flush."""
        return self._prompts.text_bytes + self._answers.text_bytes

    def add(self, identity: str, record: Record) -> None:
        if record.treatments:
            record.meta["treatments"] = record.treatments
        drop = record.drop or _unusable(record)
        plain = self._plain
        plain["id"].append(identity)
        plain["source"].append(self._source)
        plain["subset"].append(record.subset)
        plain["template"].append(record.template)
        plain["family"].append(record.family)
        plain["license"].append(record.license or self._license)
        plain["not_for_training"].append(record.not_for_training)
        plain["fingerprint"].append(fingerprint(record.prompt, record.answers))
        plain["meta"].append(msgspec.json.encode(record.meta).decode())
        plain["dropped_by"].append("read" if drop else None)
        plain["dropped_why"].append(drop)
        self._prompts.add(record.prompt)
        for answer in record.answers:
            self._answers.add(answer.messages)
            self._scores.append(answer.score)
        self._answer_offsets.append(len(self._scores))

    def take(self) -> pa.RecordBatch:
        answers = pa.ListArray.from_arrays(
            pa.array(self._answer_offsets, pa.int32()),
            pa.StructArray.from_arrays(
                [self._answers.column(), pa.array(self._scores, pa.float64())],
                names=["messages", "score"],
            ),
        )
        built = {"prompt": self._prompts.column(), "answers": answers}
        columns = [
            built[item.name] if item.name in built else pa.array(self._plain[item.name], item.type)
            for item in RECORD
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=RECORD)
        self._clear()
        return batch


def _unusable(record: Record) -> str | None:
    """Why a record that parsed cannot teach anything, or None."""
    if not any(message.content.strip() for message in record.prompt):
        return "empty prompt"
    if any(_is_empty(answer) for answer in record.answers):
        return "empty answer"
    if len(record.answers) > 1 and len({answer.messages for answer in record.answers}) == 1:
        return "identical answers"
    return None


def _is_empty(answer: Answer) -> bool:
    return not any(message.content.strip() for message in answer.messages)
