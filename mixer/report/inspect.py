"""What `mixer inspect` shows: the tables of a mixture, of a working folder or of files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.report.statistics import cross, lengths, shares, summary_columns
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


def print_tables(found: dict[str, pd.DataFrame]) -> None:
    for title, frame in found.items():
        print_frame(frame, title)


def as_json(found: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Title → list of rows, each with the index under its name."""
    return {title: frame.reset_index().to_dict("records") for title, frame in found.items()}
