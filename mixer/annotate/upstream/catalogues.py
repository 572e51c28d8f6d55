"""What a format states of a record's task → the label of the taxonomy, or nothing.

A format says in which catalogue upstream's word is to be looked up (`Record.stated_task`). With
upstream's table of the Flan Collection a task that its own word leaves open is looked up there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from mixer.annotate.upstream.evaluation_sets import BBH, MMLU, MT_BENCH
from mixer.annotate.upstream.flan_collection import (
    of_chain_of_thought,
    of_flan_2021,
    of_generic_category,
)
from mixer.annotate.upstream.instruction_sets import DOLLY, NO_ROBOTS, SELF_INSTRUCT, of_words
from mixer.annotate.upstream.p3 import of_template
from mixer.annotate.upstream.stated import Names, Stated
from mixer.annotate.upstream.super_ni import of_category
from mixer.errors import InputError

_TABLE = "upstream's flan_collection_info.csv"
_LARGEST_TABLE_BYTES = 2**24
_TASK_COLUMN, _CATEGORY_COLUMN = "Specific Task Category", "Generic Task Category"


def _nothing(category: str, task: str) -> Stated | None:
    return None


def _among(names: Names) -> Callable[[str, str], Stated | None]:
    return lambda category, task: names.get(category)


# Catalogue → (upstream's word, name of the task) → label.
CATALOGUES: dict[str, Callable[[str, str], Stated | None]] = {
    "bbh": _among(BBH),
    "cot": lambda category, task: of_chain_of_thought(category),
    "dolly": _among(DOLLY),
    "flan2021": lambda category, task: of_flan_2021(category),
    "mmlu": _among(MMLU),
    "mt_bench": _among(MT_BENCH),
    "niv2": _nothing,  # a task of Super-NaturalInstructions by its name alone
    "no_robots": _among(NO_ROBOTS),
    "p3": lambda category, task: of_template(category),
    "self_instruct": _among(SELF_INSTRUCT),
    "super_ni": of_category,
    "words": lambda category, task: of_words(category),
}


@lru_cache(maxsize=65_536)
def label_of(catalogue: str, category: str, task: str, table: str | None = None) -> Stated | None:
    """The label of what upstream states; None where that is nothing, unknown or too coarse."""
    if catalogue not in CATALOGUES:
        return None
    label = CATALOGUES[catalogue](category, task)
    if label is not None or table is None:
        return label
    return of_generic_category(generic_categories(table).get(task, ""), task)


@lru_cache(maxsize=4)
def generic_categories(path: str) -> dict[str, str]:
    """Task → generic category, from upstream's `flan_collection_info.csv`."""
    try:
        if Path(path).stat().st_size > _LARGEST_TABLE_BYTES:
            raise InputError(f"{path}: too large for {_TABLE}, which has 0.2 MB")
        with Path(path).open(encoding="utf-8", newline="") as file:
            return _read_table(path, csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: no table that can be read ({error}); give {_TABLE}") from error


def _read_table(path: str, rows: csv.DictReader[str]) -> dict[str, str]:
    missing = {_TASK_COLUMN, _CATEGORY_COLUMN} - set(rows.fieldnames or ())
    if missing:
        raise InputError(f"{path}: no column {min(missing)!r}; give {_TABLE}")
    return {row[_TASK_COLUMN]: row[_CATEGORY_COLUMN] or "" for row in rows}
