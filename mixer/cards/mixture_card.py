"""The README.md of a mixture: a Hugging Face dataset card that accounts for every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mixer.cards.citation import citation
from mixer.cards.datasheet import datasheet, how_to_rebuild
from mixer.cards.evaluation_sets import evaluation_sets
from mixer.cards.front_matter import front_matter
from mixer.cards.label_accuracy import label_accuracy
from mixer.cards.licensing import licensing
from mixer.cards.markdown import escaped, table
from mixer.cards.repeats import repeats
from mixer.cards.source_card import source_card
from mixer.cards.sources import sources
from mixer.cards.summary import GoalRow, ShareRow, Summary
from mixer.licenses.names import on_the_hub

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)


# The headings of all sections that may be here: in a card of before they are not its readers'.
HEADINGS = frozenset(
    {
        "Composition",
        "What happened to every record",
        "Repeats",
        "Evaluation sets",
        "Goals",
        "Licence",
        "Sources",
        "Citation",
        "Datasheet",
        "How to load",
        "How to rebuild",
    }
)
_NOTICE = (
    "<!-- sections written by mixer are replaced at each build; others stay, as do pretty_name, "
    "tags and keys above that mixer does not write -->\n"
)


def mixture_card(summary: Summary) -> str:
    """The whole text: front matter, then what it holds, what happened, and its sources."""
    sections = [
        _introduction(summary),
        _composition(summary),
        _account(summary),
        repeats(summary),
        evaluation_sets(summary),
        _goals(summary),
        licensing(summary),
        sources(summary),
        citation(summary),
        datasheet(summary),
        _how_to_load(summary),
        how_to_rebuild(),
    ]
    return _front_matter(summary) + "\n".join(section for section in sections if section)


def _front_matter(summary: Summary) -> str:
    known = sorted({on_the_hub(text) for text in summary.licenses})
    cards = [source_card(source.card) for source in summary.sources if source.card]
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
    stated = {key: value for key, value in fields.items() if value}
    return front_matter(stated) + f"\n{_NOTICE}\n"


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
    parts += label_accuracy(summary)
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
    return (
        "## What happened to every record\n\n"
        + table(["fate", "why", "records", "left"], _fates(summary))
        + "\nThe fate of each record, by its id, is in `ledger.parquet`; rows that did not parse "
        "are in `quarantine.parquet`, which `mixer push` leaves behind unless asked. `mixer why` "
        "tells the story of one id.\n"
    )


def _fates(summary: Summary) -> Iterator[list[str]]:
    """From all that was read down to what was drawn, with what is left after each line."""
    left = summary.read
    yield ["read", "", f"{summary.read:,}", f"{left:,}"]
    for fate, why, records in _losses(summary):
        left -= records
        yield [fate, why, f"{records:,}", f"{left:,}"]
    repeats = f"as {summary.drawn_rows:,} rows" if summary.drawn_rows != summary.drawn else ""
    yield ["drawn", repeats, f"{summary.drawn:,}", ""]


def _losses(summary: Summary) -> Iterator[tuple[str, str, int]]:
    reasons: dict[str, int] = {}
    for source in summary.sources:
        for reason, rows in source.quarantined.items():
            reasons[reason] = reasons.get(reason, 0) + rows
    yield from (("quarantined", reason, rows) for reason, rows in sorted(reasons.items()))
    for step, whys in summary.dropped.items():
        yield from ((f"dropped by {step}", why, rows) for why, rows in whys.items())
    yield "kept, not drawn", "", summary.not_drawn


def _goals(summary: Summary) -> str:
    mix = summary.mix
    stated = [axis for axis in mix.axes if any(row.wanted_amount for row in axis.values)]
    if not stated and not mix.short and not mix.notes:
        return ""
    parts = [f"## Goals\n\nSize asked: {mix.size}.\n"]
    parts += [f"- {escaped(note)}\n" for note in mix.notes]
    if mix.short:
        said = " ".join(escaped(sentence) for sentence in mix.short)
        parts.append(f"**{mix.outcome.capitalize()}:** {said}\n")
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


def _how_to_load(summary: Summary) -> str:
    path = f"path/to/{summary.name}"
    lines = [f'load_dataset("{path}", "{config}")' for config in summary.configs]
    code = "\n".join(["from datasets import load_dataset", "", *lines])
    return f"## How to load\n\n```python\n{code}\n```\n"


def _size(rows: int) -> str:
    return next((name for limit, name in _SIZES if rows < limit), "100M<n<1B")
