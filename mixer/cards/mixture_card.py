"""The README.md of a mixture: a Hugging Face dataset card that accounts for every row."""

from __future__ import annotations

import io
from typing import Any

from mixer.cards.licensing import licensing
from mixer.cards.markdown import table
from mixer.cards.repeats import repeats
from mixer.cards.source_card import SourceCard, source_card
from mixer.cards.summary import EvaluationSummary, GoalRow, ShareRow, SourceSummary, Summary
from mixer.licenses.names import on_the_hub

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)


def mixture_card(summary: Summary) -> str:
    """The whole text: front matter, then what it holds, what happened, and its sources."""
    sections = [
        _introduction(summary),
        _composition(summary),
        _account(summary),
        repeats(summary),
        _evaluation_sets(summary),
        _goals(summary),
        licensing(summary),
        _sources(summary),
        _how_to_load(summary),
    ]
    return _front_matter(summary) + "\n".join(section for section in sections if section)


def _front_matter(summary: Summary) -> str:
    from ruamel.yaml import YAML

    known = sorted({on_the_hub(text) for text in summary.licenses})
    cards = [card for source in summary.sources if (card := _card(source))]
    fields: dict[str, Any] = {
        "license": known[0] if len(known) == 1 else known,
        "language": summary.languages,
        "pretty_name": summary.name,
        "size_categories": [_size(sum(summary.configs.values()))],
        "task_categories": ["text-generation"],
        "tags": ["mixer"],
        "source_datasets": sorted({hub for card in cards for hub in card.hub}),
        "configs": [
            {
                "config_name": config,
                "data_files": [
                    {"split": split, "path": f"data/{config}/{split}-*.parquet"}
                    for split in summary.splits[config]
                ],
                **({"default": True} if number == 0 else {}),
            }
            for number, config in enumerate(summary.configs)
        ],
    }
    buffer = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump({key: value for key, value in fields.items() if value}, buffer)
    return f"---\n{buffer.getvalue()}---\n\n"


def _introduction(summary: Summary) -> str:
    configs = ", ".join(
        f"{rows:,} rows in `{name}`{_of_splits(summary.splits[name])}"
        for name, rows in summary.configs.items()
    )
    return (
        f"# {summary.name}\n\n"
        f"A mixture of {len(summary.sources)} sources, built with mixer {summary.mixer} from "
        f"`recipe.yaml` (seed {summary.seed}): {configs or 'no rows'}.\n"
    )


def _of_splits(splits: dict[str, int]) -> str:
    if set(splits) == {"train"}:
        return ""
    return f" ({', '.join(f'{rows:,} {name}' for name, rows in splits.items())})"


def _composition(summary: Summary) -> str:
    parts = ["## Composition\n"]
    for column, rows in summary.composition.items():
        header = [column, "rows", "share", "tokens", "share of tokens"]
        unsure = ["unsure"] if column in summary.by_model else []
        parts.append(table([*header, *unsure], [_share_cells(row) for row in rows]))
        if column in summary.by_model:
            parts.append(_whose_labels(summary, column))
    how = "a tokenizer" if "length: tokenizer" in summary.annotated else "mixer's estimate"
    parts.append(f"Tokens are of prompt and best answer, by {how}.\n")
    return "\n".join(parts)


def _share_cells(row: ShareRow) -> list[str]:
    shares = [f"{row.rows:,}", f"{row.row_share:.1%}", f"{row.tokens:,}", f"{row.token_share:.1%}"]
    unsure = [] if row.unsure_share is None else [f"{row.unsure_share:.1%}"]
    return [row.value, *shares, *unsure]


def _whose_labels(summary: Summary, column: str) -> str:
    found = summary.by_model[column]
    return (
        f"A model gave `{column}` to {found.row_share:.1%} of the rows, upstream states it for the "
        f"others. Unsure: given by the model with a confidence below {found.unsure_below}, "
        f"{found.unsure_share:.1%} of all rows.\n"
    )


def _account(summary: Summary) -> str:
    cells = [["read", "", f"{summary.read:,}"]]
    reasons: dict[str, int] = {}
    for source in summary.sources:
        for reason, rows in source.quarantined.items():
            reasons[reason] = reasons.get(reason, 0) + rows
    cells += [["quarantined", reason, f"{rows:,}"] for reason, rows in sorted(reasons.items())]
    for step, whys in summary.dropped.items():
        cells += [[f"dropped by {step}", why, f"{rows:,}"] for why, rows in whys.items()]
    cells.append(["kept, not drawn", "", f"{summary.not_drawn:,}"])
    repeats = f"as {summary.drawn_rows:,} rows" if summary.drawn_rows != summary.drawn else ""
    cells.append(["drawn", repeats, f"{summary.drawn:,}"])
    cells += [["removed afterwards", why, f"{n:,}"] for why, n in summary.removed.items()]
    links = ", ".join(f"[{path}]({path})" for path in summary.certificates)
    certified = f" What was removed is certified in {links}." if links else ""
    return (
        "## What happened to every record\n\n"
        + table(["fate", "why", "records"], cells)
        + "\nThe fate of each record, by its id, is in `ledger.parquet`; rows that did not parse "
        f"are in `quarantine.parquet`. `mixer why` tells the story of one id.{certified}\n"
    )


def _evaluation_sets(summary: Summary) -> str:
    found = summary.decontamination
    if found is None:
        return ""
    fate = "was dropped" if found.on_hit == "drop" else "stays: the recipe asks for a report"
    header = ["set", "items", "quarantined", "held by records", "share", "records that hold one"]
    parts = [
        f"## Evaluation sets\n\n{found.rules}\n\nA record that holds one {fate}.\n",
        table(header, [_evaluation_cells(one) for one in found.sets]),
        *(f"- `{one.name}`: {_judged(one)}" for one in found.sets),
    ]
    if found.ignored_grams:
        parts.append(f"- {found.ignored_grams:,} n-grams were taken for common text")
    return "\n".join(parts) + (
        "\n\nEach hit is a line of `contamination.parquet`. Rows of evaluation sets are no part of "
        "the mixture.\n"
    )


def _evaluation_cells(one: EvaluationSummary) -> list[str]:
    quarantined = sum(one.quarantined.values())
    counts = [f"{one.items:,}", f"{quarantined:,}", f"{one.leaked_items:,}", f"{one.share:.2%}"]
    return [one.name, *counts, f"{one.records:,}"]


def _judged(one: EvaluationSummary) -> str:
    kinds = (("questions", one.questions), ("answers", one.answers))
    said = [
        f"{kind.leaked:,} of {kind.judged:,} {name} held, {kind.too_short:,} too short to judge"
        + (f", {kind.common:,} share only common text" if kind.common else "")
        for name, kind in kinds
    ]
    return f"read from {one.origin} as `{one.format}`; {'; '.join(said)}"


def _goals(summary: Summary) -> str:
    mix = summary.mix
    stated = [axis for axis in mix.axes if any(row.wanted_amount for row in axis.values)]
    if not stated and not mix.short and not mix.notes:
        return ""
    parts = [f"## Goals\n\nSize asked: {mix.size}.\n"]
    parts += [f"- {note}\n" for note in mix.notes]
    if mix.short:
        parts.append(f"**{mix.outcome.capitalize()}:** {' '.join(mix.short)}\n")
    for axis in stated:
        cells = [_goal_cells(row) for row in axis.values]
        amount = axis.unit.replace("_", " ")
        header = [axis.column, "wanted", "records", "rows drawn", f"share of {amount}", "epochs"]
        parts.append(table([*header, "binds"], cells))
    return "\n".join(parts)


def _goal_cells(row: GoalRow) -> list[str]:
    return [
        row.value,
        f"{row.wanted} ({row.wanted_amount})" if row.wanted_amount else row.wanted,
        f"{row.records:,}",
        f"{row.rows:,}",
        f"{row.share:.2%}",
        f"{row.epochs:.2f}",
        row.binds,
    ]


def _sources(summary: Summary) -> str:
    parts = ["## Sources\n"]
    for source in summary.sources:
        card = _card(source)
        facts = [
            f"### {source.name}\n",
            f"- read: {source.origin} as `{source.format}`",
            f"- records: {source.read:,} read, {sum(source.quarantined.values()):,} quarantined, "
            f"{sum(source.dropped.values()):,} dropped, {source.not_drawn:,} not drawn, "
            f"{source.drawn:,} drawn as {source.drawn_rows:,} rows"
            + (f", {source.removed:,} removed afterwards" if source.removed else ""),
            f"- licence: {source.license}",
        ]
        facts += [f"- treatment: {name} ({n:,})" for name, n in source.treatments.items()]
        facts += _card_facts(source, card)
        parts.append("\n".join(facts) + "\n")
    return "\n".join(parts)


def _card_facts(source: SourceSummary, card: SourceCard | None) -> list[str]:
    if card is None:
        return ["- no data card: `card:` in the recipe names one"]
    facts = [
        f"- data card `{card.name}`: {card.title} ({card.homepage}), {card.released}",
        f"- paper: {card.paper}",
        f"- prompts: {card.prompts_by}",
        f"- answers: {card.answers_by}",
        f"- intended use: {card.intended_use}",
    ]
    facts += [f"- caution: {caution}" for caution in card.cautions]
    against = sorted(set(source.use or ()) & set(card.not_for))
    facts += [f"- **used for `{use}` although its card warns against it**" for use in against]
    return facts


def _how_to_load(summary: Summary) -> str:
    path = f"path/to/{summary.name}"
    lines = [f'load_dataset("{path}", "{config}")' for config in summary.configs]
    code = "\n".join(["from datasets import load_dataset", "", *lines])
    return f"## How to load\n\n```python\n{code}\n```\n"


def _card(source: SourceSummary) -> SourceCard | None:
    return source_card(source.card) if source.card else None


def _size(rows: int) -> str:
    return next((name for limit, name in _SIZES if rows < limit), "100M<n<1B")
