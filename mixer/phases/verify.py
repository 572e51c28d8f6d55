"""Whether a mixture's files are still those that were written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mixer.engines.local import LocalEngine
from mixer.phases.lock import HashTask, output_paths, read_lock
from mixer.report.pairs import in_one_line

QUARANTINE, EXPORTS = "quarantine.parquet", "exports/"


class Verified(msgspec.Struct, frozen=True):
    """Paths below the mixture's folder; `files` counts those of the lock. `not_shared` are missing,
    too, but are what `mixer push` leaves out."""

    files: int
    missing: list[str]
    not_shared: list[str]
    changed: list[str]
    added: list[str]

    @property
    def is_whole(self) -> bool:
        return self.is_unharmed and not self.not_shared

    @property
    def is_unharmed(self) -> bool:
        """Whole, or a download of what was pushed. Files that were added count where `load_dataset`
        would read them."""
        return not (self.missing or self.changed or any(p.startswith("data/") for p in self.added))


def verify(mixture: Path, engine: LocalEngine) -> Verified:
    """InputError where the folder has no lock. Only files that are both in the folder and in the
    lock are read, whatever paths the lock names."""
    there = {each.path: each for each in read_lock(mixture).outputs}
    here = output_paths(mixture)
    both = [HashTask(str(mixture), path) for path in here if path in there]
    missing = sorted(there.keys() - set(here))
    has_exports = any(path.startswith(EXPORTS) for path in here)
    not_shared = [
        path
        for path in missing
        if path == QUARANTINE or (path.startswith(EXPORTS) and not has_exports)
    ]
    return Verified(
        files=len(there),
        missing=[path for path in missing if path not in not_shared],
        not_shared=not_shared,
        changed=[each.path for each in engine.map(both) if each != there[each.path]],
        added=[_as_text(path) for path in here if path not in there],
    )


def told(found: Verified) -> str:
    lines = [f"missing  {in_one_line(path)}" for path in found.missing]
    lines += [f"changed  {in_one_line(path)}" for path in found.changed]
    lines += [f"added    {in_one_line(path)}" for path in found.added]
    lines += [
        f"not here {in_one_line(path)}, which `mixer push` leaves out" for path in found.not_shared
    ]
    same = found.files - len(found.missing) - len(found.not_shared) - len(found.changed)
    return "\n".join([*lines, f"{same:,} of {found.files:,} files are as they were written"])


def _as_text(path: str) -> str:
    """The name of a file may hold bytes that are no UTF-8."""
    return path.encode(errors="backslashreplace").decode()
