"""What two built mixtures have in common and what not: rows by id, shares by column."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.cards.difference import Difference, ShareChange, SourceChange
from mixer.cards.summary import Summary, read_summary
from mixer.errors import InputError


def difference(before: Path, after: Path) -> Difference:
    """InputError where one of them is not a built mixture."""
    one, two = _drawn(before), _drawn(after)
    both = one.merge(two, on="id", suffixes=("_before", "_after"))
    left = one[~one["id"].isin(both["id"])]
    came = two[~two["id"].isin(both["id"])]
    split_before, split_after = both["split_before"], both["split_after"]
    return Difference(
        kept=len(both),
        left=len(left),
        came=len(came),
        came_back=int(left["fingerprint"].isin(came["fingerprint"]).sum()),
        repeats_changed=int((both["repeat_before"] != both["repeat_after"]).sum()),
        splits_changed=int((split_before.fillna("") != split_after.fillna("")).sum()),
        sources=_sources(one, two, set(both["id"])),
        columns=_columns(read_summary(before), read_summary(after)),
    )


def _drawn(mixture: Path) -> pd.DataFrame:
    """id, repeat, split, source and fingerprint of the records drawn."""
    path = mixture / "ledger.parquet"
    if not path.is_file():
        raise InputError(f"{mixture} has no ledger.parquet: is it a mixture?")
    present = pq.read_schema(path).names
    columns = [name for name in ("id", "repeat", "split") if name in present]
    drawn = pc.field("fate") == "drawn"
    frame: pd.DataFrame = pq.read_table(
        path, columns=columns, filters=drawn, partitioning=None
    ).to_pandas()
    if "split" not in frame:
        frame["split"] = None
    frame["source"] = frame["id"].str.split("/", n=1).str[0]
    merged: pd.DataFrame = frame.merge(_fingerprints(mixture), on="id", how="left")
    return merged


def _fingerprints(mixture: Path) -> pd.DataFrame:
    paths = sorted((mixture / "data").glob("*/*.parquet"))
    parts = [
        pq.read_table(path, columns=["id", "fingerprint"], partitioning=None).to_pandas()
        for path in paths
    ]
    empty = pd.DataFrame({"id": [], "fingerprint": []}, dtype=str)
    joined: pd.DataFrame = pd.concat(parts or [empty])
    return joined.drop_duplicates("id")


def _sources(one: pd.DataFrame, two: pd.DataFrame, both: set[str]) -> list[SourceChange]:
    changes = []
    for source in sorted({*one["source"], *two["source"]}):
        before, after = one[one["source"] == source], two[two["source"] == source]
        kept = int(before["id"].isin(both).sum())
        changes.append(
            SourceChange(
                source=source,
                rows_before=int(before["repeat"].sum()),
                rows_after=int(after["repeat"].sum()),
                kept=kept,
                left=len(before) - kept,
                came=len(after) - kept,
            )
        )
    return changes


def _columns(one: Summary, two: Summary) -> dict[str, list[ShareChange]]:
    """Columns that both cards count."""
    return {
        column: _shares(one, two, column) for column in one.composition if column in two.composition
    }


def _shares(one: Summary, two: Summary, column: str) -> list[ShareChange]:
    before = {row.value: row for row in one.composition[column]}
    after = {row.value: row for row in two.composition[column]}
    changes = []
    for value in sorted({*before, *after}):
        old, new = before.get(value), after.get(value)
        changes.append(
            ShareChange(
                value=value,
                rows_before=old.rows if old else 0,
                rows_after=new.rows if new else 0,
                share_before=old.row_share if old else 0.0,
                share_after=new.row_share if new else 0.0,
            )
        )
    return changes
