"""The bytes of an upstream row, cut out of its file again, if that is at hand and still the same.

A file lies where the recipe in the mixture finds it (its paths taken from this folder, as by `build
--locked`), or somewhere below a folder that is named. Its SHA-256 decides whether it is the one.
"""

from __future__ import annotations

import glob
from pathlib import Path
from typing import NamedTuple

import msgspec

from mixer.errors import MixerError
from mixer.phases.accounts import files_read, read_summary
from mixer.phases.read import FileFacts, layout_of
from mixer.recipe.load import read_recipe
from mixer.sources.containers import raw_rows
from mixer.sources.files import find_files
from mixer.sources.opened import sha256_of

_MOST_CHARACTERS = 4000


class RowPlace(NamedTuple):
    """An upstream row: `row` counts from 1 in `file`, a label."""

    source: str
    file: str
    row: int


class Upstream(msgspec.Struct, frozen=True):
    """`raw`: the row's bytes as text, of `characters` the first 4,000, from the file at `path`; or
    `missing`: why it cannot be shown."""

    path: str | None = None
    raw: str | None = None
    characters: int = 0
    missing: str | None = None


def upstream(mixture: Path, place: RowPlace, data: Path | None) -> Upstream:
    """`data`: a folder with the file somewhere in it."""
    own = files_read(mixture, place.source)
    facts = next((each for each in own if each.file == place.file), None)
    if facts is None:
        return Upstream(missing="files.jsonl does not name the file")
    if facts.sha256 is None:
        return Upstream(missing=f"it is on the hub, revision {facts.revision}")
    try:
        found = _below(data, place.file) if data else _by_recipe(mixture, place)
        path = _unchanged(found, facts)
        if path is None:
            return Upstream(missing=_not_there(found, data))
        return _cut(mixture, path, place)
    except (MixerError, OSError) as error:
        return Upstream(missing=f"it cannot be read: {error}")


def bounded(text: str) -> str:
    return text[:_MOST_CHARACTERS]


def _below(data: Path, label: str) -> list[str]:
    """Files of that name, first those whose folders are the label's, too."""
    named = data.rglob(glob.escape(Path(label).name))
    paths = [path.as_posix() for path in named if path.is_file()]
    return sorted(paths, key=lambda path: (not path.endswith(f"/{label}"), path))


def _by_recipe(mixture: Path, place: RowPlace) -> list[str]:
    text = (mixture / "recipe.yaml").read_text(encoding="utf-8")
    source = read_recipe(text, Path("recipe")).sources[place.source]
    files = find_files(source.paths, place.source)
    return [file.path for file in files if file.label == place.file]


def _unchanged(paths: list[str], facts: FileFacts) -> str | None:
    sized = (path for path in paths if Path(path).stat().st_size == facts.size_bytes)
    return next((path for path in sized if sha256_of(path) == facts.sha256), None)


def _not_there(found: list[str], data: Path | None) -> str:
    if found:
        return f"{found[0]} has changed since it was read: its SHA-256 is another one"
    return f"no such file below {data}" if data else "its file is not there: name its --data folder"


def _cut(mixture: Path, path: str, place: RowPlace) -> Upstream:
    sources = {source.name: source.format for source in read_summary(mixture).sources}
    layout = layout_of(sources[place.source])
    for raw in raw_rows(path, layout):
        if raw.row == place.row:
            text = raw.text().decode(errors="backslashreplace")
            return Upstream(path, bounded(text), len(text))
    return Upstream(path, missing=f"{path} has no row {place.row}")
