"""The columns that goals may name: those of records and steps, and some made from them here."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.errors import RecipeError
from mixer.mixture.cells import Axis
from mixer.nearest import did_you_mean
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe
from mixer.taxonomy import INSTRUCTGPT_USE_CASES

# Tokens of prompt and best answer together.
_BANDS = ((64, "0-63"), (256, "64-255"), (1024, "256-1023"), (4096, "1024-4095"))
_LONGEST = "4096+"
NULL = "none"


def axis(rows: Rows, recipe: Recipe, column: str) -> Axis:
    """The column over all rows: sorted names, and the code of each row."""
    encoded = values(rows, recipe, column).fill_null(NULL).dictionary_encode()
    names: list[str] = pa.array(encoded.dictionary).to_pylist()
    order = np.argsort(np.array(names, object), kind="stable")
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    codes = rank[np.asarray(encoded.indices)] if len(names) else np.zeros(rows.count, np.int64)
    return Axis(column, [names[number] for number in order], codes)


def values(rows: Rows, recipe: Recipe, column: str) -> pa.Array:
    """Strings, null where a row has no value."""
    if column == "use_case":
        return mapped(rows.column("task_type"), INSTRUCTGPT_USE_CASES)
    if column == "collection":
        named = {name: source.collection or name for name, source in recipe.sources.items()}
        return mapped(rows.column("source"), named)
    if column == "length_band":
        return bands(tokens(rows))
    return rows.column(column).cast(pa.string())


def tokens(rows: Rows) -> np.ndarray:
    """Of prompt and best answer, int64 [rows]; 0 for rows that were never measured."""
    return np.asarray(amounts(rows, "prompt_tokens") + amounts(rows, "answer_tokens"))


def amounts(rows: Rows, column: str) -> np.ndarray:
    return np.asarray(pc.fill_null(rows.column(column), 0), dtype=np.int64)


def numbers(rows: Rows, column: str) -> np.ndarray:
    """A column of numbers as float64 [rows], NaN where there is none."""
    if column == "tokens":
        return tokens(rows).astype(float)
    known = sorted(name for name in rows.sidecars if _is_number(rows, name))
    if column not in known:
        raise RecipeError(f"no column of numbers {column!r}: {did_you_mean(column, known)}")
    return np.asarray(rows.column(column).cast(pa.float64()).to_numpy(zero_copy_only=False))


def _is_number(rows: Rows, name: str) -> bool:
    kind = rows.column_type(name)
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def mapped(column: pa.Array, meaning: dict[str, str]) -> pa.Array:
    """Each value by its meaning, itself where it has none."""
    encoded = column.dictionary_encode()
    named = [meaning.get(name, name) for name in pa.array(encoded.dictionary).to_pylist()]
    return pa.array(named, pa.string()).take(encoded.indices)


def bands(counted: np.ndarray) -> pa.Array:
    """The length band of each number of tokens."""
    names = pa.array([*(name for _, name in _BANDS), _LONGEST])
    limits = np.array([limit for limit, _ in _BANDS])
    return names.take(pa.array(np.searchsorted(limits, counted, side="right")))
