"""Cap: at most so many rows of a subset, or pairs of a post, chosen by the seeded hash."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.formats.shp import is_training_row
from mixer.mixture.draw import first_of_groups, priorities
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe, Source

_PURPOSE = 1


def is_needed(recipe: Recipe) -> bool:
    return any(_limits(source) for source in recipe.sources.values())


def cap(rows: Rows, recipe: Recipe) -> None:
    """Drops what lies above the limits of each source; rows already dropped do not count."""
    sources = rows.column("source")
    priority = priorities(rows.keys, recipe.seed, _PURPOSE)
    for name, source in recipe.sources.items():
        mine = np.asarray(pc.equal(sources, name))
        for key, column, limit in _limits(source):
            values = rows.column(column)
            members = np.flatnonzero(mine & rows.kept & _counted(key, values, rows))
            groups = _numbers(values.take(pa.array(members)))
            stays = first_of_groups(groups, limit, priority[members])
            rows.drop(members[~stays], f"cap.{key}", f"above {key} = {limit}")


def _limits(source: Source) -> list[tuple[str, str, int]]:
    """(recipe key, column that groups, limit) for each cap that the source states."""
    stated = [
        ("max_rows_per_subset", "subset", source.max_rows_per_subset),
        ("max_pairs_per_post", "family", getattr(source.options, "max_pairs_per_post", None)),
    ]
    return [(key, column, limit) for key, column, limit in stated if limit is not None]


def _counted(key: str, values: pa.Array, rows: Rows) -> np.ndarray:
    """Pairs are capped where a post is known, and in training rows only."""
    if key != "max_pairs_per_post":
        return np.ones(rows.count, bool)
    training = [is_training_row(subset or "") for subset in rows.column("subset").to_pylist()]
    return np.asarray(np.asarray(values.is_valid()) & np.array(training, bool))


def _numbers(values: pa.Array) -> np.ndarray:
    return np.asarray(values.dictionary_encode().indices)
