"""The task that upstream states, in the words of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Stated(NamedTuple):
    """A task type, and the form of answer where the task settles that too."""

    task_type: str
    form: str | None = None


# A category that is too coarse to decide stands in its map with nothing.
Names = Mapping[str, Stated | None]


def by_name(groups: Iterable[tuple[Stated | None, tuple[str, ...]]]) -> dict[str, Stated | None]:
    """Groups of names under one label → the label of each name; no name may stand twice."""
    found: dict[str, Stated | None] = {}
    for label, names in groups:
        for name in names:
            assert name not in found, name
            found[name] = label
    return found
