"""Rows of a data set on the Hugging Face hub, streamed through `datasets` at a pinned revision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mixer.errors import InputError
from mixer.sources.plain_value import plain_value
from mixer.sources.raw_row import RawRow


class HubSplit(NamedTuple):
    """One split of one configuration at one revision."""

    repository: str
    revision: str
    split: str
    config: str | None = None
    data_dir: str | None = None

    @property
    def label(self) -> str:
        """Names the split in ids, as a file's label does; a data_dir is its folder."""
        folder = "/".join(part for part in (self.config, self.data_dir) if part)
        return f"{folder}/{self.split}" if folder else self.split


def hub_rows(split: HubSplit) -> Iterator[RawRow]:
    """All rows in order; InputError with what to do where the hub cannot be reached."""
    for number, value in enumerate(_stream(split), 1):
        yield RawRow(number, None, plain_value(value), member_row=number)


def _stream(split: HubSplit) -> Iterator[Any]:
    # `datasets` raises whatever its network, file system and parser layers raise; each of them
    # means the same to the user, and the cause is kept for --debug.
    try:
        import datasets

        rows = datasets.load_dataset(
            split.repository,
            name=split.config,
            data_dir=split.data_dir,
            split=split.split,
            revision=split.revision,
            streaming=True,
        )
        yield from rows
    except Exception as error:
        raise InputError(
            f"cannot read {split.repository} ({split.label}, revision {split.revision}) from the "
            f"hub: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}. "
            "Check the name, the revision and the network, or download the files and use `path:`"
        ) from error
