"""Which files of a mixture go to the hub, and why others stay.

Those that the lock names, as they were written, with the lock and the card: a file that somebody
put beside them is not the mixture's, and may not be meant for others.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.phases.lock import LOCK, HashTask, Output, read_lock
from mixer.phases.verify import EXPORTS, QUARANTINE, verify

_CARD = "README.md"


def contents(
    mixture: Path, wanted: dict[str, bool], engine: LocalEngine, say: Callable[[str], None]
) -> list[Output]:
    """Hashed, in order; says what stays. `wanted`: whether `exports` and `quarantine` go too.
    InputError where a file is not as it was written."""
    added = _check_whole(mixture, engine)
    written = read_lock(mixture).outputs
    exports = [file for file in written if file.path.startswith(EXPORTS)]
    quarantine = [file for file in written if file.path == QUARANTINE]
    stay: list[Output] = []
    if exports and not wanted["exports"]:
        stay += exports
        say("stays here: exports/, the same rows in other files (--with-exports)")
    if quarantine and not wanted["quarantine"]:
        stay += quarantine
        say(
            "stays here: quarantine.parquet, the raw text of rows that did not parse, which no "
            "screen has seen (--with-quarantine)"
        )
    for path in added:
        say(f"stays here: {path}, which the mixture was not written with")
    tasks = [HashTask(str(mixture), path) for path in (_CARD, LOCK)]
    going = [*(file for file in written if file not in stay), *engine.map(tasks)]
    _check_inside(mixture, going)
    return sorted(going, key=lambda file: file.path)


def _check_whole(mixture: Path, engine: LocalEngine) -> list[str]:
    """Files that were added where they do no harm."""
    found = verify(mixture, engine)
    if not found.is_whole:
        wrong = [
            *found.missing,
            *found.not_shared,
            *found.changed,
            *(p for p in found.added if p.startswith("data/")),
        ]
        raise InputError(
            f"{mixture} is not as it was written ({len(wrong):,} files, the first: {wrong[0]}): "
            "`mixer verify` names them; build it again"
        )
    if not (mixture / _CARD).is_file():
        raise InputError(f"{mixture} has no {_CARD}: build it again")
    return found.added


def _check_inside(mixture: Path, files: list[Output]) -> None:
    """A link in somebody's mixture could name a private file of whoever pushes it."""
    folder = mixture.resolve()
    for file in files:
        if not (mixture / file.path).resolve().is_relative_to(folder):
            raise InputError(f"{mixture / file.path} is a link to a file elsewhere: copy it here")
