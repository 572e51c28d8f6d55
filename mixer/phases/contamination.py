"""What decontamination found → contamination.parquet, and its numbers for the card."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.cards.summary import Decontamination, EvaluationSummary, JudgedParts
from mixer.phases.decontaminate import Contamination
from mixer.phases.ledger import fates_of
from mixer.phases.origin import origin
from mixer.phases.rows import Rows
from mixer.recipe.license import card_name
from mixer.recipe.model import Source

CONTAMINATION = pa.schema(
    [
        ("evaluation_set", pa.string()),
        ("item", pa.string()),
        ("part", pa.string()),
        ("coverage", pa.float64()),
        ("id", pa.string()),
        ("fate", pa.string()),
    ]
)


def write_contamination(
    folder: Path, rows: Rows, repeat: np.ndarray, result: Contamination
) -> None:
    """contamination.parquet: a line for each part of an item and record that holds it, by item;
    `fate` as in the ledger."""
    found, parts = result.leaks.found, result.items.parts
    order = np.lexsort((found.row, found.part))
    part, row = found.part[order], found.row[order]
    names = pa.array(list(result.evaluations.read), pa.string())
    columns = [
        names.take(pa.array(parts.set_of[parts.item[part]])),
        result.ids.take(pa.array(parts.item[part])),
        pa.array(np.where(parts.is_answer[part], "answer", "question"), pa.string()),
        pa.array(result.coverage[order]),
        rows.column("id").take(pa.array(row)),
        pa.array(fates_of(rows, repeat)[row], pa.string()),
    ]
    table = pa.Table.from_arrays(columns, schema=CONTAMINATION)
    pq.write_table(table, folder / "contamination.parquet", compression="zstd")


def summarise_contamination(result: Contamination, against: dict[str, Source]) -> Decontamination:
    return Decontamination(
        rules=result.rules.words(),
        on_hit=result.rules.on_hit,
        ignored_grams=result.leaks.ignored_grams,
        sets=[_set(result, name, place, against[name]) for place, name in enumerate(against)],
    )


def _set(result: Contamination, name: str, place: int, source: Source) -> EvaluationSummary:
    read = [one for _, one in result.evaluations.read[name]]
    parts, found = result.items.parts, result.leaks.found
    mine = parts.set_of[parts.item] == place
    own = mine[found.part]
    quarantined = sum((Counter(one.quarantined) for one in read), Counter[str]())
    items = sum(sum(one.shard_rows) for one in read)
    leaked = len(np.unique(parts.item[found.part[own]]))
    return EvaluationSummary(
        name=name,
        format=source.format,
        card=card_name(source),
        origin=origin(source, sum(len(one.files) for one in read)),
        items=items,
        quarantined=dict(sorted(quarantined.items())),
        questions=_judged(result, mine & ~parts.is_answer),
        answers=_judged(result, mine & parts.is_answer),
        leaked_items=leaked,
        share=leaked / items,
        records=len(np.unique(found.row[own])),
    )


def _judged(result: Contamination, chosen: np.ndarray) -> JudgedParts:
    short = result.items.grams.sizes == 0
    leaked = np.unique(result.leaks.found.part)
    return JudgedParts(
        judged=int((chosen & ~short).sum()),
        too_short=int((chosen & short).sum()),
        leaked=int(chosen[leaked].sum()),
        common=int((chosen & result.leaks.ignored_parts).sum()),
    )
