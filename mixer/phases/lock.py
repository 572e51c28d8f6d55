"""The lock of a mixture (mixture.lock.json): all that its bytes depend on, and their hashes.

Paths are left out, since the same files may lie elsewhere: an input is known by its source, its
label and its SHA-256. README.md is no output here, because people write in it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from mixer import __version__
from mixer.code_key import code_key
from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.paths import named_paths
from mixer.phases.read import FileFacts
from mixer.phases.rows import Rows
from mixer.recipe.model import Recipe, Step
from mixer.sources.opened import sha256_of
from mixer.storage import write_json

LOCK = "mixture.lock.json"
# Those whose code makes bytes of the mixture, or decides about rows.
LIBRARIES = (
    "datasets",
    "langdetect",
    "msgspec",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "rapidfuzz",
    "ruamel.yaml",
    "scipy",
    "tokenizers",
)
_KINDS = ("annotate", "screen", "dedup")
# A lock has a line or two for each file; a longer one is no lock.
_MOST_BYTES = 256 << 20
_WRITTEN_IN = frozenset({LOCK, "README.md"})


class Input(msgspec.Struct, frozen=True, order=True):
    """A file that was read, or a split of the hub at a revision; `file` is its label."""

    source: str
    file: str
    size_bytes: int
    sha256: str | None
    revision: str | None


class Dropped(msgspec.Struct, frozen=True):
    """What a step dropped: how many records, and a hash of their ids in order."""

    step: str
    records: int
    ids: str


class Output(msgspec.Struct, frozen=True):
    """A file of the mixture, `path` below its folder."""

    path: str
    size_bytes: int
    sha256: str


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`code` is a hash of mixer's own modules; `recipe` the text, `resolved` what it came to, with
    every default; `libraries` {name: version}; `removed` the certificates of what was removed after
    the build."""

    mixer: str
    code: str
    python: str
    libraries: dict[str, str]
    recipe: str
    resolved: Any
    inputs: list[Input]
    dropped: list[Dropped]
    outputs: list[Output]
    removed: list[str] = []


class HashTask(msgspec.Struct, frozen=True):
    """Hashes the file `path` below `folder`."""

    folder: str
    path: str

    def run(self) -> Output:
        place = Path(self.folder, self.path)
        try:
            return Output(self.path, place.stat().st_size, sha256_of(str(place)))
        except OSError as error:
            raise InputError(f"cannot read {place}: {error.strerror}") from error


def write_lock(
    folder: Path, recipe: Recipe, read: tuple[Rows, list[FileFacts]], written: list[Output]
) -> Lock:
    """`read`: the rows, and the files they came from; `written`: every file of the folder."""
    rows, facts = read
    lock = Lock(
        mixer=__version__,
        code=code_key(),
        python=platform.python_version(),
        libraries={name: version(name) for name in LIBRARIES},
        recipe=recipe.text,
        resolved=resolved(recipe),
        inputs=inputs(recipe, facts),
        dropped=_dropped(rows),
        outputs=sorted(written, key=lambda each: each.path),
    )
    write_json(folder / LOCK, lock)
    return lock


def read_lock(path: Path) -> Lock:
    """Of a file, or of a mixture's folder."""
    path = path / LOCK if path.is_dir() else path
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path} is not a lock that mixer wrote: it is over 256 MiB")
        return msgspec.json.decode(path.read_bytes(), type=Lock)
    except OSError as error:
        raise InputError(f"cannot read the lock {path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not a lock that mixer wrote: {error}") from error


def resolved(recipe: Recipe) -> Any:
    """All that the recipe says, with defaults, as plain values without paths."""
    value = msgspec.json.decode(msgspec.json.encode(recipe))
    del value["text"], value["notes"]
    evaluated = value["decontaminate"] or {"against": {}, "where": None}
    evaluated["where"] = None
    for source in [*value["sources"].values(), *evaluated["against"].values()]:
        source["path"] = None
    for kind in _KINDS:
        for step, plain in zip(getattr(recipe, kind), value[kind], strict=True):
            plain["settings"] |= dict.fromkeys(step.settings.paths)
    return value


def inputs(recipe: Recipe, facts: list[FileFacts]) -> list[Input]:
    """The files read, and those that steps read beside them."""
    found = [
        Input(each.source, each.file, each.size_bytes, each.sha256, each.revision) for each in facts
    ]
    for kind in _KINDS:
        for step in getattr(recipe, kind):
            name = f"{kind}.{step.name}"
            for path, label in _files_of(step):
                digest = sha256_of(str(path))
                found.append(Input(name, label, path.stat().st_size, digest, None))
    return sorted(found, key=lambda each: (each.source, each.file))


def outputs(folder: Path, engine: LocalEngine) -> list[Output]:
    """Every file of a mixture but those that people write in, sorted by path."""
    return engine.map([HashTask(str(folder), path) for path in output_paths(folder)])


def output_paths(folder: Path) -> list[str]:
    """Links to files count, as the hub's cache has them; links to folders are not followed."""
    files = (path for path in folder.rglob("*") if path.is_file())
    paths = sorted(path.relative_to(folder).as_posix() for path in files)
    return [path for path in paths if path not in _WRITTEN_IN]


def _files_of(step: Step) -> Iterator[tuple[Path, str]]:
    """Files and folders that its settings name, each file with a label."""
    for field in step.settings.paths:
        value = getattr(step.settings, field)
        stated = [value] if isinstance(value, str) else value or ()
        for path in (Path(path) for each in stated for path in named_paths(each)):
            if path.is_file():
                yield path, path.name
            for below in sorted((path / "data").rglob("*.parquet")):
                yield below, f"{path.name}/{below.relative_to(path).as_posix()}"


def _dropped(rows: Rows) -> list[Dropped]:
    steps = [step for step, _ in rows.reasons]
    ids = rows.column("id")
    found = []
    for step in dict.fromkeys(steps):
        codes = [code for code, name in enumerate(steps) if name == step]
        row = np.flatnonzero(np.isin(rows.reason, codes))
        digest = blake2b(digest_size=16)
        for identity in ids.take(row).to_pylist():
            digest.update(f"{identity}\n".encode(errors="surrogatepass"))
        found.append(Dropped(step, len(row), digest.hexdigest()))
    return found
