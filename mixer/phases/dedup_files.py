"""Near-duplicates in data files, without a recipe: which rows go, and the files without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from mixer.errors import InputError
from mixer.phases.file_texts import FileTexts
from mixer.phases.saved_pairs import FoundIn, load_pairs, save_pairs
from mixer.similarity.cut_pairs import cut_pairs
from mixer.similarity.near_search import Leaders, find_leaders, find_pairs
from mixer.similarity.segments import Segments
from mixer.similarity.sketches import Piece, Texts

# Each takes 24 bytes, and a file that has more is no list of pairs to choose from.
MOST_PAIRS = 50_000_000


class Asked(NamedTuple):
    """`on`, `threshold` and `words` as in the step `near`; `longest`: the longer of two stays, else
    the earlier one."""

    on: str
    threshold: float
    words: int
    longest: bool
    threads: int


class Repeats(NamedTuple):
    """Of all texts of `files`, one file after the other: what each repeats. `starts` int64
    [files + 1]."""

    files: list[FileTexts]
    starts: np.ndarray
    found: Leaders

    def dropped(self, number: int) -> set[int]:
        """Rows of a file that go: those of which every text repeats another."""
        numbers = self.files[number].numbers
        goes = self.found.witness[self.starts[number] : self.starts[number + 1]] >= 0
        return set(numbers[goes].tolist()) - set(numbers[~goes].tolist())

    def silent(self, number: int) -> list[int]:
        """Rows of a file of which some text says nothing."""
        first, last = np.searchsorted(self.found.silent, self.starts[number : number + 2])
        texts = self.found.silent[first:last] - self.starts[number]
        return [int(row) for row in np.unique(self.files[number].numbers[texts])]

    def place(self, text: int) -> tuple[int, int]:
        """The file of a text, and its number within the file."""
        file = int(np.searchsorted(self.starts, text, side="right")) - 1
        return file, text - int(self.starts[file])


def find_repeats(files: list[FileTexts], asked: Asked, pairs: Path | None) -> Repeats:
    """`pairs`: pairs that an earlier run saved are cut again; else all pairs are found and saved
    there."""
    starts = np.concatenate([[0], np.cumsum([len(file.numbers) for file in files])])
    with TemporaryDirectory(prefix="mixer-dedup-") as scratch:
        lengths = np.zeros(starts[-1], np.int64)
        pieces = _measured(files, starts, asked.on, lengths)
        subset = np.repeat(np.arange(len(files)), np.diff(starts))
        texts = Texts(pieces, subset, [], asked.threads, Path(scratch))

        def rank() -> np.ndarray:
            order = np.argsort(-lengths, kind="stable") if asked.longest else np.arange(starts[-1])
            return np.asarray(order)

        if pairs is None:
            fixed = np.zeros(starts[-1], bool)
            found = find_leaders(texts, asked.words, asked.threshold, rank, fixed)
        else:
            found = _from_pairs(files, asked, pairs, (texts, rank))
    return Repeats(files, starts, found)


def _from_pairs(
    files: list[FileTexts], asked: Asked, path: Path, how: tuple[Texts, Callable[[], np.ndarray]]
) -> Leaders:
    texts, rank = how
    found_in = FoundIn(
        [file.path for file in files], [file.read for file in files], asked.on, asked.words
    )
    saved = load_pairs(path, found_in)
    if saved is None or saved.threshold > asked.threshold:
        saved = find_pairs(texts, asked.words, asked.threshold, MOST_PAIRS)
        if saved is None:
            raise InputError(
                f"more than {MOST_PAIRS:,} pairs are at {asked.threshold:g} or above: raise "
                "--threshold, or leave --pairs out"
            )
        save_pairs(path, saved, found_in)
    elif asked.longest:
        for piece in texts.pieces:
            piece.segments()
    return cut_pairs(saved, asked.threshold, rank())


def _measured(
    files: list[FileTexts], starts: np.ndarray, on: str, lengths: np.ndarray
) -> Iterator[Piece]:
    """The pieces of all files; making the segments of one notes how many bytes its rows have."""
    for file, first in zip(files, starts.tolist(), strict=False):
        for piece in file.pieces(first, on):
            yield _noting_lengths(piece, lengths)


def _noting_lengths(piece: Piece, lengths: np.ndarray) -> Piece:
    def segments() -> Segments:
        made = piece.segments()
        before = np.concatenate([[0], np.cumsum(made.ends - made.starts)])
        lengths[piece.first : piece.first + piece.rows] = np.diff(before[made.pieces[made.rows]])
        return made

    return piece._replace(segments=segments)
