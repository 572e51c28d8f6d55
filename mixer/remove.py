"""`mixer remove`: a mixture without records that must go, and a certificate of what went.

All is written beside the mixture and takes its place at the end, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa

from mixer.cards.mixture_card import mixture_card
from mixer.cards.summary import Summary
from mixer.certificate import OutputChange
from mixer.engines.local import LocalEngine
from mixer.errors import InputError, OutputError
from mixer.phases.croissant import CROISSANT, croissant_of
from mixer.phases.ledger import write_quarantine
from mixer.phases.lock import LOCK, HashTask, Output, outputs
from mixer.phases.recount import recounted
from mixer.phases.removal import CARD, Removal, Request, plan_removal
from mixer.phases.without import (
    WithoutTask,
    carry,
    write_contamination_without,
    write_ledger_without,
)
from mixer.pipeline import MIXTURE, export, is_mixture
from mixer.recipe.load import EXPORTS
from mixer.report.removal import Told
from mixer.storage import undo_half_a_swap, whole_folder, write_json

_LEDGER, _QUARANTINE = "ledger.parquet", "quarantine.parquet"
_CONTAMINATION = "contamination.parquet"


def plan(mixture: Path, request: Request, engine: LocalEngine) -> Removal:
    """What would go; nothing is written."""
    undo_half_a_swap(mixture)
    if not is_mixture(mixture):
        raise InputError(f"{mixture} is no mixture: it has no {MIXTURE}")
    return plan_removal(mixture, request, engine)


def remove(mixture: Path, request: Request, out: Path | None, engine: LocalEngine) -> Removal:
    """Rewrites the mixture, or writes what is left of it to `out`."""
    _check_out(mixture, out)
    with _alone(mixture):
        removal = plan(mixture, request, engine)
        in_place = out is None
        with whole_folder(out or mixture, lambda path: in_place) as folder:
            _write(removal, folder, engine, in_place)
    return removal


def told(removal: Removal) -> Told:
    """What is printed of it."""
    work = removal.mixture.with_name(f"{removal.mixture.name}.work")
    return Told(
        removal.certificate([]),
        removal.originals,
        work if work.is_dir() else None,
        removal.edited_card,
        removal.added,
    )


def _check_out(mixture: Path, out: Path | None) -> None:
    if out is None:
        return
    if out.resolve().is_relative_to(mixture.resolve()):
        raise OutputError(f"--out {out} lies in the mixture: choose another folder")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"{out} exists: remove it, or choose another --out")


@contextmanager
def _alone(mixture: Path) -> Iterator[None]:
    """Two removals at once would take each other's folder away."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(mixture.with_name(f".{mixture.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise InputError(f"another removal is at work on {mixture}: wait for it") from error


def _write(removal: Removal, folder: Path, engine: LocalEngine, linked: bool) -> None:
    _write_data(removal, folder, engine)
    _write_accounts(removal, folder)
    _carry_others(removal, folder, linked)
    summary = _counted(removal, folder)
    write_json(folder / MIXTURE, summary)
    (folder / CARD).write_text(mixture_card(summary), encoding="utf-8")
    _export_again(removal, folder)
    _certify(removal, folder, summary, engine)


def _write_data(removal: Removal, folder: Path, engine: LocalEngine) -> None:
    """Data files with such rows; one that has no others is gone, since `datasets` cannot read a
    Parquet file without rows."""
    ids = pa.array(removal.records, pa.string())
    tasks = [
        WithoutTask(str(removal.mixture / scan.path), str(folder / scan.path), ids)
        for scan in removal.scans
        if 0 < len(scan.gone) < scan.rows
    ]
    engine.map(tasks)


def _write_accounts(removal: Removal, folder: Path) -> None:
    """Ledger, quarantine and contamination, where they name what goes."""
    mixture, gone = removal.mixture, removal.gone()
    write_ledger_without(mixture / _LEDGER, gone, folder / _LEDGER)
    if removal.found.quarantined:
        ids = pa.array(removal.found.quarantined, pa.string())
        write_quarantine(folder / _QUARANTINE, [mixture / _QUARANTINE], ids)
    if (mixture / _CONTAMINATION).is_file():
        write_contamination_without(mixture / _CONTAMINATION, gone.ids, folder / _CONTAMINATION)


def _carry_others(removal: Removal, folder: Path, linked: bool) -> None:
    """All files that are not written again, and a card that people have written in."""
    mixture = removal.mixture
    if removal.edited_card:
        carry(mixture / CARD, folder / removal.edited_card, linked=False)
    gone = {scan.path for scan in removal.scans if scan.gone}
    again = {MIXTURE, CARD, CROISSANT, LOCK, *gone}
    for path in sorted(mixture.rglob("*")):
        name = path.relative_to(mixture).as_posix()
        if path.is_dir() or name in again or (folder / name).exists():
            continue
        if not (removal.records and _exported(removal, name)):
            carry(path, folder / name, linked)


def _exported(removal: Removal, name: str) -> bool:
    """Whether mixer wrote the file for another tool, and does so again."""
    parts = name.split("/")
    return parts[0] == "exports" and parts[1] in EXPORTS and name not in removal.added


def _export_again(removal: Removal, folder: Path) -> None:
    names = {each.path for each in removal.lock.outputs if _exported(removal, each.path)}
    if removal.records:
        for name in sorted({path.split("/")[1] for path in names}):
            export(folder, name, folder / "exports" / name)


def _counted(removal: Removal, folder: Path) -> Summary:
    collections = {
        name: source.get("collection") or name
        for name, source in removal.lock.resolved["sources"].items()
    }
    summary = recounted(removal.summary, folder, collections)
    rows = sum(len(scan.gone) for scan in removal.scans)
    told = f"{len(removal.records):,} records ({rows:,} rows) were removed afterwards"
    if removal.found.quarantined:
        told += f", and {len(removal.found.quarantined):,} rows of the quarantine"
    note = f"{told} ({removal.path}); goals are told as they were met before"
    return msgspec.structs.replace(
        summary,
        mix=msgspec.structs.replace(summary.mix, notes=[*summary.mix.notes, note]),
        certificates=[*summary.certificates, removal.path],
    )


def _certify(removal: Removal, folder: Path, summary: Summary, engine: LocalEngine) -> None:
    """Croissant, certificate and lock: each needs the hashes of what was written before it."""
    written = [each for each in outputs(folder, engine) if each.path not in removal.added]
    if (removal.mixture / CROISSANT).is_file():
        write_json(folder / CROISSANT, croissant_of(summary, folder, written))
        written.append(HashTask(str(folder), CROISSANT).run())
    write_json(folder / removal.path, removal.certificate(_changes(removal, written)))
    written.append(HashTask(str(folder), removal.path).run())
    lock = msgspec.structs.replace(
        removal.lock,
        outputs=sorted(written, key=lambda each: each.path),
        removed=[*removal.lock.removed, removal.path],
    )
    write_json(folder / LOCK, lock)


def _changes(removal: Removal, written: list[Output]) -> list[OutputChange]:
    before = {each.path: each.sha256 for each in removal.lock.outputs}
    after = {each.path: each.sha256 for each in written}
    return [
        OutputChange(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
    ]
