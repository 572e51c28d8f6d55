"""A data file read with a format → the texts of its records, to compare without a recipe."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.formats import options_type
from mixer.phases.file_texts import RecordTexts
from mixer.phases.read import ReadTask, nothing_read
from mixer.recipe.model import Source
from mixer.sources.files import find_files

_SHARD_ROWS = 50_000
_NAME = "files"
_PLACE = re.compile(r".*?:(\d+)(?::\d+)?", re.DOTALL)


def format_texts(path: Path, format: str, scratch: Path) -> RecordTexts:
    """InputError where no row fits the format."""
    source = Source(format=format, path=(str(path),), options=options_type(format)())
    files = find_files([str(path)], _NAME)
    task = ReadTask(str(scratch), _NAME, source, None, files, None, False, _SHARD_ROWS)
    result = task.run()
    if not sum(result.shard_rows):
        raise InputError(f"{path}: {nothing_read([result])}")
    shards = [Path(shard.path) for shard in task.shards(result)]
    ids = [identity for shard in shards for identity in _column(shard, "id")]
    quarantine = scratch / "quarantine.parquet"
    before = len(f"{_NAME}/{files[0].label}")
    if len(result.files) > 1:
        raise InputError(f"{path} holds {len(result.files):,} files: unpack it, and give them")
    bad = [_row_of(identity[before:]) for identity in _column(quarantine, "id")]
    unread = list(zip(bad, _column(quarantine, "reason"), strict=True))
    numbers = np.array([_row_of(each[before:]) for each in ids], np.int64)
    texts = RecordTexts(path, f"format {format}", shards, numbers)
    texts.unread = unread
    return texts


def _column(path: Path, name: str) -> list[str]:
    values: list[str] = pq.read_table(path, columns=[name], partitioning=None).column(0).to_pylist()
    return values


def _row_of(place: str) -> int:
    """Of `:row` or `:row:sub`, with a member of an archive before it or none."""
    found = _PLACE.fullmatch(place)
    assert found is not None
    return int(found[1])
