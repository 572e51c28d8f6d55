"""Evaluation sets: read as sources are, but apart from them, so that no row of one is drawn.

Their ids begin with MARK, which no name of a source can hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from mixer.corpus import Part, parts_of
from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.phases.read import ReadResult, ReadTask, nothing_read
from mixer.phases.read_tasks import read_tasks
from mixer.recipe.license import license_of
from mixer.recipe.model import Recipe

MARK = "eval@"


class Evaluations(NamedTuple):
    """Sets as read, by name, in the recipe's order."""

    read: dict[str, list[tuple[ReadTask, ReadResult]]]

    @property
    def everything_read(self) -> list[tuple[ReadTask, ReadResult]]:
        return [one for own in self.read.values() for one in own]

    @property
    def items(self) -> int:
        return sum(sum(result.shard_rows) for _, result in self.everything_read)

    @property
    def quarantined(self) -> int:
        return sum(sum(result.quarantined.values()) for _, result in self.everything_read)

    def parts(self) -> list[list[Part]]:
        """The row groups of each set."""
        return [
            parts_of([shard.path for task, result in own for shard in task.shards(result)])
            for own in self.read.values()
        ]

    def ids(self) -> pa.Array:
        """The id of every item."""
        columns = [
            part.read(["id"]).column("id") for own in self.parts() for part in own if part.rows
        ]
        return pa.concat_arrays(columns) if columns else pa.array([], pa.string())


def read_evaluations(recipe: Recipe, how: tuple[Path, int], engine: LocalEngine) -> Evaluations:
    """`how`: the working folder, rows a shard. An error names the set's place in the recipe."""
    wanted = recipe.decontaminate
    assert wanted is not None
    read = {}
    for name, source in wanted.against.items():
        alone = msgspec.structs.replace(recipe, sources={f"{MARK}{name}": source})
        with _placed(wanted.where[name]):
            read[name] = _read(alone, how, engine)
    return Evaluations(read)


def _read(
    alone: Recipe, how: tuple[Path, int], engine: LocalEngine
) -> list[tuple[ReadTask, ReadResult]]:
    licenses = {name: license_of(source) for name, source in alone.sources.items()}
    tasks = read_tasks(alone, licenses, *how)
    results = engine.map(tasks)
    if not any(sum(result.shard_rows) for result in results):
        raise InputError(nothing_read(results))
    return list(zip(tasks, results, strict=True))


@contextmanager
def _placed(where: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
