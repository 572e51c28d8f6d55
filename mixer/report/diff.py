"""What `mixer diff` prints."""

from __future__ import annotations

from mixer.cards.difference import Difference, ShareChange
from mixer.report.tables import print_table


def print_difference(found: Difference) -> None:
    again = f", {found.came_back:,} of them come back under another id" if found.came_back else ""
    print(f"kept {found.kept:,} records; {found.left:,} left{again}; {found.came:,} came")
    if found.repeats_changed:
        print(f"{found.repeats_changed:,} kept records are drawn another number of times")
    if found.splits_changed:
        print(f"{found.splits_changed:,} kept records stand in another split")
    print()
    rows = [
        [
            one.source,
            f"{one.rows_before:,}",
            f"{one.rows_after:,}",
            f"{one.kept:,}",
            f"{one.left:,}",
            f"{one.came:,}",
        ]
        for one in found.sources
    ]
    header = ["source", "rows before", "rows after", "records kept", "left", "came"]
    print_table(header, rows, "by source")
    for column, changes in found.columns.items():
        if column != "source" and any(one.share_before != one.share_after for one in changes):
            header = [column, "rows before", "rows after", "share before", "share after", "points"]
            print_table(header, [_cells(one) for one in changes], f"by {column}")


def _cells(one: ShareChange) -> list[str]:
    return [
        one.value,
        f"{one.rows_before:,}",
        f"{one.rows_after:,}",
        f"{one.share_before:.2%}",
        f"{one.share_after:.2%}",
        f"{100 * (one.share_after - one.share_before):+.2f}",
    ]
