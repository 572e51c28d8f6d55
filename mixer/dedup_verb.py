"""`mixer dedup`: files → texts → what repeats what → files without it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mixer.errors import InputError
from mixer.phases.dedup_files import Asked, Repeats, find_repeats
from mixer.phases.file_texts import FileTexts, Said, column_texts
from mixer.phases.format_texts import format_texts
from mixer.phases.read import layout_of
from mixer.phases.text_columns import TextColumns
from mixer.phases.write_without import check_out, write_without
from mixer.report.pairs import Side
from mixer.report.repeats import FileRows, Shown, Told
from mixer.similarity.compiling import saying_when_compiling
from mixer.sources.arrow_rows import PARQUET
from mixer.sources.raw_row import Layout
from mixer.sources.standard_input import STANDARD_INPUT, kept_input, of_other_kinds

WORDS = 3


def dedup_files(paths: list[Path], out: Path | None, options: dict[str, Any]) -> Told:
    """`options` are those of the command line."""
    if out is not None:
        check_out(out)
    layout = _layout(options["format_name"], out)
    asked = Asked(
        options["on"],
        options["threshold"],
        WORDS,
        options["keep"] == "longest",
        options["workers"] or os.cpu_count() or 1,
    )
    with TemporaryDirectory(prefix="mixer-dedup-") as scratch:
        paths = [_kept(path, Path(scratch), options["pairs"]) for path in paths]
        with _calling_it_piped_in(scratch):
            files = [
                _texts(path, options, Path(scratch) / f"{number}")
                for number, path in enumerate(paths)
            ]
        with saying_when_compiling():
            repeats = find_repeats(files, asked, options["pairs"])
        for path, text in zip(paths, files, strict=True):
            # What is shown; the file itself is gone when the answer is read.
            text.path = Path(STANDARD_INPUT) if path.parent == Path(scratch) else path
        gone = [repeats.dropped(number) for number in range(len(files))]
        if out is not None:
            write_without(list(zip(paths, gone, strict=True)), layout, out)
        return _told(repeats, gone, options["show"])


def _texts(path: Path, options: dict[str, Any], place: Path) -> FileTexts:
    if options["format_name"]:
        return format_texts(path, options["format_name"], place)
    columns = None
    if options["prompt"] or options["answer"]:
        columns = TextColumns(options["prompt"], options["answer"])
    return column_texts(path, columns, place)


@contextmanager
def _calling_it_piped_in(scratch: str) -> Iterator[None]:
    """Errors name `-`, not a temporary file that is gone when they are read."""
    try:
        yield
    except InputError as error:
        told = re.sub(rf"{re.escape(scratch)}/stdin\.\w+", STANDARD_INPUT, str(error))
        if told == str(error):
            raise
        raise InputError(told + of_other_kinds(told)) from error


def _kept(path: Path, scratch: Path, pairs: Path | None) -> Path:
    """What is piped in as a file that is called after what it holds."""
    if str(path) != STANDARD_INPUT:
        return path
    if pairs is not None:
        raise InputError("--pairs are those of files: `-` cannot be compared with them again")
    kept = Path(kept_input(scratch / "stdin").path)
    with kept.open("rb") as file:
        ending = "parquet" if file.read(len(PARQUET)) == PARQUET else "jsonl"
    return kept.rename(scratch / f"stdin.{ending}")


def _layout(format_name: str | None, out: Path | None) -> Layout:
    if format_name is None:
        return Layout()
    layout = layout_of(format_name)
    if layout.rows_at is not None and out is not None:
        raise InputError(
            f"files of the format {format_name} hold their rows inside one object, which `--out` "
            "cannot write: leave --out away, or build a mixture with `dedup: [near]`"
        )
    return layout


def _told(repeats: Repeats, gone: list[set[int]], show: int) -> Told:
    files = [
        FileRows(
            str(file.path),
            len(np.unique(file.numbers)) + len(file.unread),
            sorted(rows),
            file.unread,
            repeats.silent(number),
        )
        for number, (file, rows) in enumerate(zip(repeats.files, gone, strict=True))
    ]
    goes = np.flatnonzero(repeats.found.witness >= 0)
    return Told(files, _overlap(repeats, gone), _shown(repeats, goes, show))


def _overlap(repeats: Repeats, gone: list[set[int]]) -> np.ndarray:
    """int64 [files, files]: rows of the one that go for a row of the other."""
    overlap = np.zeros((len(gone), len(gone)), np.int64)
    for number, (file, rows) in enumerate(zip(repeats.files, gone, strict=True)):
        first, last = repeats.starts[number : number + 2]
        other = np.searchsorted(repeats.starts, repeats.found.witness[first:last], "right") - 1
        goes = np.isin(file.numbers, np.fromiter(rows, np.int64))
        pairs = np.unique(np.stack([file.numbers[goes], other[goes]]), axis=1)
        overlap[number] = np.bincount(pairs[1], minlength=len(gone))
    return overlap


def _shown(repeats: Repeats, goes: np.ndarray, show: int) -> list[Shown]:
    """The pairs that are least alike: those one looks at to choose a threshold."""
    alike = repeats.found.similarity[goes]
    chosen = goes[np.lexsort((goes, alike))[:show]].tolist()
    pairs = [(text, int(repeats.found.witness[text])) for text in chosen]
    said: dict[int, Side] = {}
    places = {text: repeats.place(text) for pair in pairs for text in pair}
    for number, file in enumerate(repeats.files):
        own = sorted(text for text, (of, _) in places.items() if of == number)
        inside = {text: places[text][1] for text in own}
        words = file.said(sorted(inside.values()))
        for text, place in inside.items():
            said[text] = _side(file, place, words[place])
    return [
        Shown(float(repeats.found.similarity[text]), said[text], said[repeated])
        for text, repeated in pairs
    ]


def _side(file: FileTexts, text: int, said: Said) -> Side:
    answers = [(f"answer {n}" if n > 1 else "answer", a) for n, a in enumerate(said.answers, 1)]
    parts = [("prompt", said.prompt), *answers]
    return Side(str(file.path), int(file.numbers[text]), parts)
