"""Category statistics as pandas tables: rows, tokens and their shares; quantiles of lengths."""

from __future__ import annotations

import pandas as pd

CATEGORIES = ("source", "component", "form", "task_type", "language", "license")
LENGTHS = ("prompt_tokens", "answer_tokens")
# Labels that a model gives where upstream states none: how sure it is, null where upstream does.
CONFIDENCES = {"form": "form_confidence", "task_type": "task_type_confidence"}
UNSURE = 0.5
_QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def shares(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """By value of `column`: rows, row_share, tokens, token_share; most rows first, then by name.
    Labels have the unsure_share, too: of their rows, those that the model is not sure of.

    `frame` has one line a record with `rows` (how often it counts) and `tokens` (of one copy).
    """
    weighted = pd.DataFrame(
        {
            "value": frame[column].astype("object").fillna("none").astype(str),
            "rows": frame["rows"],
            "tokens": frame["tokens"] * frame["rows"],
        }
    )
    counted = weighted.groupby("value", sort=True)[["rows", "tokens"]].sum()
    counted = counted.sort_values("rows", ascending=False, kind="stable")
    counted.insert(1, "row_share", counted["rows"] / max(1, int(counted["rows"].sum())))
    counted["token_share"] = counted["tokens"] / max(1, int(counted["tokens"].sum()))
    if is_labelled(frame, column):
        unsure = weighted["rows"].where(frame[CONFIDENCES[column]] < UNSURE, 0)
        counted["unsure_share"] = unsure.groupby(weighted["value"]).sum() / counted["rows"]
    counted.index.name = column
    return counted


def is_labelled(frame: pd.DataFrame, column: str) -> bool:
    """Whether it is a label, and it is known how sure the model was of it."""
    return CONFIDENCES.get(column) in frame.columns


def by_model(frame: pd.DataFrame, column: str) -> tuple[float, float]:
    """Of all rows, the share that the model labelled, and the share that it is not sure of."""
    rows, sure = frame["rows"], frame[CONFIDENCES[column]]
    every = max(1, int(rows.sum()))
    return float(rows[sure.notna()].sum() / every), float(rows[sure < UNSURE].sum() / every)


def cross(frame: pd.DataFrame, down: str, across: str) -> pd.DataFrame:
    """Rows by the values of two columns, with totals."""
    values = {
        name: frame[name].astype("object").fillna("none").astype(str) for name in (down, across)
    }
    table = pd.crosstab(
        values[down],
        values[across],
        values=frame["rows"],
        aggfunc="sum",
        margins=True,
        margins_name="total",
    )
    return table.fillna(0).astype("int64")


def lengths(frame: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of prompt and answer tokens over all rows, repeats counted."""
    present = [name for name in LENGTHS if name in frame.columns]
    repeated = frame.loc[frame.index.repeat(frame["rows"]), present]
    table = repeated.quantile(list(_QUANTILES), interpolation="lower").astype("int64")
    table.index = pd.Index([f"{quantile:.0%}" for quantile in _QUANTILES], name="quantile")
    return table


def summary_columns(frame: pd.DataFrame) -> list[str]:
    """The category columns that a frame has, in the order people read them."""
    return [name for name in CATEGORIES if name in frame.columns]
