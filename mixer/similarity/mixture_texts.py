"""Rows of built mixtures as texts to compare: what was trained on before."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mixer.corpus import Part, parts_of
from mixer.errors import InputError
from mixer.similarity.column_segments import chat_segments, column_segments
from mixer.similarity.segments import Segments
from mixer.similarity.sketches import Piece
from mixer.similarity.unfolded_calls import unfolded

# Of the configurations whose prompt is a column of its own.
_TEXTS = ("prompt", "chosen", "rejected", "completion")


class MixtureTexts:
    """The rows of `folders`, numbered on from `first`; `on` as in the step `near`."""

    def __init__(self, folders: list[str], on: str, first: int) -> None:
        self.on, self.first = on, first
        self._parts: list[tuple[str, Part]] = []
        for folder in folders:
            paths = sorted(str(path) for path in Path(folder).glob("data/*/*.parquet"))
            if not paths and not (Path(folder) / "ledger.parquet").is_file():
                raise InputError(f"{folder} is no mixture: `against` names the folder of one")
            for path in paths:
                _check(path)
            parts = parts_of(paths, self.first + self.rows)
            self._parts += [(folder, part) for part in parts]

    @property
    def rows(self) -> int:
        return sum(part.rows for _, part in self._parts)

    def pieces(self) -> list[Piece]:
        return [Piece(p.first, p.rows, partial(_segments, p, self.on)) for _, p in self._parts]

    def ids(self, rows: list[int]) -> list[str]:
        """`folder#id` of ascending rows."""
        found = []
        for folder, part in self._parts:
            own = [row - part.first for row in rows if part.first <= row < part.span.stop]
            if own:
                ids = part.read(["id"]).column(0).take(pa.array(own)).to_pylist()
                found += [f"{folder}#{identity}" for identity in ids]
        return found


def _check(path: str) -> None:
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read as Parquet: {reason}") from error
    if "id" not in names or not {"messages", "prompt"}.intersection(names):
        raise InputError(f"{path} is no file of a mixture: it has no id and messages (or prompt)")


def _segments(part: Part, on: str) -> Segments:
    names = pq.read_schema(part.path).names
    if "messages" in names:
        return chat_segments(unfolded(part.read(["messages"]).column(0)), on)
    wanted = [name for name in _TEXTS if name in names]
    return column_segments([[unfolded(column)] for column in part.read(wanted).columns])
