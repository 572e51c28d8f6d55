"""A recipe's sources: where their rows come from, in which format, and the goals they state."""

from __future__ import annotations

import os
import re
from pathlib import Path as FilePath
from typing import Any

import msgspec

from mixer import formats
from mixer.errors import MixerError, RecipeError
from mixer.mixture.goals import SubsetGoals
from mixer.nearest import did_you_mean
from mixer.recipe.license import check_license
from mixer.recipe.model import Source
from mixer.recipe.values import known_keys, mapping, value_of
from mixer.recipe.yaml_text import Document, Path
from mixer.resources import folder
from mixer.sources.standard_input import STANDARD_INPUT

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
COMMON = frozenset(Source.__struct_fields__) - {"options"}

_REVISION = re.compile(r"[0-9a-f]{40}")


def read_sources(document: Document, value: Any, base: FilePath) -> dict[str, Source]:
    named = mapping(document, value, ("sources",))
    if not named:
        raise document.error(("sources",), "name at least one source")
    return {
        name: read_source(document, ("sources", name), fields, (base, COMMON))
        for name, fields in named.items()
    }


def read_source(
    document: Document, path: Path, value: Any, how: tuple[FilePath, frozenset[str]]
) -> Source:
    """`how`: the recipe's folder, and the keys that sources at this place may have beside those of
    their format."""
    base, common = how
    if not NAME.fullmatch(str(path[-1])):
        raise document.error(path, "use letters, digits, '.', '_' and '-' in a source's name")
    fields = mapping(document, value, path)
    if not isinstance(fields.get("format"), str):
        known = ", ".join(formats.names())
        raise document.error(path, f"needs `format`: try: mixer guess FILE; known: {known}")
    try:
        options = formats.options_type(fields["format"])
    except MixerError as error:
        raise document.error((*path, "format"), str(error)) from error
    own = set(options.__struct_fields__)
    known_keys(document, fields, path, common | own | {"options"})
    plain = {key: item for key, item in fields.items() if key in common}
    source: Source = value_of(document, plain, Source, path)
    _check_origin(document, source, path)
    check_license(document, source, path)
    _check_source_goals(document, source, path)
    paths = tuple(located(pattern, base) for pattern in source.paths) or None
    typed = _options(document, fields, options, path)
    return msgspec.structs.replace(source, path=paths, options=typed)


def _options(
    document: Document, fields: dict[str, Any], kind: type[msgspec.Struct], path: Path
) -> msgspec.Struct:
    """A format's own keys, which stand beside the others or under `options`."""
    beside = {key: item for key, item in fields.items() if key in kind.__struct_fields__}
    at, settings = path, beside
    if "options" in fields:
        for key in beside:
            raise document.error((*path, key), f"`{key}` stands beside `options`: put it there")
        at = (*path, "options")
        settings = mapping(document, fields["options"], at)
    typed: msgspec.Struct = value_of(document, settings, kind, at)
    return typed


def _check_origin(document: Document, source: Source, path: Path) -> None:
    if (source.path is None) == (source.hub is None):
        raise document.error(path, "needs either `path` (files) or `hub` (a data set's name)")
    if source.hub is not None and not _REVISION.fullmatch(source.revision or ""):
        sentence = "needs `revision`, the 40 hexadecimal digits of the commit to read"
        raise document.error(path, f"{sentence}, so that the build can be repeated")
    if source.card is not None and source.card != "none":
        known = [file.stem for file in folder("data_cards").glob("*.md")]
        if source.card not in known:
            sentence = f"no data card {source.card!r}: {did_you_mean(source.card, known)}, or none"
            raise document.error((*path, "card"), sentence)


def _check_source_goals(document: Document, source: Source, path: Path) -> None:
    fields = {name: getattr(source, name) for name in SubsetGoals.__struct_fields__}
    for place, goals in (((), SubsetGoals(**fields)), *_subset_goals(source)):
        try:
            goals.check(".".join(str(part) for part in (*path, *place)))
        except RecipeError as error:
            raise document.placed((*path, *place), error) from error


def _subset_goals(source: Source) -> list[tuple[tuple[str, str], SubsetGoals]]:
    return [(("subsets", name), goals) for name, goals in source.subsets.items()]


def located(pattern: str, base: FilePath) -> str:
    if pattern == STANDARD_INPUT:
        return pattern
    return os.path.join(base, os.path.expanduser(pattern))
