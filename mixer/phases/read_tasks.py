"""The tasks that read a recipe's sources: files grouped into tasks of like size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mixer.code_key import code_key
from mixer.phases.read import ReadTask
from mixer.recipe.model import Recipe, Source
from mixer.sources.files import SourceFile, find_files
from mixer.sources.hub import HubSplit
from mixer.sources.standard_input import STANDARD_INPUT, kept_input
from mixer.storage import key_of

TASK_BYTES = 64 << 20
# Text files of instruction data shrink to about a quarter under gzip.
_COMPRESSION = 4
_COMPRESSED = (".gz", ".tgz", ".zst", ".bz2", ".xz", ".zip", ".parquet")


def read_tasks(
    recipe: Recipe, licenses: dict[str, str], work: Path, shard_rows: int
) -> list[ReadTask]:
    """The tasks of all sources in canonical order."""
    return [
        _task(recipe, name, licenses[name], origin, (work, shard_rows))
        for name, source in recipe.sources.items()
        for origin in _origins(name, source, work)
    ]


Origin = list[SourceFile] | HubSplit


def _origins(name: str, source: Source, work: Path) -> list[Origin]:
    if source.hub is not None:
        revision = source.revision or ""
        return [HubSplit(source.hub, revision, source.split, source.config, source.data_dir)]
    if source.paths == [STANDARD_INPUT]:
        return [[kept_input(work / "stdin")]]
    return [*_groups(find_files(source.paths, name))]


def _groups(files: list[SourceFile]) -> Iterator[list[SourceFile]]:
    """Consecutive files of about TASK_BYTES of text together."""
    group: list[SourceFile] = []
    size = 0
    for file in files:
        compressed = file.path.lower().endswith(_COMPRESSED)
        text_bytes = file.size_bytes * (_COMPRESSION if compressed else 1)
        if group and size + text_bytes > TASK_BYTES:
            yield group
            group, size = [], 0
        group.append(file)
        size += text_bytes
    if group:
        yield group


def _task(
    recipe: Recipe, name: str, license: str, origin: Origin, place: tuple[Path, int]
) -> ReadTask:
    work, shard_rows = place
    source = recipe.sources[name]
    stop = recipe.on_bad_row == "stop"
    made = [source.format, source.options, source.unusable, source.mask]
    facts = [*made, license, name, stop, shard_rows, origin]
    folder = work / "read" / f"{name}-{key_of(code_key(), facts)}"
    files, hub = (origin, None) if isinstance(origin, list) else ([], origin)
    return ReadTask(str(folder), name, source, license, files, hub, stop, shard_rows)
