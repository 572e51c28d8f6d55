"""Real files of the formats, where they are at hand: counts that upstream's own readers lose."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixer.guess_verb import guess
from mixer.mixture.presets import FLAN_2022, INSTRUCTGPT

DATA = Path(os.environ.get("MIXER_DATA", Path(__file__).parents[2] / "shared" / "data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real data: set MIXER_DATA")

# format, path below DATA → records, quarantined, dropped at reading
GOLDEN = {
    ("hh_rlhf", "hh-rlhf/*/*.jsonl.gz"): (4666, 0, 10),
    ("shp", "steamshp/anthropic_helpful/test.json.gz"): (2344, 0, 6),
    ("shp", "shp/one_row_from_card.json"): (1, 0, 0),
    ("self_instruct", "self-instruct/data/seed_tasks.jsonl.gz"): (175, 0, 0),
    ("alpaca", "alpaca/*.json.gz"): (52002, 0, 80),
    ("alpaca", "code_alpaca/data/*.gz"): (6552, 0, 2),
    ("gpteacher", "gpteacher/*/*.json.gz"): (30682, 0, 0),
    ("oasst", "oasst/**/en_100_tree.jsonl.gz"): (484, 0, 0),
    ("flan_cot", "flan-cot/*.tsv.gz"): (24467, 0, 0),
    ("super_ni", "super-natural-instructions/tasks/task603*"): (224, 0, 0),
    ("sharegpt", "llamafactory_demos/glaive_toolcall_*_demo.json.gz"): (600, 0, 0),
    ("sharegpt", "llamafactory_demos/dpo_*_demo.json.gz"): (600, 0, 0),
    ("messages", "llamafactory_demos/v1_sft_demo.jsonl.gz"): (500, 0, 0),
    ("messages", "llamafactory_demos/reason_tool_use_demo_50.jsonl"): (50, 0, 0),
    ("kto", "llamafactory_demos/kto_en_demo.json.gz"): (300, 0, 0),
    ("preference", "llamafactory_demos/v1_dpo_demo.jsonl"): (10, 0, 0),
    ("constitutional", "constitutional/samples/*"): (330, 0, 0),
    ("constitutional", "constitutional/evals/*"): (979, 0, 0),
    ("gsm8k", "evals/gsm8k/test.jsonl.gz"): (1319, 0, 0),
    ("humaneval", "evals/humaneval/HumanEval.jsonl.gz"): (164, 0, 0),
    ("bbh", "evals/bbh/*.json"): (6511, 0, 0),
}


@pytest.mark.parametrize(("format_name", "path"), GOLDEN)
def test_every_row_is_accounted_for(
    format_name: str, path: str, build_recipe: Callable[..., Any]
) -> None:
    text = f"name: t\nsources: {{s: {{format: {format_name}, path: '{DATA}/{path}'}}}}\n"
    records, quarantined, dropped = GOLDEN[format_name, path]
    _, summary = build_recipe(text)
    found = sum(summary.dropped.get("read", {}).values())
    assert (summary.read - summary.quarantined, summary.quarantined) == (records, quarantined)
    assert found == dropped


@pytest.mark.parametrize(("format_name", "path"), GOLDEN)
def test_the_format_is_guessed(format_name: str, path: str) -> None:
    for group in guess([f"{DATA}/{path}"]).groups:
        assert format_name in [each.format for each in group.tied]


def test_alpaca_is_as_novel_as_its_authors_made_it(build_recipe: Callable[..., Any]) -> None:
    text = f"name: t\nsources: {{s: {{format: alpaca, path: '{DATA}/alpaca/*.json.gz'}}}}\n"
    _, summary = build_recipe(f"{text}dedup: [novelty]\n", workers=2)
    assert summary.dropped.keys() == {"read"}


def _shipped(name: str, without_language: bool = True) -> str:
    """A shipped recipe on real data, without the slow identification of languages."""
    text = (Path(__file__).parents[1] / "recipes" / f"{name}.yaml").read_text(encoding="utf-8")
    if without_language:
        text = text.replace("[language, ", "[").replace("  - language: {keep: [en]}\n", "")
    return text.replace("export: [huggingface]\n", "").replace("${MIXER_DATA}", str(DATA))


def test_use_cases_are_those_of_instructgpt_within_a_row(build_recipe: Callable[..., Any]) -> None:
    _, summary = build_recipe(_shipped("instructgpt-like"), workers=2)
    assert summary.mix.outcome == "met"
    rows = {row.value: row.rows for row in summary.composition["use_case"]}
    assert sum(rows.values()) == 10_000
    for use_case, share in INSTRUCTGPT.items():
        assert abs(rows[use_case] - 10_000 * share / 0.999) <= 1
    assert summary.configs == {"sft": 4_000, "preference": 1_500, "prompts": 4_500}


def test_flan_has_its_caps_and_shares_to_the_row(build_recipe: Callable[..., Any]) -> None:
    _, summary = build_recipe(_shipped("flan-2022"), workers=2)
    collections = {row.value: row.rows for row in summary.composition["collection"]}
    total = sum(collections.values())
    present = {name: part for name, part in FLAN_2022.items() if name in collections}
    for name, part in present.items():
        wanted = total * part.share / sum(each.share for each in present.values())
        assert abs(collections[name] - wanted) <= 1
    # Within a collection a task gives rows in proportion to what its cap leaves of it.
    (axis,) = [axis for axis in summary.mix.axes if axis.column == "subset"]
    niv2 = [row for row in axis.values if row.value.startswith("task")]
    kept = sum(row.records for row in niv2)
    assert max(row.records for row in niv2) <= FLAN_2022["niv2"].max_rows_per_task
    for row in niv2:
        assert abs(row.rows - collections["niv2"] * row.records / kept) <= 1


def test_copies_of_an_evaluation_set_are_found_and_hardly_anything_else(
    build_recipe: Callable[..., Any],
) -> None:
    against = f"{{gsm8k: {{format: gsm8k, path: '{DATA}/evals/gsm8k/train.jsonl.gz'}}}}"
    text = f"""
name: t
sources:
  copies: {{format: alpaca, path: '{DATA}/alpaca_cleaned_ext/gsm_8k/*'}}
  others: {{format: alpaca, path: '{DATA}/alpaca/*.json.gz'}}
decontaminate: {{against: {against}}}
"""
    _, summary = build_recipe(text, workers=2)
    copies, others = summary.sources
    assert copies.dropped["decontaminate"] >= 0.999 * copies.read == 0.999 * 7473
    assert others.dropped.get("decontaminate", 0) <= 2
    (gsm8k,) = summary.decontamination.sets
    assert gsm8k.share == 1
