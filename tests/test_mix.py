"""Goals of a recipe, end to end: splits, stages, orders, queues, token sizes, plan and diff."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from datasets import load_dataset

from mixer.cli import main
from mixer.errors import GoalMissed, RecipeError
from mixer.phases.diff import difference

WORDS = [
    "amber",
    "basil",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "juniper",
    "kelp",
    "lichen",
]
HEAD = """
name: t
seed: 2
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl, license: mit}
  pairs: {format: hh_rlhf, path: "data/*-base/p.jsonl", use: [sft, preference]}
annotate: [task_type, length]
"""
Build = Callable[..., Any]


def _sentence(number: int, words: int) -> str:
    return " ".join(WORDS[(number * 7 + i * (1 + number % 5)) % 12] for i in range(words))


@pytest.fixture
def data(write_rows: Callable[[str, list[Any]], Path]) -> None:
    """120 tasks, of them 20 that repeat an earlier prompt with one word more; 60 pairs."""
    tasks = [
        {
            "instruction": f"Please explain item {n} about {_sentence(n, 9)} with number {n * n}",
            "input": "",
            "output": _sentence(n + 500, 2 + n % 30),
        }
        for n in range(100)
    ]
    near = [{**tasks[n], "instruction": f"{tasks[n]['instruction']} again"} for n in range(20)]
    write_rows("tasks.jsonl", tasks + near)
    for name in ("helpful-base", "harmless-base"):
        rows = []
        for n in range(30):
            start = f"\n\nHuman: {name} {n} {_sentence(n, 6)} {n * 13}?\n\nAssistant: "
            rows.append({"chosen": f"{start}Yes {n}.", "rejected": f"{start}No {n}."})
        write_rows(f"{name}/p.jsonl", rows)


def _rows(out: Path, config: str, split: str = "train") -> list[dict[str, Any]]:
    paths = sorted((out / "data" / config).glob(f"{split}-*.parquet"))
    rows: list[dict[str, Any]] = pa.concat_tables([pq.read_table(p) for p in paths]).to_pylist()
    return rows


@pytest.mark.usefixtures("data")
def test_a_split_has_its_share_and_no_near_duplicate_prompt_on_both_sides(
    build_recipe: Build,
) -> None:
    mix = "mix: {split: {validation: 0.2, test: 0.1, group_by: prompt}}\nexport: [huggingface]\n"
    out, summary = build_recipe(HEAD + mix)
    total = sum(sum(splits.values()) for splits in summary.splits.values())
    sides = {"train": set[str](), "validation": set[str](), "test": set[str]()}
    for config, splits in summary.splits.items():
        for split in splits:
            key = "messages" if config == "sft" else "prompt"
            for row in _rows(out, config, split):
                sides[split].add(row[key][0]["content"].removesuffix(" again"))
    assert not sides["train"] & sides["validation"]
    assert not sides["train"] & sides["test"]
    assert not sides["validation"] & sides["test"]
    held_back = sum(splits["validation"] for splits in summary.splits.values())
    assert abs(held_back - 0.2 * 180 * (total / 180)) < 0.1 * total
    loaded = load_dataset(str(out), "sft")
    assert set(loaded) == {"train", "validation", "test"}
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    assert {row["split"] for row in ledger if row["fate"] == "drawn"} == set(sides)
    assert {row["split"] for row in ledger if row["fate"] != "drawn"} <= {None}


@pytest.mark.usefixtures("data")
def test_stages_are_three_sets_of_different_prompts(build_recipe: Build) -> None:
    mix = "mix: {stages: {supervised: 0.5, reward: 0.25, policy: 0.25}}\n"
    out, summary = build_recipe(HEAD + mix)
    assert summary.configs == {"sft": 90, "preference": 45, "prompts": 45}
    prompts = {
        config: {row["messages" if config == "sft" else "prompt"][0]["content"] for row in rows}
        for config in summary.configs
        if (rows := _rows(out, config))
    }
    assert not prompts["sft"] & prompts["preference"]
    assert not prompts["sft"] & prompts["prompts"]
    assert not prompts["preference"] & prompts["prompts"]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("order", "check"),
    [
        ("{interleave: component}", "interleaved"),
        ("{stages: [{source: pairs}, {source: tasks}]}", "pairs first"),
        ("{ascending: answer_tokens}", "ascending"),
        ("{descending: tokens}", "descending"),
    ],
)
def test_orders(build_recipe: Build, order: str, check: str) -> None:
    out, _ = build_recipe(f"{HEAD}mix: {{order: {order}}}\n")
    rows = _rows(out, "sft")
    assert len(rows) == 180
    lengths = [row["answer_tokens"] for row in rows]
    sources = [row["source"] for row in rows]
    totals = [row["prompt_tokens"] + row["answer_tokens"] for row in rows]
    found = {
        "interleaved": all(
            abs(sources[:end].count("pairs") - end / 3) <= 2.5 for end in range(len(rows))
        ),
        "pairs first": sources == ["pairs"] * 60 + ["tasks"] * 120,
        "ascending": lengths == sorted(lengths),
        "descending": totals == sorted(totals, reverse=True),
    }
    assert found[check]


@pytest.mark.usefixtures("data")
def test_a_size_in_tokens_is_met_within_a_row(build_recipe: Build) -> None:
    goals = "mix: {tokens: 2000, shares_of: tokens, shares: {source: {pairs: 0.25}}}\n"
    out, summary = build_recipe(HEAD + goals)
    rows = {row["id"]: row for c in summary.configs for row in _rows(out, c)}.values()
    tokens = [row["prompt_tokens"] + row["answer_tokens"] for row in rows]
    assert abs(sum(tokens) - 2000) <= max(tokens)
    pairs = sum(t for t, row in zip(tokens, rows, strict=True) if row["source"] == "pairs")
    assert abs(pairs - 500) <= max(tokens)


@pytest.mark.usefixtures("data")
def test_the_longest_and_the_most_diverse_rows_come_first(build_recipe: Build) -> None:
    def drawn(select: str) -> list[dict[str, Any]]:
        mix = f"mix: {{rows: 20, shares: {{source: {{tasks: 1}}}}, select: {select}}}\n"
        out, _ = build_recipe(HEAD + mix)
        return _rows(out, "sft")

    longest = [row["answer_tokens"] for row in drawn("{top: answer_tokens}")]
    shortest = [row["answer_tokens"] for row in drawn("{lowest: answer_tokens}")]
    assert min(longest) > max(shortest)

    def pairs_of_words(select: str) -> int:
        seen = set()
        for row in drawn(select):
            words = row["messages"][0]["content"].split()
            seen |= set(pairwise(words))
        return len(seen)

    assert pairs_of_words("diverse") > pairs_of_words("random")


@pytest.mark.usefixtures("data")
def test_goals_of_sources_and_of_their_subsets(build_recipe: Build) -> None:
    head = HEAD.replace(
        "use: [sft, preference]}",
        "rows: 30, subsets: {helpful-base: {must_include: true, max_epochs: 2}}}",
    ).replace("license: mit}", "license: mit, max_rows: 50}")
    _, summary = build_recipe(f"{head}mix: {{}}\n")
    drawn = {source.name: source.drawn_rows for source in summary.sources}
    assert drawn == {"tasks": 50, "pairs": 30}
    by_subset = {source.name: source.drawn for source in summary.sources}
    assert by_subset["pairs"] == 30


@pytest.mark.usefixtures("data")
def test_upstream_fields_can_be_shared_by(
    build_recipe: Build, write_rows: Callable[[str, list[Any]], Path]
) -> None:
    rows = [
        {"instruction": f"Say {n}.", "input": "", "output": f"{n}", "topic": "xyz"[n % 3]}
        for n in range(90)
    ]
    write_rows("tasks.jsonl", rows)
    recipe = HEAD.replace("[task_type, length]", "[{meta: {fields: [topic]}}]")
    goals = "mix: {rows: 40, shares: {topic: {x: 0.5, y: 0.25, z: 0.25}}}\n"
    _, summary = build_recipe(recipe + goals)
    assert {row.value: row.rows for row in summary.composition["topic"]} == {
        "x": 20,
        "y": 10,
        "z": 10,
    }


@pytest.mark.usefixtures("data")
def test_adding_a_source_moves_no_other_row(build_recipe: Build) -> None:
    goals = "mix: {shares: {source: natural}}\n"
    small = HEAD.replace("data/tasks.jsonl, license: mit", "data/tasks.jsonl, rows: 40")
    one, _ = build_recipe(small + goals, out="one")
    more = small.replace("  pairs:", "  more: {format: alpaca, path: data/more.jsonl}\n  pairs:")
    (one.parent / "data" / "more.jsonl").write_text(
        "".join(
            json.dumps({"instruction": f"New {n}?", "input": "", "output": f"{n}"}) + "\n"
            for n in range(30)
        )
    )
    two, _ = build_recipe(more + goals, out="two")
    found = difference(one, two)
    assert found.left == 0
    assert found.came == 30
    assert found.repeats_changed == 0


@pytest.mark.usefixtures("data")
def test_nothing_is_written_where_the_goals_cannot_be_met(
    build_recipe: Build, tmp_path: Path
) -> None:
    goals = "mix: {rows: 100, shares: {component: {feedback: 0.9}}}\n"
    with pytest.raises(GoalMissed, match=r"component.feedback = 0.9 needs 90 rows; 60 records"):
        build_recipe(HEAD + goals)
    assert not (tmp_path / "out").exists()
    out, summary = build_recipe(HEAD + goals.replace("}}}", "}}, when_short: shrink}"))
    assert summary.mix.outcome == "shrunk"
    assert summary.drawn_rows == 66
    assert "**Shrunk:**" in (out / "README.md").read_text()


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("path: data/tasks.jsonl", "rows: -1, path: data/tasks.jsonl", "cannot be negative"),
        ("path: data/tasks.jsonl", "share: 2, path: data/tasks.jsonl", "lies in 0-1"),
        ("[task_type, length]", "[length]\nmix: {shares: {form: {creative: 1}}}", "`task_type`"),
        ("seed: 2", "mix: {shares: {use_case: {chatt: 1}}}", "did you mean 'chat'"),
        ("seed: 2", "mix: {shares: {sauce: {x: 1}}}", "did you mean 'source'"),
        ("seed: 2", "mix: {select: {top: answer_token}}", "did you mean 'answer_tokens'"),
        ("seed: 2", "mix: {order: {interleave: from}}", "did you mean 'form'"),
        ("seed: 2", "mix: {preset: flan-2022}", "needs `collection`"),
        ("seed: 2", "mix: {preset: flan}", "Invalid enum value 'flan'"),
        ("seed: 2", "ablate: {over: componnt}", "did you mean 'component'"),
        ("seed: 2", "mix: {shares: {source: {tasks: 0.4}}}", "stated here and in"),
    ],
)
def test_one_sentence_with_the_line(build_recipe: Build, old: str, new: str, words: str) -> None:
    recipe = HEAD.replace(old, new)
    if "stated here" in words:
        recipe = recipe.replace("license: mit", "license: mit, share: 0.5")
    with pytest.raises(RecipeError, match=rf"recipe.yaml:\d+: .*{words}"):
        build_recipe(recipe)


@pytest.mark.usefixtures("data")
def test_plan_shows_what_was_wanted_what_is_there_and_what_binds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    goals = "mix: {rows: 100, shares: {component: {feedback: {at_most: 0.2}}}}\n"
    Path("recipe.yaml").write_text(HEAD + goals)
    result = CliRunner().invoke(main, ["plan", "recipe.yaml", "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert re.search(r"feedback +at most 0\.2 +≤ 20 ", result.stdout)
    assert "at its most" in result.stdout
    assert "asked: 100 rows; met" in result.stdout
    assert not Path("mixtures/t").exists()
    Path("recipe.yaml").write_text(
        HEAD + goals.replace("at_most", "at_least").replace("100", "900")
    )
    result = CliRunner().invoke(main, ["plan", "recipe.yaml", "--workers", "1"])
    assert result.exit_code == 3
    assert "goals by component" in result.stdout
    assert "mix.rows = 900, but 180 records are left." in result.stderr


@pytest.mark.usefixtures("data")
def test_diff_tells_what_left_and_came(build_recipe: Build) -> None:
    one, _ = build_recipe(HEAD + "mix: {rows: 100}\n", out="one")
    two, _ = build_recipe(HEAD + "mix: {rows: 90, shares: {source: {pairs: 0.5}}}\n", out="two")
    found = difference(one, two)
    assert found.kept + found.left == 100
    assert found.kept + found.came == 90
    changes = {change.value: change for change in found.columns["source"]}
    assert changes["pairs"].share_after == 0.5
    result = CliRunner().invoke(main, ["diff", str(one), str(two)])
    assert f"kept {found.kept:,} records; {found.left:,} left" in result.stdout
    result = CliRunner().invoke(main, ["diff", str(one), str(two), "--json"])
    assert json.loads(result.stdout)["came"] == found.came
    result = CliRunner().invoke(main, ["diff", str(one), str(one.parent / "data")])
    assert result.exit_code == 1
    assert "is it a mixture?" in result.stderr


@pytest.mark.usefixtures("data")
def test_workers_and_shards_do_not_change_a_byte_of_any_choice(build_recipe: Build) -> None:
    goals = """
mix:
  tokens: 3000
  shares_of: tokens
  shares: {source: {pairs: 0.3 ± 0.05}, form: natural, length_band: natural}
  select: diverse
  order: {interleave: source}
  split: {validation: 0.1}
"""
    whole, _ = build_recipe(HEAD + goals, out="whole")
    parts, _ = build_recipe(HEAD + goals, out="parts", workers=2, shard_rows=11)
    for path in sorted(whole.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (parts / path.relative_to(whole)).read_bytes()


def test_templates_of_flan_come_in_equal_parts(build_recipe: Build) -> None:
    recipe = """
name: t
sources:
  flan: {format: flan, path: "${MIXER_SAMPLES}/flan/*.jsonl", collection: flan2021}
  t0: {format: p3, path: "${MIXER_SAMPLES}/p3/data_per_template/*.jsonl", collection: t0}
annotate: [{meta: {fields: [template_type]}}]
mix: {rows: 30, preset: flan-2022}
"""
    out, summary = build_recipe(recipe)
    assert "no source is of niv2, cot, dialog" in summary.mix.notes[0]
    rows = {row.value: row.rows for row in summary.composition["collection"]}
    assert rows == {"flan2021": 17, "t0": 13}
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    assert sum(row["repeat"] for row in ledger) == 30
