"""What `mixer ablate` prints: the family it made, or what results on it say."""

from __future__ import annotations

from mixer.ablation.findings import Analysis
from mixer.ablation.text import as_text
from mixer.cards.ablation_card import AblationSummary
from mixer.report.tables import print_table


def print_family(summary: AblationSummary) -> None:
    values = list(summary.members[0].shares)
    rows = [
        [
            one.name,
            one.designs.replace("_", " "),
            *(f"{one.shares[value]:.3f}" for value in values),
            one.feedback_as or "-",
            f"{one.rows:,}",
            f"{one.tokens:,}",
        ]
        for one in summary.members
    ]
    header = ["member", "design", *values, "feedback as", "rows", "tokens"]
    print_table(header, rows, f"{summary.name}: {len(rows)} members of {summary.size} each")
    for note in summary.notes:
        print(f"note: {note}")
    header = ["one", "other", "the difference answers", "records shared"]
    print_table(header, summary.comparisons, "what may be compared")
    print(f"{summary.other_pairs:,} other pairs differ in more than one thing")


def print_analysis(found: Analysis) -> None:
    for table in as_text(found):
        print_table(table.header, table.rows, table.title)
