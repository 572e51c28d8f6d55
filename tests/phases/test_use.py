"""Judged answers are kept apart from demonstrations, unless the recipe says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCE = "format: columns, path: data/rows.jsonl, map: {prompt: q, answer: a, score: s}"


@pytest.mark.parametrize(
    ("scores", "use", "configs"),
    [
        ([1, 0, 1], "", {"unpaired": 3}),
        ([1.0, 0.5, 0.0], "", {"sft": 3}),
        ([1, 0, None], "", {"sft": 1, "unpaired": 2}),
        ([None, None, None], "", {"sft": 3}),
        ([1, 0, 1], ", use: [sft]", {"sft": 3}),
        ([1, 0, 1], ", use: [sft, unpaired]", {"sft": 3, "unpaired": 3}),
        ([1, 0, None], ", use: [unpaired]", {"unpaired": 2}),
        ([1, 0, 1], ", use: [prompts]", {"prompts": 3}),
    ],
)
def test_scores_of_1_and_0_are_verdicts_where_no_other_score_is(
    scores: list[float | None],
    use: str,
    configs: dict[str, int],
    write_rows: Callable[..., Path],
    build_recipe: Callable[..., Any],
) -> None:
    rows = [{"q": f"Ford {n}?", "a": f"Depth {n}.", "s": s} for n, s in enumerate(scores)]
    write_rows("rows.jsonl", rows)
    text = f"name: t\nsources: {{s: {{{SOURCE}{use}}}}}\nmix: {{order: shuffled}}\n"
    _, summary = build_recipe(text)
    assert summary.configs == configs


def test_one_source_s_scores_say_nothing_of_another_s(
    write_rows: Callable[..., Path], build_recipe: Callable[..., Any]
) -> None:
    write_rows("judged.jsonl", [{"prompt": "Ford?", "completion": "Yes.", "label": True}])
    write_rows("rows.jsonl", [{"q": "Ferry?", "a": "No.", "s": 0.5}])
    judged = "format: kto, path: data/judged.jsonl"
    text = f"name: t\nsources: {{a: {{{judged}}}, b: {{{SOURCE}}}}}\n"
    _, summary = build_recipe(text)
    assert summary.configs == {"sft": 1, "unpaired": 1}
