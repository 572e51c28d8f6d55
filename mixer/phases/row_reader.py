"""One upstream row → its records, or its entry in quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from mixer import formats
from mixer.errors import BadRow, InputError
from mixer.phases.mask import Masking
from mixer.phases.record_files import Quarantine, RecordFiles
from mixer.recipe.model import Source
from mixer.record_builder import Built
from mixer.schema import Place, Record
from mixer.sources.raw_row import RawRow
from mixer.upstream_fields import NestedFields, joined

# What a row may raise: reasons of a format or of the types, and what no format looks out for.
_BAD = (BadRow, msgspec.ValidationError, UnicodeEncodeError, RecursionError)


class RowReader:
    """Reads rows of the source `name` into `records` and `quarantine`, and counts what was done.

    InputError for a bad row, if it `stops_on_bad_row`.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        stops_on_bad_row: bool,
        records: RecordFiles,
        quarantine: Quarantine,
    ) -> None:
        self.name = name
        self.source = source
        self.stops_on_bad_row = stops_on_bad_row
        self.format = formats.load(source.format)
        self.records = records
        self.quarantine = quarantine
        self.treatments: Counter[str] = Counter()
        self.masking = Masking(source.mask) if source.mask else None
        self.nested = NestedFields(self.format.Row)
        self.known = frozenset(formats.fields(source.format, source.options))
        self._header: tuple[Any, Any] = (None, None)

    def member(self, rows: Iterable[RawRow], file: str) -> tuple[int, int, int, Any]:
        """How many rows, records and rows in quarantine a file or member has, and its header."""
        before = self.records.total, self.quarantine.total
        count, header = 0, None
        for raw in rows:
            count += 1
            header = raw.header if raw.header is not None else header
            self.row(raw, file)
        return count, self.records.total - before[0], self.quarantine.total - before[1], header

    def row(self, raw: RawRow, file: str) -> None:
        """One upstream row → its records, or its entry in quarantine."""
        try:
            made = self._built(raw, file)
        except _BAD as error:
            reason = _reason(error)
            if self.stops_on_bad_row:
                hint = "set `on_bad_row: quarantine` to go on without such rows"
                raise InputError(f"{file}:{raw.member_row}: {reason}; {hint}") from error
            self._reject(f"{self.name}/{file}:{raw.member_row}", raw.text(), reason)
            return
        for built in made:
            self.records.append(built)
            self.treatments.update(built.record.treatments)

    def _built(self, raw: RawRow, file: str) -> list[Built]:
        """All records of a row, or none: they are built before the first is written."""
        made = self._parse(raw, file)
        several = len(made) > 1
        built = []
        for number, record in enumerate(made, 1):
            sub = f":{number}" if several else ""
            if self.masking is not None:
                self.masking.record(record)
            identity = f"{self.name}/{file}:{raw.member_row}{sub}"
            built.append(self.records.built(identity, record))
        return built

    def _reject(self, identity: str, raw: bytes, reason: str) -> None:
        if self.masking is not None:
            raw = self.masking.text(raw.decode(errors="backslashreplace")).encode()
            reason = self.masking.text(reason)
        self.quarantine.add(identity, raw, reason)

    def _parse(self, raw: RawRow, file: str) -> list[Record]:
        if raw.reason is not None:
            raise BadRow(raw.reason)
        row = msgspec.convert(raw.value, self.format.Row)
        place = Place(self.name, file, raw.member_row, self._typed_header(raw.header))
        parsed = self.format.parse(row, place, self.source.options)
        made = [parsed] if isinstance(parsed, Record) else parsed
        extra = {key: raw.value[key] for key in raw.value.keys() - self.known}
        nested = self.nested(raw.value)
        for record in made:
            record.meta = joined(record.meta, extra, nested)
        return made

    def _typed_header(self, header: Any) -> Any:
        kind = getattr(self.format, "Header", None)
        if kind is None:
            return None
        if header is None:
            raise BadRow("a list without the object that should stand around it")
        if self._header[0] is not header:
            self._header = (header, msgspec.convert(header, kind))
        return self._header[1]


def _reason(error: Exception) -> str:
    """Why a row is bad, in a sentence."""
    if isinstance(error, UnicodeEncodeError):
        return "half a character (a lone surrogate), which no file can hold"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
