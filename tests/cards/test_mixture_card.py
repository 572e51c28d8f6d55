"""The card of a mixture: golden text, valid front matter, sums that agree with the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard
from markdown_it import MarkdownIt

from mixer.cards import sources
from mixer.cards.citation import citation
from mixer.cards.datasheet import datasheet
from mixer.cards.label_accuracy import label_accuracy
from mixer.cards.mixture_card import HEADINGS, mixture_card
from mixer.cards.source_card import KnownBad, source_card
from mixer.cards.summary import StepSummary, Summary
from mixer.phases.use import CONFIGS

RECIPE = """
name: tea-time
seed: 1
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl, license: cc-by-4.0}
  pairs: {format: hh_rlhf, path: data/pairs.jsonl, use: [sft, preference]}
annotate: [task_type]
dedup: [exact]
mix: {rows: 12, max_epochs: 2, shares: {component: {feedback: 0.5}}}
"""
GOLDEN = Path(__file__).parent / "tea-time.md"


def _rows(write_rows: Callable[[str, list[Any]], Path]) -> None:
    teas = ["Assam", "Ceylon", "Darjeeling", "Keemun", "Sencha", "Oolong"]
    asked = [f"Which land grows {tea}?" for tea in teas]
    tasks = [{"instruction": each, "input": "", "output": "India"} for each in asked]
    write_rows("tasks.jsonl", [*tasks, tasks[0], {"instruction": "No answer?", "output": ""}, {}])
    start = "\n\nHuman: Any good tea?\n\nAssistant: "
    pairs = [{"chosen": f"{start}{tea}.", "rejected": f"{start}No."} for tea in teas[:4]]
    write_rows("pairs.jsonl", pairs)


def test_the_card_is_the_golden_one(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, _ = build_recipe(RECIPE)
    assert (out / "README.md").read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")


def test_the_hub_reads_its_front_matter(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, summary = build_recipe(RECIPE)
    data = DatasetCard.load(out / "README.md").data
    assert data.license == ["cc-by-4.0", "mit"]
    assert data.size_categories == ["n<1K"]
    assert [config["config_name"] for config in data.configs] == list(summary.configs)
    assert data.source_datasets == ["Anthropic/hh-rlhf"]
    assert data.to_dict()["pretty_name"] == "tea-time"
    card = DatasetCard.load(out / "README.md")
    assert DatasetCard(str(card)).content == (out / "README.md").read_text(encoding="utf-8")


def test_its_numbers_are_sums_over_the_ledger(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    _rows(write_rows)
    out, summary = build_recipe(RECIPE)
    ledger = pq.read_table(out / "ledger.parquet").to_pandas()
    for source in summary.sources:
        mine = ledger[ledger["id"].str.startswith(f"{source.name}/")]
        counts = mine["fate"].value_counts().to_dict()
        assert source.read == len(mine)
        assert source.drawn == counts.get("drawn", 0)
        assert source.not_drawn == counts.get("not_drawn", 0)
        assert sum(source.quarantined.values()) == counts.get("quarantined", 0)
        assert source.drawn_rows == mine["repeat"].sum()
    assert "**used for `sft` although its card warns against it**" in (out / "README.md").read_text(
        encoding="utf-8"
    )


@pytest.fixture
def summary(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> Summary:
    _rows(write_rows)
    found: Summary = build_recipe(RECIPE)[1]
    return found


def _changed(summary: Summary, **fields: Any) -> Summary:
    """Of the source `pairs` other fields."""
    others = [one for one in summary.sources if one.name != "pairs"]
    pairs = next(one for one in summary.sources if one.name == "pairs")
    return msgspec.structs.replace(
        summary, sources=[*others, msgspec.structs.replace(pairs, **fields)]
    )


def test_the_funnel_ends_with_what_was_drawn(summary: Summary) -> None:
    card = mixture_card(summary)
    table = card.split("## What happened to every record\n\n")[1].split("\n\n")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in table.split("\n")[2:]
    ]
    left = [int(line[3]) for line in lines[:-1]]
    lost = [int(line[2]) for line in lines[1:-1]]
    assert left == [summary.read - sum(lost[:number]) for number in range(len(left))]
    assert left[-1] == summary.drawn == int(lines[-1][2])


def test_all_headings_are_known_to_be_mixers(summary: Summary) -> None:
    found = [
        line.removeprefix("## ")
        for line in mixture_card(summary).split("\n")
        if line.startswith("## ")
    ]
    assert set(found) <= HEADINGS
    assert len(found) == len(set(found))


def test_the_datasheet_knows_every_configuration_and_what_was_off(summary: Summary) -> None:
    configs = dict.fromkeys(CONFIGS, 1)
    said = datasheet(msgspec.structs.replace(summary, configs=configs))
    assert all(f"in `{config}` a " in said for config in CONFIGS)
    assert "attacks on a model (`red_team`) was off" in said
    screen = StepSummary("screen", "red_team", {"fields": {"toxic": True}})
    said = datasheet(msgspec.structs.replace(_changed(summary, masked=["email"]), steps=[screen]))
    assert "attacks on a model (`red_team`) was on" in said
    assert "in `pairs` is masked: email" in said
    assert 'screen red_team (fields: {"toxic":true})' in said


def test_what_two_sources_share_is_cited_once(summary: Summary) -> None:
    twice = msgspec.structs.replace(summary, sources=[*summary.sources, *summary.sources])
    assert citation(twice) == citation(summary)
    assert citation(twice).count("@misc{bai2022training,") == 1
    assert citation(_changed(summary, drawn_rows=0)) == ""


def test_a_revision_that_is_known_to_be_bad_is_shown(
    summary: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = KnownBad(why="pairs turned round", reference="https://tea.example", revision="a" * 40)
    card = msgspec.structs.replace(source_card("hh_rlhf"), known_bad=[bad])
    monkeypatch.setattr(sources, "source_card", lambda name: card)
    shown = (
        f"- **revision {'a' * 40} is known to be bad**: pairs turned round (https://tea.example)"
    )
    assert shown in mixture_card(_changed(summary, revision="a" * 40))
    assert "known to be bad" not in mixture_card(_changed(summary, revision="b" * 40))


def test_labels_of_upstream_need_no_accuracy(summary: Summary) -> None:
    measured = source_card("classifier").accuracy
    said = f"`task_type` in {measured['task_type']:.0%}, `form` in {measured['form']:.0%}"
    assert f"right in so many rows: {said} (data card" in mixture_card(summary)
    upstream = msgspec.structs.replace(summary.by_model["form"], row_share=0.0)
    some = msgspec.structs.replace(summary, by_model={**summary.by_model, "form": upstream})
    assert "`form`" not in label_accuracy(some)[0]
    assert label_accuracy(msgspec.structs.replace(summary, by_model={"form": upstream})) == []


def test_text_of_data_cannot_add_to_the_card(summary: Summary) -> None:
    attack = "x |\n\n## Licence\n\n<script>alert(1)</script> [free](https://evil.example) `code`"
    hostile = msgspec.structs.replace(
        _changed(
            summary,
            quarantined={attack: 1},
            treatments={attack: 1},
            origin=attack,
            license=attack,
            license_because=attack,
        ),
        dropped={attack: {attack: 1}},
        found=[attack],
        composition={attack: summary.composition["source"]},
    )
    found, plain = _markup(mixture_card(hostile)), _markup(mixture_card(summary))
    found["h2"] -= 1  # Repeats, for `found`
    assert {kind: found[kind] for kind in plain | found} == {
        kind: plain[kind] for kind in plain | found
    }


def _markup(card: str) -> Counter[str]:
    """Headings, tables, links and HTML of a card, counted; our own code and bold text are not."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(card)
    inside = [*tokens, *(child for token in tokens for child in token.children or [])]
    kinds = {"heading_open", "link_open", "image", "html_block", "html_inline", "fence"}
    return Counter(token.tag or token.type for token in inside if token.type in kinds)
