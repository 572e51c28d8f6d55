"""The licences of the drawn rows, by configuration, and what holds for them together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.cards.source_card import source_card
from mixer.cards.summary import Licensing
from mixer.licenses.verdict import verdict
from mixer.phases.arrange import Plan
from mixer.phases.rows import Rows
from mixer.recipe.license import card_name
from mixer.recipe.model import Recipe


def licensing(rows: Rows, planned: Plan, recipe: Recipe) -> dict[str, Licensing]:
    """{configuration: …} in the order of the files."""
    licenses, sources = rows.column("license"), rows.column("source")
    config_of = np.array([file.config for file in planned.files])
    cards = {name: card_name(source) for name, source in recipe.sources.items()}
    result = {}
    for config in dict.fromkeys(file.config for file in planned.files):
        row = planned.row[config_of[planned.file] == config]
        result[config] = licensing_of(licenses.take(row), sources.take(row), cards)
    return result


def licensing_of(
    licenses: pa.Array | pa.ChunkedArray,
    sources: pa.Array | pa.ChunkedArray,
    cards: dict[str, str | None],
) -> Licensing:
    """Of the rows of one configuration; `cards`: the data card of each source, in their order."""
    counted = pc.value_counts(licenses).to_pylist()
    stated = {each["values"] or "unknown": each["counts"] for each in counted}
    drawn = set(sources.unique().to_pylist())
    return Licensing(
        rows=dict(sorted(stated.items(), key=lambda each: (-each[1], each[0]))),
        verdict=verdict(stated),
        model_terms=_model_terms({name: cards[name] for name in cards if name in drawn}),
    )


def _model_terms(cards: dict[str, str | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, card in cards.items():
        for terms in source_card(card).model_terms if card else []:
            found.setdefault(terms.by, []).append(name)
    return dict(sorted(found.items()))
