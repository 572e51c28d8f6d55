"""A removal before anything is written: what goes, and what was asked for but is not there."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa

from mixer import __version__
from mixer.cards.mixture_card import mixture_card
from mixer.cards.summary import Summary
from mixer.certificate import (
    FOLDER,
    Asked,
    Certificate,
    NotThere,
    OutputChange,
    RemovedRecord,
)
from mixer.engines.local import LocalEngine
from mixer.errors import InputError, MixerError
from mixer.phases.accounts import read_summary
from mixer.phases.asked import Found, by_ids, by_pattern, by_source, repeats_of, still_drawn
from mixer.phases.lock import Lock, read_lock
from mixer.phases.near_removed import Near, near_removed
from mixer.phases.removals import certificates
from mixer.phases.verify import verify
from mixer.phases.without import FileScan, Gone, ScanTask

CARD = "README.md"
_LIKE = "near-duplicate of a removed record"


class Request(NamedTuple):
    """`value`: the source or the pattern; `ids`: those named; `near`: the similarity at which other
    records go along, or None."""

    kind: Literal["ids", "source", "match"]
    value: str
    ids: list[str]
    near: float | None


class Removal(NamedTuple):
    """`added`: files in the folder that mixer did not write; `repeats`: records that a build
    dropped for those that go; `originals`: records that stay, for which records that were asked for
    had been dropped; `number` counts the removals of a mixture from 1; `edited_card`: the place for
    a card that people have written in, below the mixture."""

    mixture: Path
    request: Request
    summary: Summary
    lock: Lock
    added: list[str]
    found: Found
    near: Near
    scans: list[FileScan]
    repeats: list[NotThere]
    originals: list[str]
    number: int
    edited_card: str | None

    @property
    def path(self) -> str:
        """The certificate's, below the mixture."""
        return f"{FOLDER}/{self.number:04d}.json"

    @property
    def records(self) -> list[str]:
        return [*self.found.records, *self.near]

    def gone(self) -> Gone:
        found, near = self.found, self.near.values()
        asked = [*found.records, *found.quarantined]
        why = [found.why] * len(asked) + [_LIKE] * len(near)
        nothing = [None] * len(asked)
        return Gone(
            pa.array([*asked, *self.near], pa.string()),
            pa.array(why, pa.string()),
            pa.array([*nothing, *(like for like, _ in near)], pa.string()),
            pa.array([*nothing, *(alike for _, alike in near)], pa.float64()),
        )

    def rows(self) -> dict[str, tuple[int, int]]:
        """By configuration, before and after."""
        found: dict[str, tuple[int, int]] = {}
        for scan in self.scans:
            before, after = found.get(scan.config, (0, 0))
            found[scan.config] = before + scan.rows, after + scan.rows - len(scan.gone)
        return found

    def certificate(self, outputs: list[OutputChange]) -> Certificate:
        rows = self.rows()
        return Certificate(
            mixture=self.summary.name,
            mixer=__version__,
            asked=_asked(self.request),
            removed=_removed(self),
            quarantined=self.found.quarantined,
            not_in_mixture=[*self.found.not_there, *self.repeats],
            rows_before={config: before for config, (before, _) in rows.items()},
            rows_after={config: after for config, (_, after) in rows.items()},
            outputs=outputs,
        )


def plan_removal(mixture: Path, request: Request, engine: LocalEngine) -> Removal:
    """MixerError where nothing would go, or all, or the mixture is not as it was written."""
    checked = verify(mixture, engine)
    if checked.is_unharmed and checked.not_shared:
        raise InputError(
            f"{mixture} is what was pushed, without {checked.not_shared[0]}: remove from the "
            "mixture that was built, and push it again"
        )
    if not checked.is_whole:
        raise InputError(f"{mixture} is not as it was written: `mixer verify` says what differs")
    summary = read_summary(mixture)
    found = _found(mixture, summary, request, engine)
    if not found.records and not found.quarantined:
        raise MixerError(_nothing(mixture, request, found))
    near: Near = {}
    if request.near is not None and found.records:
        near = near_removed(mixture, found.records, request.near, engine.workers)
    ids = pa.array([*found.records, *near], pa.string())
    data = sorted(path.relative_to(mixture) for path in mixture.glob("data/*/*.parquet"))
    scans = engine.map([ScanTask(str(mixture), path.as_posix(), ids) for path in data])
    if scans and all(len(scan.gone) == scan.rows for scan in scans):
        raise MixerError(f"all rows of {mixture} would go: remove the folder instead")
    listed = {each.id for each in found.not_there}
    repeats = [] if request.near is None else repeats_of(mixture, ids, request.near)
    number = 1 + max((int(path.stem) for path in certificates(mixture)), default=0)
    return Removal(
        mixture,
        request,
        summary,
        read_lock(mixture),
        checked.added,
        found,
        near,
        scans,
        [each for each in repeats if each.id not in listed],
        still_drawn(mixture, found.not_there, ids),
        number,
        _edited_card(mixture, summary, number),
    )


def _edited_card(mixture: Path, summary: Summary, number: int) -> str | None:
    path = mixture / CARD
    edited = path.is_file() and path.read_bytes() != mixture_card(summary).encode()
    return f"{FOLDER}/{number:04d}.{CARD}" if edited else None


def _found(mixture: Path, summary: Summary, request: Request, engine: LocalEngine) -> Found:
    if request.kind == "ids":
        return by_ids(mixture, request.ids)
    if request.kind == "source":
        return by_source(mixture, request.value, [each.name for each in summary.sources])
    return by_pattern(mixture, request.value, engine)


def _nothing(mixture: Path, request: Request, found: Found) -> str:
    if request.kind == "source":
        return f"{mixture} holds no row of {request.value}: nothing to remove"
    if request.kind == "match":
        return f"no text in {mixture} matches {request.value!r}: nothing to remove"
    first = found.not_there[0]
    by = f" by {first.step}" if first.step else ""
    more = len(found.not_there) - 1
    others = f", and so on for {more:,} more" if more else ""
    fate = first.fate.replace("_", " ")
    return f"nothing to remove: {first.id} has no row in {mixture} ({fate}{by}){others}"


def _asked(request: Request) -> Asked:
    if request.kind == "ids":
        return Asked("ids", ids=len(request.ids), near=request.near)
    value = request.value
    if request.kind == "match":
        value = sha256(value.encode()).hexdigest()
    return Asked(request.kind, value, near=request.near)


def _removed(removal: Removal) -> list[RemovedRecord]:
    """By id."""
    configs: dict[str, list[str]] = {}
    fingerprints: dict[str, str] = {}
    for scan in removal.scans:
        for identity, fingerprint in scan.gone:
            configs.setdefault(identity, []).append(scan.config)
            fingerprints[identity] = fingerprint
    return [
        RemovedRecord(
            id=identity,
            fingerprint=fingerprints[identity],
            rows=len(found),
            configurations=sorted(set(found)),
            why=_LIKE if identity in removal.near else removal.found.why,
            like=removal.near.get(identity, (None, None))[0],
            similarity=removal.near.get(identity, (None, None))[1],
        )
        for identity, found in sorted(configs.items())
    ]
