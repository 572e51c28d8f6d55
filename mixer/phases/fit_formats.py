"""A file's rows under every known format: how many parse, what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec

from mixer import formats
from mixer.column_text import columns_of
from mixer.errors import BadRow
from mixer.phases.read import layout_of
from mixer.phases.sampled_rows import Sample, sampled_rows
from mixer.phases.suggested_map import MAIN_PARTS, NAMES, plain, suggested_map
from mixer.report.fits import TABLE_FORMAT, Fit
from mixer.schema import Place, Record
from mixer.sources.files import SourceFile
from mixer.sources.raw_row import Layout, RawRow

_JSON = (b"{", b"[")


class Fitted(NamedTuple):
    """What was found in one file. `samples` are by the format that reads the file so; `plain` is
    the file read without a format in mind."""

    file: SourceFile
    plain: Sample
    samples: dict[str, Sample]
    fits: dict[str, Fit]
    main_fields: set[str]


def fit_formats(file: SourceFile) -> Fitted:
    plain = sampled_rows(file.path, layout_of(TABLE_FORMAT))
    samples = dict(_samples(file, plain))
    fits = {name: fit_of(name, sample.rows, file.label) for name, sample in samples.items()}
    main_fields: set[str] = set()
    settings = suggested_map([row.value for row in plain.rows if isinstance(row.value, dict)])
    if settings is not None and _is_a_map(settings):
        table = fit_of(TABLE_FORMAT, plain.rows, file.label, settings)
        fits[TABLE_FORMAT], samples[TABLE_FORMAT] = table, plain
        if table.is_enough:
            main_fields = {settings["map"][part] for part in settings["map"].keys() & MAIN_PARTS}
    return Fitted(file, plain, samples, fits, main_fields)


def fit_of(
    name: str, rows: list[RawRow], label: str, settings: dict[str, Any] | None = None
) -> Fit:
    """One format on rows of one file."""
    reader = Reader(name, label, settings or {})
    fit = Fit(name, settings=settings or {})
    for raw in rows:
        fit.rows += 1
        fields = sorted(fields_of(raw))
        try:
            row, _ = reader.read(raw)
        except (BadRow, msgspec.ValidationError) as error:
            fit.reasons[str(error)] += 1
            continue
        used = [name for name in fields if name in reader.known]
        left = [name for name in fields if name not in reader.known] + reader.lost_inside(raw)
        fit.parsed += 1
        fit.typical += reader.is_typical(row)
        fit.used_share_sum += len(used) / max(1, len(used) + len(left))
        fit.used.update(used)
        fit.left.update(left)
    return fit


class Reader:
    """One format, as a recipe with these settings would read rows of one file."""

    def __init__(self, name: str, label: str, settings: dict[str, Any]) -> None:
        self.module: Any = formats.load(name)
        self.options = msgspec.convert(settings, formats.options_type(name))
        self.known = frozenset(formats.fields(name, self.options))
        if "map" in settings:
            columns = self.options.map.parts().values()  # type: ignore[attr-defined]
            self.known = frozenset(x for each in columns for name in each for x in columns_of(name))
        self._inside = _inside(self.module.Row)
        self._label = label
        self._is_typical: Callable[[Any], bool] | None = getattr(self.module, "is_typical", None)

    def read(self, raw: RawRow) -> tuple[Any, list[Record]]:
        """The typed row and its records; BadRow or msgspec.ValidationError where it is none."""
        if raw.reason is not None:
            raise BadRow(raw.reason)
        row = msgspec.convert(raw.value, self.module.Row)
        place = Place("guess", self._label, raw.row, self._header(raw))
        parsed = self.module.parse(row, place, self.options)
        records = [parsed] if isinstance(parsed, Record) else parsed
        if not any(record.prompt or record.answers for record in records):
            raise BadRow("nothing in it is a prompt or an answer")
        return row, records

    def is_typical(self, row: Any) -> bool:
        return self._is_typical is None or self._is_typical(row)

    def lost_inside(self, raw: RawRow) -> list[str]:
        """Fields of objects inside the row that the format does not know, as `instances.note`."""
        lost: set[str] = set()
        for name, known in self._inside.items():
            value = raw.value.get(name)
            items = value if isinstance(value, list) else [value]
            objects = [item for item in items if isinstance(item, dict)]
            lost |= {f"{name}.{key}" for item in objects for key in item.keys() - known}
        return sorted(lost)

    def _header(self, raw: RawRow) -> Any:
        kind = getattr(self.module, "Header", None)
        return None if kind is None else msgspec.convert(raw.header, kind)


def fields_of(raw: RawRow) -> list[str]:
    """The fields of a row in which something is said."""
    if not isinstance(raw.value, dict):
        return []
    return [name for name, value in raw.value.items() if value is not None]


@cache
def _inside(row: Any) -> dict[str, frozenset[str]]:
    """The known fields of the objects in each field of a format that types them."""
    info = msgspec.inspect.type_info(row)
    fields = info.fields if isinstance(info, msgspec.inspect.StructType) else ()
    found = {field.encode_name: _struct_of(field.type) for field in fields}
    return {name: known for name, known in found.items() if known}


def _struct_of(kind: msgspec.inspect.Type) -> frozenset[str]:
    if isinstance(kind, msgspec.inspect.StructType):
        return frozenset(field.encode_name for field in kind.fields)
    if isinstance(kind, msgspec.inspect.ListType):
        return _struct_of(kind.item_type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return frozenset().union(*map(_struct_of, kind.types))
    return frozenset()


def _samples(file: SourceFile, plain: Sample) -> Iterator[tuple[str, Sample]]:
    """The rows as each format finds them in the file; a format that finds none is left out."""
    read: dict[Layout, Sample] = {layout_of(TABLE_FORMAT): plain}
    for name in formats.names():
        layout = layout_of(name)
        if name == TABLE_FORMAT or not _may_be(name, layout, plain):
            continue
        if layout not in read:
            read[layout] = sampled_rows(file.path, layout)
        yield name, read[layout]


def _may_be(name: str, layout: Layout, plain: Sample) -> bool:
    """Whether a file can be laid out so, as far as its plain reading tells."""
    if layout.rows_at is not None:
        first = plain.rows[0].value if plain.rows else None
        if not isinstance(first, dict):
            return False
        # One object a file, or a member of an archive.
        alone = all(row.member_row == 1 and (row.member or row.row == 1) for row in plain.rows)
        inside = alone and isinstance(first.get(layout.rows_at), list)
        return inside or _is_row(name, first)  # a list of rows without the object around it
    if layout.columns is not None:
        if not plain.rows:
            return True
        first = plain.rows[0]
        return not _has_header(first) if _is_delimited(first) else _is_row(name, first.value)
    return True


def _is_row(name: str, value: Any) -> bool:
    module: Any = formats.load(name)
    try:
        msgspec.convert(value, module.Row)
    except msgspec.ValidationError:
        return False
    return not hasattr(module, "Header")


def _is_delimited(row: RawRow) -> bool:
    return row.raw is not None and not row.raw.lstrip().startswith(_JSON)


def _has_header(row: RawRow) -> bool:
    """Whether the first line of a table names its columns: half of them have names that are known.
    Of a file without a header, it is a row like the others."""
    if not isinstance(row.value, dict):
        return False
    cells = [plain(name) for name in row.value]
    return 2 * sum(cell in _known_names() for cell in cells) >= len(cells)


@cache
def _known_names() -> frozenset[str]:
    fields = {plain(field) for name in formats.names() for field in formats.fields(name)}
    return NAMES | fields


def _is_a_map(settings: dict[str, Any]) -> bool:
    """Whether its parts go together."""
    try:
        msgspec.convert(settings, formats.options_type(TABLE_FORMAT))
    except msgspec.ValidationError:
        return False
    return True
