"""What tells formats apart that fit the same rows equally well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from mixer import formats
from mixer.cards.source_card import source_card
from mixer.errors import BadRow
from mixer.phases.fit_formats import Fitted, Reader
from mixer.report.fits import Fit, Known
from mixer.report.guess import Example, Tied
from mixer.schema import Record
from mixer.sources.raw_row import RawRow

_COMPARED_ROWS = 50
_PARTS = ("prompt", "answers", "subset", "stated_task", "template", "family", "license", "meta")


def known_of(path: str) -> Known:
    """Formats that the path names: `data/self-instruct/seeds.jsonl` names self_instruct."""
    said = f"_{re.sub(r'[^a-z0-9]+', '_', path.lower())}_"
    named = frozenset(name for name in formats.names() if f"_{name}_" in said)
    carded = frozenset(name for name in formats.names() if formats.default_card(name))
    return Known(named, carded)


def tied(found: Fitted, best: list[Fit], known: Known) -> list[Tied]:
    """A line for each; differences are those of the records from the first format's."""
    return [
        Tied(
            fit.format,
            fit.format in known.named_in_path,
            _differences(found, best[0], fit),
            _further(fit),
            *_card(fit.format),
        )
        for fit in best
    ]


def examples(found: Fitted, fit: Fit, count: int) -> list[Example]:
    """The first, middle and last … of the rows that parse."""
    read = [(raw, made[0]) for raw, made in _records(found, fit) if made]
    places = sorted({round(n * (len(read) - 1) / max(1, count - 1)) for n in range(count)})
    chosen = [read[place] for place in places if read]
    return [Example(_path(found, raw), raw.member_row, _turns(record)) for raw, record in chosen]


def _path(found: Fitted, raw: RawRow) -> str:
    """With the member of an archive, as ids have it."""
    return f"{found.file.path}/{raw.member}" if raw.member else found.file.path


def _turns(record: Record) -> list[tuple[str, str]]:
    turns = [(message.role, message.content) for message in record.prompt]
    for number, answer in enumerate(record.answers, 1):
        name = "answer" if len(record.answers) == 1 else f"answer {number}"
        score = "" if answer.score is None else f" (score {answer.score:g})"
        said = "\n".join(message.content for message in answer.messages)
        turns.append((f"{name}{score}", said))
    return turns


def _records(found: Fitted, fit: Fit) -> Iterator[tuple[RawRow, list[Record]]]:
    reader = Reader(fit.format, found.file.label, fit.settings)
    for raw in found.samples[fit.format].rows:
        try:
            _, made = reader.read(raw)
        except (BadRow, msgspec.ValidationError):
            made = []
        yield raw, made


def _differences(found: Fitted, first: Fit, other: Fit) -> list[str]:
    """Parts of the records that differ in the first rows, with a value where it is a word."""
    if first is other:
        return []
    seen: dict[str, str] = {}
    pairs = zip(_records(found, first), _records(found, other), strict=False)
    for (_, mine), (_, theirs) in islice(pairs, _COMPARED_ROWS):
        if len(mine) != len(theirs):
            seen.setdefault("number of records", "")
        for one, another in zip(mine, theirs, strict=False):
            for part in _PARTS:
                value = getattr(another, part)
                if getattr(one, part) != value:
                    seen.setdefault(part, _word(value))
    return [f"{part} {word}".rstrip() for part, word in seen.items()]


def _word(value: Any) -> str:
    if value in (None, "", [], {}):
        return "(none)"
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return repr(value) if isinstance(value, str) and len(value) <= 40 else ""


def _further(fit: Fit) -> list[str]:
    """Fields that the format would read, too, if they were there."""
    known = formats.fields(fit.format, formats.options_type(fit.format)())
    return [] if fit.settings else [name for name in known if name not in fit.used]


def _card(format: str) -> tuple[str | None, str | None]:
    name = formats.default_card(format)
    return (name, source_card(name).license) if name else (None, None)
