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
from mixer.upstream_fields import joined, nested_fields

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
        module = formats.load(source.format)
        self._row_type, self._parse_row = module.Row, module.parse
        self._header_type = getattr(module, "Header", None)
        self.records = records
        self.quarantine = quarantine
        self.treatments: Counter[str] = Counter()
        self.masking = Masking(source.mask) if source.mask else None
        self.nested = nested_fields(module.Row)
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
        identity = f"{self.name}/{file}:{raw.member_row}"
        try:
            made = self._built(self._parse(raw, file), identity)
        except _BAD as error:
            reason = _reason(error)
            if self.stops_on_bad_row:
                hint = "set `on_bad_row: quarantine` to go on without such rows"
                raise InputError(f"{file}:{raw.member_row}: {reason}; {hint}") from error
            self._reject(identity, raw.text(), reason)
            return
        for built in made:
            self.records.append(built)
            if built.treatments:
                self.treatments.update(built.treatments)

    def _built(self, records: list[Record], identity: str) -> list[Built]:
        """All records of a row, or none: they are built before the first is written."""
        if self.masking is not None:
            for record in records:
                self.masking.record(record)
        if len(records) == 1:
            return [self.records.built(identity, records[0])]
        built = self.records.built
        return [built(f"{identity}:{number}", record) for number, record in enumerate(records, 1)]

    def _reject(self, identity: str, raw: bytes, reason: str) -> None:
        if self.masking is not None:
            raw = self.masking.text(raw.decode(errors="backslashreplace")).encode()
            reason = self.masking.text(reason)
        self.quarantine.add(identity, raw, reason)

    def _parse(self, raw: RawRow, file: str) -> list[Record]:
        if raw.reason is not None:
            raise BadRow(raw.reason)
        value = raw.value
        row = msgspec.convert(value, self._row_type)
        header = self._typed_header(raw.header) if self._header_type is not None else None
        place = Place(self.name, file, raw.member_row, header)
        parsed = self._parse_row(row, place, self.source.options)
        made = [parsed] if isinstance(parsed, Record) else parsed
        nested = self.nested(value) if self.nested is not None else {}
        if nested or not self.known.issuperset(value):
            extra = {key: value[key] for key in value.keys() - self.known}
            for record in made:
                record.meta = joined(record.meta, extra, nested)
        return made

    def _typed_header(self, header: Any) -> Any:
        if header is None:
            raise BadRow("a list without the object that should stand around it")
        if self._header[0] is not header:
            self._header = (header, msgspec.convert(header, self._header_type))
        return self._header[1]


def _reason(error: Exception) -> str:
    """Why a row is bad, in a sentence."""
    if isinstance(error, UnicodeEncodeError):
        return "half a character (a lone surrogate), which no file can hold"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
