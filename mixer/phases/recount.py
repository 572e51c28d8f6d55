"""The numbers of a mixture, counted again from its files and its ledger after a removal.

What tells of the build (what was read, dropped, wanted) stays; what tells of the rows is counted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.cards.summary import Licensing, SourceSummary, Summary
from mixer.export.parquet import split_of
from mixer.phases.accounts import ledger_of
from mixer.phases.axes import bands, mapped
from mixer.phases.licensing import licensing_of
from mixer.phases.record_files import kind_of
from mixer.phases.summary import drawn_values, model_labels, share_rows
from mixer.report.statistics import CONFIDENCES, is_labelled
from mixer.taxonomy import INSTRUCTGPT_USE_CASES

_TOKENS = ("prompt_tokens", "answer_tokens")
_MADE_FROM = {"use_case": "task_type", "collection": "source", "length_band": "prompt_tokens"}

# {configuration: {split: rows}}
Splits = dict[str, dict[str, int]]


class _Fates(NamedTuple):
    """{(source, fate): records}, {source: rows drawn}, quarantined rows by source and kind of
    reason, removed records by reason; `drawn` has the columns id and repeat."""

    records: Counter[tuple[str, str]]
    drawn_rows: Counter[str]
    quarantined: dict[str, Counter[str]]
    removed: Counter[str]
    drawn: pd.DataFrame


def recounted(before: Summary, mixture: Path, collections: dict[str, str]) -> Summary:
    """`collections`: that of each source, or its name."""
    fates = _fates(mixture)
    splits = _splits(before, mixture)
    table = _drawn_table(mixture, list(before.composition))
    frame, lost = _frame(table, fates.drawn, list(before.composition), collections)
    present = [name for name in before.composition if name not in lost]
    sources = [_source(source, fates) for source in before.sources]
    return msgspec.structs.replace(
        before,
        configs={config: sum(own.values()) for config, own in splits.items()},
        quarantined=sum(sum(source.quarantined.values()) for source in sources),
        drawn=sum(source.drawn for source in sources),
        drawn_rows=sum(source.drawn_rows for source in sources),
        sources=sources,
        mix=msgspec.structs.replace(before.mix, notes=before.mix.notes + _lost(lost)),
        splits=splits,
        composition={name: share_rows(frame, name) for name in present},
        languages=drawn_values(frame, "language", but="und"),
        licenses=drawn_values(frame, "license"),
        by_model={name: model_labels(frame, name) for name in present if is_labelled(frame, name)},
        licensing={config: _licensing(before, mixture, config) for config in splits},
        removed=dict(sorted(fates.removed.items())),
    )


def _lost(columns: list[str]) -> list[str]:
    named = ", ".join(columns)
    sentence = f"the files do not hold {named}: its shares after the removal are not known"
    return [sentence] if columns else []


def _fates(mixture: Path) -> _Fates:
    columns = ["id", "fate", "why", "repeat"]
    table = pq.read_table(ledger_of(mixture), columns=columns, partitioning=None)
    sources = pc.replace_substring_regex(table.column("id"), "(?s)/.*", "")
    table = table.append_column("source", sources)
    grouped = table.group_by(["source", "fate"]).aggregate([("id", "count"), ("repeat", "sum")])
    records, drawn_rows = Counter[tuple[str, str]](), Counter[str]()
    for row in grouped.to_pylist():
        records[row["source"], row["fate"]] = row["id_count"]
        drawn_rows[row["source"]] += row["repeat_sum"]
    quarantined: dict[str, Counter[str]] = {}
    for row in _of_fate(table, "quarantined").select(["source", "why"]).to_pylist():
        quarantined.setdefault(row["source"], Counter())[kind_of(row["why"])] += 1
    removed = Counter[str](_of_fate(table, "removed").column("why").to_pylist())
    drawn = _of_fate(table, "drawn").select(["id", "repeat"]).to_pandas()
    return _Fates(records, drawn_rows, quarantined, removed, drawn)


def _of_fate(table: pa.Table, fate: str) -> pa.Table:
    return table.filter(pc.equal(table.column("fate"), fate))


def _source(source: SourceSummary, fates: _Fates) -> SourceSummary:
    quarantined = fates.quarantined.get(source.name, Counter())
    return msgspec.structs.replace(
        source,
        quarantined=dict(sorted(quarantined.items())),
        drawn=fates.records[source.name, "drawn"],
        drawn_rows=fates.drawn_rows[source.name],
        removed=fates.records[source.name, "removed"],
    )


def _splits(before: Summary, mixture: Path) -> Splits:
    """In the order of the build; without those that have no rows any more."""
    counted = Counter[tuple[str, str]]()
    for path in _data_files(mixture):
        counted[path.parent.name, split_of(path)] += pq.read_metadata(path).num_rows
    found: Splits = {}
    for config, own in before.splits.items():
        for split in own:
            if counted[config, split]:
                found.setdefault(config, {})[split] = counted[config, split]
    return found


def _data_files(mixture: Path, config: str = "*") -> list[Path]:
    return sorted((mixture / "data").glob(f"{config}/*.parquet"))


def _drawn_table(mixture: Path, columns: list[str]) -> pa.Table:
    """The columns that are there, of all rows."""
    wanted = {"id", *columns, *_TOKENS, *CONFIDENCES.values(), *_MADE_FROM.values()}
    tables = []
    for path in _data_files(mixture):
        with pq.ParquetFile(path) as file:
            tables.append(file.read([n for n in file.schema_arrow.names if n in wanted]))
    return pa.concat_tables(tables, promote_options="default")


def _frame(
    table: pa.Table, drawn: pd.DataFrame, columns: list[str], collections: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """One line a record, as `drawn_frame` has it, and the columns that the files do not tell."""
    counted = [np.asarray(table.column(name).fill_null(0)).astype(np.int64) for name in _TOKENS]
    data: dict[str, object] = {"id": table.column("id"), "tokens": sum(counted)}
    lost = []
    for name in columns:
        values = _values(table, name, (collections, sum(counted, np.zeros(len(table), np.int64))))
        if values is None:
            lost.append(name)
            continue
        encoded = values.dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(-1))
        data[name] = pd.Categorical.from_codes(codes, encoded.dictionary.to_pylist())
    for name in CONFIDENCES.values():
        if name in table.schema.names:
            data[name] = table.column(name).to_numpy()
    frame = pd.DataFrame(data).drop_duplicates("id")
    merged: pd.DataFrame = frame.merge(drawn.rename(columns={"repeat": "rows"}), on="id")
    return merged, lost


def _values(
    table: pa.Table, name: str, known: tuple[dict[str, str], np.ndarray]
) -> pa.Array | None:
    """A column as strings; None where neither the files nor what is made of them has it."""
    collections, tokens = known
    if name in table.schema.names:
        return table.column(name).combine_chunks().cast(pa.string())
    if _MADE_FROM.get(name) not in table.schema.names:
        return None
    if name == "length_band":
        return bands(tokens)
    meaning = INSTRUCTGPT_USE_CASES if name == "use_case" else collections
    return mapped(table.column(_MADE_FROM[name]).combine_chunks(), meaning)


def _licensing(before: Summary, mixture: Path, config: str) -> Licensing:
    tables = [
        pq.read_table(path, columns=["license", "source"], partitioning=None)
        for path in _data_files(mixture, config)
    ]
    table = pa.concat_tables(tables)
    cards = {source.name: source.card for source in before.sources}
    return licensing_of(table.column("license"), table.column("source"), cards)
