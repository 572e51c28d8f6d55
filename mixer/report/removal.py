"""What `mixer remove` prints: what goes, what was asked for in vain, what is left to do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from mixer.certificate import Certificate
from mixer.report.pairs import printable
from mixer.report.tables import print_table

_SHOWN = 10


class Told(NamedTuple):
    """`originals`: ids of records that stay, for which records that were asked for were dropped;
    `work`: a working folder that is still there; `card`: where an edited card was kept; `added`:
    files that mixer did not write."""

    certificate: Certificate
    originals: list[str]
    work: Path | None
    card: str | None
    added: list[str]


def print_removed(told: Told, title: str) -> None:
    found = told.certificate
    rows = Counter[str]()
    for config in found.rows_before:
        rows[config] = found.rows_before[config] - found.rows_after[config]
    cells = [
        [config, f"{before:,}", f"{rows[config]:,}", f"{found.rows_after[config]:,}"]
        for config, before in found.rows_before.items()
    ]
    print_table(["config", "rows before", "removed", "rows after"], cells, title)
    records = len(found.removed)
    print(f"{records:,} records and {len(found.quarantined):,} rows of the quarantine")
    for one in found.removed[:_SHOWN]:
        like = f" ({one.similarity:.2f} like {one.like})" if one.like else ""
        print(printable(f"  {one.id}: {one.why}{like}"))
    for identity in found.quarantined[: max(0, _SHOWN - records)]:
        print(printable(f"  {identity}: in quarantine"))
    if records + len(found.quarantined) > _SHOWN:
        print(f"  and {records + len(found.quarantined) - _SHOWN:,} more")
    if found.not_in_mixture:
        _print_not_there(told)


def _print_not_there(told: Told) -> None:
    listed = told.certificate.not_in_mixture
    fates = Counter((one.fate, one.step) for one in listed)
    said = (
        f"{n:,} {fate.replace('_', ' ')}{f' by {step}' if step else ''}"
        for (fate, step), n in fates.items()
    )
    print(f"{len(listed):,} more records have no row in the mixture: {', '.join(said)}")
    if told.originals:
        more = len(told.originals) - 1
        others = f" and {more:,} more" if more else ""
        print(
            printable(
                f"some of them were dropped as repeats of records that stay: {told.originals[0]}"
                f"{others}; ask for those, too, or give --near"
            )
        )


def print_what_is_left(told: Told, mixture: Path, path: str) -> None:
    """Where the removed text may still be, and how it stays away."""
    print(f"certified in {mixture / path}")
    print(
        "to keep them out of the next build, copy the certificate beside the recipe and add\n"
        "  screen: [{removed: {certificates: PATH}}]"
    )
    if told.certificate.asked.kind == "match":
        print("records that were not drawn were not searched: the next build may draw such")
    if told.work is not None:
        print(f"{told.work} still holds the text of all that was read: remove the folder")
    if told.card is not None:
        print(f"README.md had been edited: the old one is {told.card}; read it for what must go")
    if told.added:
        print(
            printable(f"not looked into, since mixer did not write them: {', '.join(told.added)}")
        )
