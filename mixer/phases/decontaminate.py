"""Decontaminate: which kept records hold text of evaluation sets; they go, or are reported."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from mixer.decontaminate.rules import Rules
from mixer.decontaminate.scan import Hits
from mixer.decontaminate.search import Evaluation, Leaks, leaks, read_items
from mixer.phases.dedup import corpus_of
from mixer.phases.evaluations import Evaluations
from mixer.phases.rows import Rows
from mixer.similarity.compiling import saying_when_compiling

STEP = "decontaminate"


class Contamination(NamedTuple):
    """What was looked for and what was found; `ids` are the items'."""

    rules: Rules
    evaluations: Evaluations
    items: Evaluation
    ids: pa.Array
    leaks: Leaks

    @property
    def coverage(self) -> np.ndarray:
        """Of each hit, the share of the part's n-grams that the row holds."""
        found = self.leaks.found
        return np.asarray(found.held / self.items.grams.sizes[found.part])

    @property
    def leaked_items(self) -> int:
        return len(np.unique(self.items.parts.item[self.leaks.found.part]))


@saying_when_compiling()
def decontaminate(
    rows: Rows, rules: Rules, evaluations: Evaluations, how: tuple[int, Path]
) -> Contamination:
    """Drops the records that hold an evaluation item, unless the rules only ask for a report.
    `how`: threads, a scratch folder."""
    items = read_items(evaluations.parts(), rules)
    found = leaks(corpus_of(rows, *how), items, rules)
    result = Contamination(rules, evaluations, items, evaluations.ids(), found)
    if rules.on_hit == "drop":
        _drop(rows, result)
    return result


def _drop(rows: Rows, result: Contamination) -> None:
    """A record's witness is the item that it holds most of, of equals the first."""
    found, coverage = result.leaks.found, result.coverage
    best = _best(found, coverage)
    parts, part = result.items.parts, found.part[best]
    items, place = np.unique(parts.item[part], return_inverse=True)
    of, similarity = np.full(rows.count, -1, np.int64), np.full(rows.count, np.nan)
    of[found.row[best]] = rows.count + place
    similarity[found.row[best]] = coverage[best]
    rows.repeats(of, similarity, result.ids.take(pa.array(items)).to_pylist())
    names = list(result.evaluations.read)
    kinds = 2 * parts.set_of[parts.item[part]] + parts.is_answer[part]
    for kind in np.unique(kinds):
        what = "an answer" if kind % 2 else "a question"
        rows.drop(found.row[best][kinds == kind], STEP, f"holds {what} of {names[kind // 2]}")


def _best(found: Hits, coverage: np.ndarray) -> np.ndarray:
    """The place of one hit a row."""
    order = np.lexsort((found.part, -coverage, found.row))
    rows = found.row[order]
    first = np.ones(len(rows), bool)
    first[1:] = rows[1:] != rows[:-1]
    return np.asarray(order[first])
