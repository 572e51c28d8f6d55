"""The rows that stand for a file: the first, and some from all over it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from mixer.phases import sampled_rows as module
from mixer.phases.sampled_rows import FIRST_ROWS, SPREAD_ROWS, sampled_rows
from mixer.sources.raw_row import Layout


def _file(folder: Path, rows: int) -> str:
    path = folder / "a.jsonl"
    path.write_text("".join(f'{{"n": {n}}}\n' for n in range(1, rows + 1)))
    return str(path)


@pytest.mark.parametrize("rows", [0, 1, FIRST_ROWS, FIRST_ROWS + SPREAD_ROWS, 12_345])
def test_the_sample_is_the_start_and_reaches_to_the_end(rows: int, tmp_path: Path) -> None:
    sample = sampled_rows(_file(tmp_path, rows), Layout())
    numbers = [row.row for row in sample.rows]
    assert numbers[:FIRST_ROWS] == list(range(1, min(rows, FIRST_ROWS) + 1))
    assert (sample.seen_rows, sample.is_whole) == (rows, True)
    spread = numbers[FIRST_ROWS:]
    assert len(spread) <= SPREAD_ROWS
    if rows <= FIRST_ROWS + SPREAD_ROWS:
        assert numbers == list(range(1, rows + 1))
    else:
        steps = {two - one for one, two in pairwise(spread)}
        assert len(steps) == 1
        assert rows - spread[-1] < min(steps)
        assert len(spread) >= SPREAD_ROWS // 2


def test_no_more_is_looked_at_than_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    sample = sampled_rows(_file(tmp_path, 5000), Layout())
    assert not sample.is_whole
    assert 50 < sample.seen_rows < 200
