"""Use: which configurations of the result a record may enter: sft, preference, prompts.

By default the number of answers decides: none → prompts, one → sft, several → preference. A
preference enters sft only where the recipe says `use: [sft, preference]`. Records marked as not
for training enter none unless the source states `use`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe

CONFIGS = ("sft", "preference", "prompts")
_LEAST_ANSWERS = {"sft": 1, "preference": 2, "prompts": 0}


def assign(rows: Rows, recipe: Recipe) -> np.ndarray:
    """bool [rows, 3]: the configurations each record may enter; drops those that enter none."""
    sources = rows.column("source")
    answers = pc.fill_null(rows.column("answer_count"), 0).to_numpy(zero_copy_only=False)
    barred = rows.column("not_for_training").to_numpy(zero_copy_only=False).astype(bool)
    result = np.zeros((rows.count, len(CONFIGS)), bool)
    for name, source in recipe.sources.items():
        mine = np.asarray(pc.equal(sources, pa.scalar(name)))
        if source.use is None:
            _by_answers(result, mine & ~barred, answers)
            rows.drop(mine & barred, "use", "not for training, says its data card")
        else:
            for config in source.use:
                column = CONFIGS.index(config)
                result[mine & (answers >= _LEAST_ANSWERS[config]), column] = True
    none: np.ndarray = np.asarray(~result.any(axis=1))
    rows.drop(none, "use", "has too few answers for the `use` of its source")
    return result


def _by_answers(result: np.ndarray, mine: np.ndarray, answers: np.ndarray) -> None:
    for config, own in zip(CONFIGS, (answers == 1, answers > 1, answers == 0), strict=True):
        result[mine & own, CONFIGS.index(config)] = True
