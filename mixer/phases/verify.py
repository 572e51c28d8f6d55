"""Whether a mixture's files are still those that were written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mixer.engines.local import LocalEngine
from mixer.phases.lock import outputs, read_lock


class Verified(msgspec.Struct, frozen=True):
    """Paths below the mixture's folder; `files` counts those of the lock."""

    files: int
    missing: list[str]
    changed: list[str]
    added: list[str]

    @property
    def is_whole(self) -> bool:
        """Files that were added count where `load_dataset` would read them."""
        return not (self.missing or self.changed or any(p.startswith("data/") for p in self.added))


def verify(mixture: Path, engine: LocalEngine) -> Verified:
    """InputError where the folder has no lock."""
    there = {each.path: each for each in read_lock(mixture).outputs}
    here = {each.path: each for each in outputs(mixture, engine)}
    return Verified(
        files=len(there),
        missing=sorted(there.keys() - here.keys()),
        changed=sorted(path for path in there.keys() & here.keys() if there[path] != here[path]),
        added=sorted(here.keys() - there.keys()),
    )


def told(found: Verified) -> str:
    lines = [f"missing  {path}" for path in found.missing]
    lines += [f"changed  {path}" for path in found.changed]
    lines += [f"added    {path}" for path in found.added]
    same = found.files - len(found.missing) - len(found.changed)
    return "\n".join([*lines, f"{same:,} of {found.files:,} files are as they were written"])
