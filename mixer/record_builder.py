"""Records → Arrow, without a Python dictionary per message: flat lists and offsets."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from mixer.errors import BadRow
from mixer.fingerprint import fingerprint
from mixer.licenses.names import license_text
from mixer.schema import RECORD, Message, Record

# A character that can be seen: no white space, no control, no mark of width or direction.
_SEEN = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_encode_meta = msgspec.json.Encoder().encode
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


class Built(NamedTuple):
    """A record that can be written; `plain` is what stands in its columns of _PLAIN."""

    plain: tuple[Any, ...]
    record: Record


class RecordBuilder:
    """Collects records of one source; `take()` returns them as one RecordBatch of schema RECORD.

    Records that cannot teach anything are marked as dropped, unless `keeps_unusable`: then that is
    noted as a treatment. A row's own licence counts before that of the source, unless that
    `overrides` it.
    """

    def __init__(
        self,
        source: str,
        license: str | None,
        keeps_unusable: bool = False,
        overrides: bool = False,
    ) -> None:
        self._keeps_unusable = keeps_unusable
        self._overrides = overrides
        self._source = source
        self._license = license
        self._clear()

    def _clear(self) -> None:
        self._plain: list[tuple[Any, ...]] = []
        self._prompts = _Messages()
        self._answers = _Messages()
        self._answer_offsets = [0]
        self._scores: list[float | None] = []

    @property
    def rows(self) -> int:
        return len(self._plain)

    @property
    def text_bytes(self) -> int:
        """Characters held, a lower bound of bytes; used only to decide when to flush."""
        return self._prompts.text_bytes + self._answers.text_bytes

    def built(self, identity: str, record: Record) -> Built:
        """BadRow or UnicodeEncodeError for a record that could not be written."""
        drop = record.drop or self._unusable(record)
        if record.treatments:
            record.meta["treatments"] = record.treatments
        if record.stated_task:
            record.meta["stated_task"] = record.stated_task
        _check_names(identity, record)
        _check_scores(record)
        plain = (  # in the order of _PLAIN; one tuple a row is faster than ten lists
            identity,
            self._source,
            record.subset,
            record.instruction_bytes,
            record.template,
            record.family,
            self._license_of(record),
            record.not_for_training,
            fingerprint(record.prompt, record.answers),
            _json(record.meta) if record.meta else "{}",
            "read" if drop else None,
            drop,
        )
        return Built(plain, record)

    def add(self, identity: str, record: Record) -> None:
        self.append(self.built(identity, record))

    def append(self, built: Built) -> None:
        plain, record = built
        self._plain.append(plain)
        self._prompts.add(record.prompt)
        for answer in record.answers:
            self._answers.add(answer.messages)
            self._scores.append(answer.score)
        self._answer_offsets.append(len(self._scores))

    def _license_of(self, record: Record) -> str | None:
        if record.license and not self._overrides:
            return license_text(record.license)
        return self._license

    def _unusable(self, record: Record) -> str | None:
        reason = _unusable(record)
        if reason is None or not self._keeps_unusable:
            return reason
        record.treatments.append(f"kept despite: {reason}")
        return None

    def take(self) -> pa.RecordBatch:
        answers = pa.ListArray.from_arrays(
            pa.array(self._answer_offsets, pa.int32()),
            pa.StructArray.from_arrays(
                [self._answers.column(), pa.array(self._scores, pa.float64())],
                names=["messages", "score"],
            ),
        )
        built = {"prompt": self._prompts.column(), "answers": answers}
        built |= dict(zip(_PLAIN, zip(*self._plain, strict=True), strict=True))
        columns = [
            column
            if isinstance(column := built[item.name], pa.Array)
            else pa.array(column, item.type)
            for item in RECORD
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=RECORD)
        self._clear()
        return batch


def _check_names(identity: str, record: Record) -> None:
    """UnicodeEncodeError where a text other than those of the fingerprint is none."""
    for text in (identity, record.subset, record.template, record.family, record.license):
        if text and not text.isascii():
            text.encode()


def _check_scores(record: Record) -> None:
    for answer in record.answers:
        if answer.score is not None and not math.isfinite(answer.score):
            raise BadRow(f"the score of an answer is {answer.score}: nothing can be ranked by it")


def _json(meta: dict[str, Any]) -> str:
    try:
        return _encode_meta(meta).decode()
    except TypeError as error:
        raise BadRow(f"a field holds what JSON has no word for: {error}") from error


def _unusable(record: Record) -> str | None:
    """Why a record that parsed cannot teach anything, or None."""
    if not _shows_something(record.prompt):
        return "empty prompt"
    for answer in record.answers:
        if not _shows_something(answer.messages):
            return "empty answer"
    if len(record.answers) > 1 and len({answer.messages for answer in record.answers}) == 1:
        return "identical answers"
    return None


def _shows_something(messages: Sequence[Message]) -> bool:
    # Nearly every text begins with a character that can be seen.
    if messages and "!" <= messages[0].content[:1] <= "~":
        return True
    return any(_SEEN.search(message.content) for message in messages)
