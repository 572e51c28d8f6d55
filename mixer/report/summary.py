"""What `build` and `plan` print: composition, goals, configurations."""

from __future__ import annotations

from mixer.cards.summary import ShareRow, Summary
from mixer.report.tables import print_table

_SHOWN = ("source", "component", "form", "task_type", "language")


def print_summary(summary: Summary) -> None:
    for column in _SHOWN:
        if column in summary.composition:
            cells = [_cells(row) for row in summary.composition[column]]
            header = [column, "rows", "share", "tokens", "token share"]
            print_table(header, cells, f"{summary.name} by {column}")
    if summary.goal_column:
        rows = [
            [goal.value, f"{goal.available:,}", f"{goal.wanted:,}", f"{goal.drawn:,}"]
            for goal in summary.goals
        ]
        header = [summary.goal_column, "left", "wanted", "drawn"]
        print_table(header, rows, "goals")
    print_table(
        ["config", "rows"],
        [[name, f"{rows:,}"] for name, rows in summary.configs.items()],
        "configurations",
    )


def _cells(row: ShareRow) -> list[str]:
    return [
        row.value,
        f"{row.rows:,}",
        f"{row.row_share:.1%}",
        f"{row.tokens:,}",
        f"{row.token_share:.1%}",
    ]
