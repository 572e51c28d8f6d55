"""Records that can be written → Arrow, a batch at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa

from mixer.errors import BadRow
from mixer.licenses.names import license_text
from mixer.schema import RECORD, Answer, Message, Record
from mixer.spoken_columns import spoken_columns

# A character that can be seen: no white space, no control, no mark of width or direction.
_SEEN = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_encode_meta = msgspec.json.Encoder().encode
_PLAIN = [n for n in RECORD.names if n not in ("prompt", "answers", "fingerprint")]


class Built(msgspec.Struct, frozen=True, gc=False):
    """A record that can be written; `plain` is what stands in its columns of _PLAIN, `characters`
    a lower bound of its bytes."""

    plain: tuple[Any, ...]
    prompt: list[Message]
    answers: list[Answer]
    treatments: list[str]
    characters: int


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
        self._built: list[Built] = []
        self.characters = 0

    @property
    def rows(self) -> int:
        return len(self._built)

    def built(self, identity: str, record: Record) -> Built:
        """BadRow or UnicodeEncodeError for a record that could not be written."""
        drop = record.drop or _unusable(record)
        if drop and not record.drop and self._keeps_unusable:
            record.treatments.append(f"kept despite: {drop}")
            drop = None
        if record.treatments:
            record.meta["treatments"] = record.treatments
        if record.stated_task:
            record.meta["stated_task"] = record.stated_task
        own_license = None if self._overrides else record.license
        meta = _json(record.meta) if record.meta else "{}"
        plain = (  # in the order of _PLAIN; one tuple a row is faster than ten lists
            identity,
            self._source,
            record.subset,
            record.instruction_bytes,
            record.template,
            record.family,
            license_text(own_license) if own_license else self._license,
            record.not_for_training,
            meta,
            "read" if drop else None,
            drop,
        )
        characters = _name_characters(identity, record) + len(meta) + _characters(record.prompt)
        for answer in record.answers:
            _check_score(answer.score)
            characters += _characters(answer.messages)
        return Built(plain, record.prompt, record.answers, record.treatments, characters)

    def add(self, identity: str, record: Record) -> None:
        self.append(self.built(identity, record))

    def append(self, built: Built) -> None:
        self._built.append(built)
        self.characters += built.characters

    def take(self) -> pa.RecordBatch:
        built = self._built
        self._clear()
        plain = zip(*[each.plain for each in built], strict=True)
        columns: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
        columns |= spoken_columns([each.prompt for each in built], [each.answers for each in built])
        return pa.RecordBatch.from_arrays(
            [pa.array(columns[item.name], item.type) for item in RECORD], schema=RECORD
        )


def _characters(messages: Sequence[Message]) -> int:
    """UnicodeEncodeError for half a character (a lone surrogate), which no file could hold."""
    count = 0
    for role, content in messages:
        if not content.isascii():
            content.encode()
        if not role.isascii():
            role.encode()
        count += len(content)
    return count


def _name_characters(identity: str, record: Record) -> int:
    """The same of the texts other than those of messages."""
    count = 0
    for text in (identity, record.subset, record.template, record.family, record.license):
        if text:
            if not text.isascii():
                text.encode()
            count += len(text)
    return count


def _check_score(score: float | None) -> None:
    if score is not None and not math.isfinite(score):
        raise BadRow(f"the score of an answer is {score}: nothing can be ranked by it")


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
