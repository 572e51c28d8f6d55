"""What a built mixture says of itself: its numbers, its ledger, the files it was read from."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mixer.cards.summary import Summary
from mixer.errors import InputError
from mixer.phases.read import FileFacts


def read_summary(mixture: Path) -> Summary:
    """InputError where there is none that can be read."""
    path = mixture / "mixture.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Summary)
    except (OSError, msgspec.DecodeError) as error:
        sentence = "was it built by another version of mixer? build it again"
        raise InputError(f"{path} cannot be read ({error}): {sentence}") from error


def ledger_of(mixture: Path) -> Path:
    """The path of its ledger; InputError where there is none."""
    path = mixture / "ledger.parquet"
    if not path.is_file():
        raise InputError(f"{mixture} has no ledger.parquet: is it a mixture?")
    return path


def files_read(mixture: Path, source: str) -> list[FileFacts]:
    """The files of one source, in the order in which they were read."""
    path = mixture / "files.jsonl"
    lines = path.read_bytes().splitlines() if path.is_file() else []
    facts = (msgspec.json.decode(line, type=FileFacts) for line in lines)
    return [each for each in facts if each.source == source]
