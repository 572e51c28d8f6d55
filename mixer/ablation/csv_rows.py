"""Rows of a small CSV file as spreadsheets and scripts write it: BOM, CRLF, blank lines pass."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mixer.errors import InputError

MAX_FILE_BYTES = 256 << 20


class CsvRow(NamedTuple):
    """Stripped cells by column; `where` is file:line for error messages."""

    where: str
    cells: dict[str, str]


class CsvTable(NamedTuple):
    """The header's names in order, those without a name left out, and the rows beneath."""

    where: str
    columns: tuple[str, ...]
    rows: list[CsvRow]

    def require(self, *needed: str) -> None:
        """InputError names the columns that are missing and those that are there."""
        missing = [name for name in needed if name not in self.columns]
        if missing:
            raise InputError(
                f"{self.where}: no column {' or '.join(map(repr, missing))}; "
                f"the file has: {', '.join(self.columns) or 'nothing'}"
            )


def read_csv(path: Path) -> CsvTable:
    """The whole file; InputError says what is wrong with it and where."""
    lines = _lines(path, _text(path))
    number, header = next(lines, (1, []))
    where = f"{path}:{number}"
    _check_header(where, header)
    rows = [_row(f"{path}:{number}", header, cells) for number, cells in lines]
    return CsvTable(where, tuple(name for name in header if name), rows)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{path}: above {MAX_FILE_BYTES >> 20} MiB, too large for a table")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start:,}; save it as UTF-8") from error


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold anything, each with the number of the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for fields in reader:
            cells = [field.strip() for field in fields]
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}:{start}: not CSV: {error}") from error


def _check_header(where: str, header: list[str]) -> None:
    other = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    if other:
        raise InputError(f"{where}: columns are separated by {other!r}; save the file with commas")
    named = [name for name in header if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice:
        raise InputError(f"{where}: two columns are named {twice!r}")


def _row(where: str, header: list[str], cells: list[str]) -> CsvRow:
    padded = cells + [""] * (len(header) - len(cells))
    nameless = [cell for name, cell in zip(header, padded, strict=False) if not name]
    if any(nameless) or any(padded[len(header) :]):
        raise InputError(
            f"{where}: {len(cells)} cells, but the header names {len(list(filter(None, header)))} "
            f"columns (a decimal comma splits a number in two)"
        )
    return CsvRow(where, {name: cell for name, cell in zip(header, padded, strict=False) if name})
