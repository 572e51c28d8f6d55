"""What `build` and `plan` print: composition, goals, configurations."""

from __future__ import annotations

from mixer.cards.summary import Axis, Decontamination, Mix, ShareRow, Summary
from mixer.report.tables import print_table

NO_SIZE = "as much as there is"
_MOST_VALUES = 30
# A column that is only held in natural proportion is shown with at most so many values.
_MOST_FREE = 12
_SHOWN = ("source", "component", "form", "task_type", "language")


def print_summary(summary: Summary) -> None:
    for column in _SHOWN:
        rows = summary.composition.get(column, [])
        if len(rows) > 1 or (rows and column != "language"):
            cells = [_cells(row) for row in rows]
            header = [column, "rows", "share", "tokens", "token share"]
            print_table(header, cells, f"{summary.name} by {column}")
    for axis in summary.mix.axes:
        if len(axis.values) <= _MOST_FREE or any(row.wanted_amount for row in axis.values):
            print_goals(axis)
    print_repeats(summary)
    if summary.decontamination is not None:
        print_decontamination(summary.decontamination)
    print_table(
        ["config", "split", "rows"],
        [
            [config, split, f"{rows:,}"]
            for config, splits in summary.splits.items()
            for split, rows in splits.items()
        ],
        "configurations",
    )
    print_mix(summary.mix)


def print_repeats(summary: Summary) -> None:
    """Which source repeats another, and what steps of dedup report."""
    across = [one for one in summary.overlaps if one.source != one.repeats]
    if across:
        cells = [
            [one.source, one.repeats, f"{one.records:,}", f"{one.share:.1%}"] for one in across
        ]
        print_table(["source", "repeats", "records", "share of source"], cells, "overlap")
    for sentence in summary.found:
        print(f"found: {sentence}")


def print_goals(axis: Axis) -> None:
    """Wanted, available and drawn by value; of many values those with most rows."""
    unit = axis.unit.replace("_", " ")
    values = axis.values
    if len(values) > _MOST_VALUES:
        values = sorted(values, key=lambda row: (-row.rows, row.value))[:_MOST_VALUES]
    header = [axis.column, "wanted", unit, "records", "rows drawn", f"share of {unit}", "epochs"]
    cells = [
        [
            row.value,
            row.wanted,
            row.wanted_amount or "-",
            f"{row.records:,}",
            f"{row.rows:,}",
            f"{row.share:.2%}",
            f"{row.epochs:.2f}",
            row.binds,
        ]
        for row in values
    ]
    more = len(axis.values) - len(values)
    title = f"goals by {axis.column}" + (f" ({more:,} smaller values not shown)" if more else "")
    print_table([*header, "binds"], cells, title)


def print_decontamination(found: Decontamination) -> None:
    """How much of each evaluation set the records held."""
    cells = [
        [
            one.name,
            f"{one.items:,}",
            f"{one.questions.leaked:,}",
            f"{one.answers.leaked:,}",
            f"{one.questions.too_short + one.answers.too_short:,}",
            f"{one.share:.2%}",
            f"{one.records:,}",
        ]
        for one in found.sets
    ]
    header = ["set", "items", "questions held", "answers held", "too short", "share", "records"]
    fate = "dropped" if found.on_hit == "drop" else "kept, as `on_hit: report` asks"
    print_table(header, cells, f"evaluation sets (records that hold an item are {fate})")


def print_mix(mix: Mix) -> None:
    """Size, epochs and repeats in one line; notes and what fell short after it."""
    if mix.axes or mix.size != NO_SIZE:
        print(
            f"asked: {mix.size}; {mix.outcome}; {mix.records:,} records in {mix.cells:,} cells; "
            f"{mix.epochs:.2f} epochs of those drawn, {mix.repeated_rows:,} rows repeat another"
        )
    for note in mix.notes:
        print(f"note: {note}")
    if mix.outcome in ("shrunk", "relaxed"):
        print(f"{mix.outcome}: {' '.join(mix.short)}")
    print()


def _cells(row: ShareRow) -> list[str]:
    return [
        row.value,
        f"{row.rows:,}",
        f"{row.row_share:.1%}",
        f"{row.tokens:,}",
        f"{row.token_share:.1%}",
    ]
