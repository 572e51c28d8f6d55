"""A recipe to start from: sources with the formats that fit them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from mixer.recipe.sources import NAME
from mixer.recipe.yaml_flow import flow


class Stanza(NamedTuple):
    """One source. `card` and `license` are those of its format's data card; `notes` are lines of
    explanation."""

    name: str
    format: str
    paths: list[str]
    settings: dict[str, Any]
    card: str | None
    license: str | None
    notes: list[str]


def recipe_text(stanzas: list[Stanza]) -> str:
    """A whole recipe, ready for `mixer build`."""
    lines = ["# Paths are meant from the folder of this file.", "name: guessed", "sources:"]
    taken: set[str] = set()
    for stanza in stanzas:
        name = _unique(source_name(stanza.name), taken)
        lines += [f"  {name}:", *(f"    {line}" for line in _lines(stanza))]
    return "\n".join(lines) + "\n"


def source_name(text: str) -> str:
    """What is left of a text in the letters that a source's name may have."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")
    return name if NAME.fullmatch(name) else "data"


def _unique(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found)
    return flow(found)


def _lines(stanza: Stanza) -> list[str]:
    paths = [_without_variables(path) for path in stanza.paths]
    path = paths[0] if len(paths) == 1 else paths
    lines = [f"# {_one_line(note)}" for note in stanza.notes]
    lines += [f"format: {stanza.format}", f"path: {flow(path)}"]
    lines += [f"{key}: {flow(value)}" for key, value in stanza.settings.items()]
    if stanza.card is None:
        return [*lines, "license: unknown  # write what upstream says"]
    return [
        *lines,
        f"# The data card `{stanza.card}` says {stanza.license}. If these rows are not that data "
        "set, write `card: none` and their own `license`.",
    ]


def _without_variables(path: str) -> str:
    """A file may be called `${a}.json`, which a recipe would take for a variable."""
    return path.replace("${", "[$]{")


def _one_line(text: str) -> str:
    """Or a name in a file could write a line of the recipe."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
