"""What `mixer inspect` shows: the tables of a mixture, of a working folder or of files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.report.statistics import (
    UNSURE,
    by_model,
    cross,
    is_labelled,
    lengths,
    shares,
    summary_columns,
)
from mixer.report.tables import print_frame


def tables(frame: pd.DataFrame, by: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Title → table. No `by`: shares of every category, then lengths; one: its shares; two: a
    cross-table of rows."""
    for column in by:
        if column not in frame.columns:
            known = [n for n in frame.columns if n not in ("rows", "tokens")]
            raise MixerError(f"no column {column!r} here: {did_you_mean(column, known)}")
    if len(by) == 2:
        return {f"{by[0]} by {by[1]} (rows)": cross(frame, by[0], by[1])}
    columns = by or tuple(summary_columns(frame))
    result = {f"by {column}": shares(frame, column) for column in columns}
    if not by:
        result["lengths in tokens"] = lengths(frame)
    return result


def print_tables(found: dict[str, pd.DataFrame], frame: pd.DataFrame) -> None:
    """With a sentence under labels of a model: how many they are, and how many are not sure."""
    for title, table in found.items():
        print_frame(table, title)
        column = str(table.index.name)
        if is_labelled(frame, column) and "unsure_share" in table.columns:
            model, unsure = by_model(frame, column)
            print(f"the model labelled {model:.1%} of rows", end="; ")
            print(f"with a confidence below {UNSURE}: {unsure:.1%}\n")


def as_json(found: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Title → list of rows, each with the index under its name."""
    return {title: frame.reset_index().to_dict("records") for title, frame in found.items()}
