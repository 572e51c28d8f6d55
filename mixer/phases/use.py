"""Use: which configurations of the result a record may enter: sft, preference, prompts, unpaired.

By default the answers decide: none → prompts, one → sft, several → preference, one with a verdict
(a score of 1 or 0, good or bad) → unpaired. Scores are verdicts if those of all single answers of
a source are 1 or 0: where others are among them, they say how good a demonstration is. Feedback
enters sft only where the recipe says `use: [sft, preference]` or `use: [sft]`. Records marked as
not for training enter none unless the source states `use`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe

CONFIGS = ("sft", "preference", "prompts", "unpaired")


def assign(rows: Rows, recipe: Recipe) -> np.ndarray:
    """bool [rows, 4]: the configurations each record may enter; drops those that enter none."""
    sources = rows.column("source")
    answers = pc.fill_null(rows.column("answer_count"), 0).to_numpy(zero_copy_only=False)
    scores = pc.fill_null(rows.column("score"), np.nan).to_numpy(zero_copy_only=False)
    barred = rows.column("not_for_training").to_numpy(zero_copy_only=False).astype(bool)
    result = np.zeros((rows.count, len(CONFIGS)), bool)
    for name, source in recipe.sources.items():
        mine = np.asarray(pc.equal(sources, pa.scalar(name)))
        verdict = _verdicts(mine & (answers == 1), scores)
        if source.use is None:
            single = answers == 1
            own = (single & ~verdict, answers > 1, answers == 0, verdict)
            result |= np.stack(own, axis=1) & (mine & ~barred)[:, None]
            rows.drop(mine & barred, "use", "not for training, says its data card")
        else:
            fits = (answers >= 1, answers >= 2, answers >= 0, verdict)
            stated = np.array([config in source.use for config in CONFIGS])
            result |= np.stack(fits, axis=1) & mine[:, None] & stated
    none: np.ndarray = np.asarray(~result.any(axis=1))
    rows.drop(none, "use", "has too few answers, or no verdict, for the `use` of its source")
    return result


def _verdicts(single: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Which records of one answer have a score of 1 or 0; none if another score is among them."""
    scored: np.ndarray = single & ~np.isnan(scores)
    is_verdict = np.isin(scores[scored], (0.0, 1.0)).all()
    return scored if is_verdict else np.zeros_like(scored)
