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


class _Found(NamedTuple):
    """A file that may be the one, or the archive whose `member` is."""

    path: str
    member: str


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
        same = _unchanged(found, facts)
        if same is None:
            return Upstream(missing=_not_there(found, data))
        return _cut(mixture, same, place)
    except (MixerError, OSError) as error:
        return Upstream(missing=f"it cannot be read: {error}")


def bounded(text: str) -> str:
    return text[:_MOST_CHARACTERS]


def _below(data: Path, label: str) -> list[_Found]:
    """Files of that name, first those whose folders are the label's, too."""
    found = []
    for file, member in _splits(label):
        named = data.rglob(glob.escape(Path(file).name))
        paths = [path.as_posix() for path in named if path.is_file()]
        paths.sort(key=lambda path: (not path.endswith(f"/{file}"), path))
        found += [_Found(path, member) for path in paths]
    return found


def _by_recipe(mixture: Path, place: RowPlace) -> list[_Found]:
    text = (mixture / "recipe.yaml").read_text(encoding="utf-8")
    source = read_recipe(text, Path("recipe")).sources[place.source]
    paths = {file.label: file.path for file in find_files(source.paths, place.source)}
    return [_Found(paths[file], member) for file, member in _splits(place.file) if file in paths]


def _splits(label: str) -> list[tuple[str, str]]:
    """Files that may be meant, with the member: `b/a.zip/x.json` may be a member of `b/a.zip`."""
    parts = label.split("/")
    ends = range(len(parts), 0, -1)
    return [("/".join(parts[:end]), "/".join(parts[end:])) for end in ends]


def _unchanged(found: list[_Found], facts: FileFacts) -> _Found | None:
    sized = (each for each in found if Path(each.path).stat().st_size == facts.size_bytes)
    return next((each for each in sized if sha256_of(each.path) == facts.sha256), None)


def _not_there(found: list[_Found], data: Path | None) -> str:
    if found:
        return f"{found[0].path} has changed since it was read: its SHA-256 is another one"
    return f"no such file below {data}" if data else "its file is not there: name its --data folder"


def _cut(mixture: Path, found: _Found, place: RowPlace) -> Upstream:
    sources = {source.name: source.format for source in read_summary(mixture).sources}
    layout = layout_of(sources[place.source])
    for raw in raw_rows(found.path, layout):
        if (raw.member, raw.member_row) == (found.member, place.row):
            text = raw.text().decode(errors="backslashreplace")
            return Upstream(found.path, bounded(text), len(text))
    return Upstream(found.path, missing=f"{found.path} has no row {place.row}")
