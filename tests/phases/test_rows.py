"""Rows know what they repeat, be it a row of the build or a record outside of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from mixer.corpus import Corpus, Found
from mixer.phases.dedup import dedup
from mixer.phases.ledger import write_ledger
from mixer.phases.rows import Rows, Shard
from mixer.recipe.model import Step
from mixer.steps import DedupStep


@pytest.fixture
def rows(build_recipe: Callable[..., Any], write_rows: Callable[..., Path]) -> Rows:
    """Four kept records s/data/a.jsonl:1 … 4."""
    write_rows("a.jsonl", [{"instruction": f"{n}?", "input": "", "output": "x"} for n in range(4)])
    out, _ = build_recipe("name: t\nsources: {s: {format: alpaca, path: data/a.jsonl}}\n")
    (path,) = out.with_name("out.work").rglob("read/*/00000.parquet")
    return Rows([Shard(str(path), "s-0", "s", 4)])


class _Repeats(DedupStep, frozen=True):
    """The last row repeats `of`."""

    of: int
    outside: tuple[str, ...] = ()

    def find(self, corpus: Corpus) -> Found:
        witness = np.array([-1] * (corpus.rows - 1) + [self.of])
        alike = np.where(witness >= 0, 0.5, np.nan)
        return Found(witness, alike, outside=self.outside)


def _ledger(rows: Rows, folder: Path) -> list[str | None]:
    import pyarrow as pa

    fates = (np.zeros(rows.count, np.int64), pa.nulls(rows.count, pa.string()))
    write_ledger(folder / "ledger.parquet", rows, fates, [])
    column = pq.read_table(folder / "ledger.parquet").column("duplicate_of")
    return column.to_pylist()  # type: ignore[no-any-return]  # pyarrow ships no types


def test_the_ledger_names_rows_and_records_outside(rows: Rows, tmp_path: Path) -> None:
    dedup(rows, Step("one", _Repeats(of=1)), (1, tmp_path))
    assert _ledger(rows, tmp_path) == [None, None, None, "s/data/a.jsonl:2"]
    dedup(rows, Step("two", _Repeats(of=5, outside=("x/1", "x/2"))), (1, tmp_path))
    assert _ledger(rows, tmp_path)[3] == "x/2"
    assert rows.dropped_by_step() == {"dedup.one": {"repeats a kept record": 1}}


def test_several_steps_each_number_their_own_outside_records(rows: Rows) -> None:
    for place, name in ((0, "first"), (1, "second")):
        of = np.full(4, -1)
        of[place] = 4
        rows.repeats(of, np.full(4, 0.9), (name,))
    assert rows.witness_ids().to_pylist() == ["first", "second", None, None]
