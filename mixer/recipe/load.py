"""A recipe file → a Recipe, or one sentence with the line and the nearest known name."""

from __future__ import annotations

import os
from pathlib import Path as FilePath
from typing import Any

import msgspec

from mixer import steps
from mixer.ablation.design import Ablate
from mixer.errors import MixerError, RecipeError
from mixer.mixture.goals import Goals
from mixer.nearest import did_you_mean
from mixer.paths import named_paths
from mixer.recipe.check_goals import check_goals
from mixer.recipe.decontaminate import read_decontaminate
from mixer.recipe.model import OnBadRow, Recipe, Step
from mixer.recipe.preset import with_preset
from mixer.recipe.sources import NAME, located, read_sources
from mixer.recipe.values import known_keys, mapping, value_of
from mixer.recipe.yaml_text import Document, Path
from mixer.resources import folder
from mixer.schema import RECORD

TOP_KEYS = (
    "name",
    "seed",
    "on_bad_row",
    "sources",
    "annotate",
    "screen",
    "dedup",
    "decontaminate",
    "mix",
    "ablate",
    "export",
)
EXPORTS = ("huggingface", "parquet", "jsonl")
# Every recipe gets these two: the card and the drawing need them.
ALWAYS_ANNOTATED = ("length", "component", "score")
# Steps that read the columns of others come after them, whatever order the recipe names.
ANNOTATE_ORDER = ("language", "task_type", "length", "component", "score")


def find_recipe(recipe: str) -> FilePath:
    """The file of that path, or the shipped recipe of that name."""
    path = FilePath(recipe)
    if path.is_file():
        return path
    shipped = {file.stem: file for file in folder("recipes").glob("*.yaml")}
    if recipe in shipped:
        return shipped[recipe]
    raise RecipeError(f"no recipe file {recipe!r}, and no shipped one: {_near(recipe, shipped)}")


def load_recipe(path: FilePath) -> Recipe:
    """Reads and checks a recipe; relative paths in it are meant from its folder. MIXER_DATA is the
    folder of the shipped samples where it is not set."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"cannot read the recipe {path}: {error}") from error
    return read_recipe(text, path)


def read_recipe(text: str, path: FilePath) -> Recipe:
    """The recipe in a text that lies, or is taken to lie, at `path`."""
    samples = str(folder("samples"))
    data = os.environ.get("MIXER_DATA", samples)
    variables = {"MIXER_SAMPLES": samples, "MIXER_DATA": data}
    return _recipe(Document(text, str(path), variables), text, path.resolve().parent)


def _recipe(document: Document, text: str, base: FilePath) -> Recipe:
    top = mapping(document, document.value, ())
    known_keys(document, top, (), TOP_KEYS)
    if "name" not in top:
        raise document.error((), "a recipe needs a name: add `name: my-mixture`")
    name = value_of(document, top["name"], str, ("name",))
    if not NAME.fullmatch(name):
        raise document.error(("name",), "use letters, digits, '.', '_' and '-'")
    sources = read_sources(document, top.get("sources"), base)
    annotate = _annotate(document, top)
    stated = _goals(document, top.get("mix"))
    goals, sources, notes = with_preset(document, stated, sources, annotate)
    recipe = Recipe(
        name=name,
        seed=value_of(document, top.get("seed", 0), int, ("seed",)),
        on_bad_row=value_of(
            document, top.get("on_bad_row", "quarantine"), OnBadRow, ("on_bad_row",)
        ),
        sources=sources,
        annotate=annotate,
        screen=tuple(_steps(document, top, "screen")),
        dedup=tuple(_steps(document, top, "dedup")),
        decontaminate=read_decontaminate(document, top.get("decontaminate"), base),
        mix=goals,
        ablate=_ablate(document, top.get("ablate")),
        export=_exports(document, top.get("export") or []),
        text=text,
        notes=notes,
    )
    check_goals(document, recipe)
    return recipe


def default_steps(language: bool) -> tuple[Step, ...]:
    """All annotations with their default settings, `language` if it is wanted."""
    names = [name for name in ANNOTATE_ORDER if language or name != "language"]
    return tuple(Step(name, steps.step_type("annotate", name)()) for name in names)


def _annotate(document: Document, top: dict[str, Any]) -> tuple[Step, ...]:
    found = {step.name: step for step in _steps(document, top, "annotate")}
    for name in ALWAYS_ANNOTATED:
        found.setdefault(name, Step(name, steps.step_type("annotate", name)()))
    needed = {column for step in _steps(document, top, "screen") for column in step.settings.reads}
    added = {column for step in found.values() for column in step.settings.adds.names}
    for column in sorted(needed - added - set(RECORD.names)):
        sentence = f"a screen needs the column {column!r}: add the step that makes it"
        raise document.error(("screen",), f"{sentence} to `annotate`")
    if len(added) < sum(len(step.settings.adds) for step in found.values()):
        raise document.error(("annotate",), "two steps make a column of the same name")
    rank = {name: number for number, name in enumerate(ANNOTATE_ORDER)}
    ordered = sorted(found, key=lambda name: (rank.get(name, len(rank)), name))
    return tuple(found[name] for name in ordered)


def _steps(document: Document, top: dict[str, Any], kind: str) -> list[Step]:
    """A list whose items are a step's name, or one name with its settings."""
    items = top.get(kind) or []
    if not isinstance(items, list):
        raise document.error((kind,), "must be a list of steps, each `name` or `name: {settings}`")
    return [_step(document, item, kind, (kind, number)) for number, item in enumerate(items)]


def _step(document: Document, item: Any, kind: str, path: Path) -> Step:
    if isinstance(item, str):
        item = {item: {}}
    named = mapping(document, item, path)
    if len(named) != 1:
        raise document.error(path, "name one step an item: `- name: {settings}`")
    (name, settings), *_ = named.items()
    try:
        step = steps.step_type(kind, name)
    except MixerError as error:
        raise document.error((*path, name), str(error)) from error
    place = (*path, name)
    return Step(name, _located(value_of(document, settings or {}, step, place), document, place))


def _located(settings: Any, document: Document, place: Path) -> Any:
    """Paths among a step's settings are meant from the recipe's folder."""
    base = FilePath(document.name).resolve().parent
    found: dict[str, str | tuple[str, ...]] = {}
    for field in settings.paths:
        value = getattr(settings, field)
        paths = [value] if isinstance(value, str) else value or ()
        there = tuple(located(each, base) for each in paths)
        for path in there:
            if not named_paths(path):
                raise document.error((*place, field), f"{path} is not there")
        if there:
            found[field] = there[0] if isinstance(value, str) else there
    return msgspec.structs.replace(settings, **found)


def _goals(document: Document, value: Any) -> Goals:
    goals: Goals = value_of(document, value or {}, Goals, ("mix",))
    try:
        goals.check()
    except RecipeError as error:
        raise document.placed(("mix",), error) from error
    return goals


def _ablate(document: Document, value: Any) -> Ablate:
    wanted: Ablate = value_of(document, value or {}, Ablate, ("ablate",))
    try:
        wanted.check()
    except RecipeError as error:
        raise document.placed(("ablate",), error) from error
    return wanted


def _exports(document: Document, value: Any) -> tuple[str, ...]:
    exports: tuple[str, ...] = value_of(document, value, tuple[str, ...], ("export",))
    for number, name in enumerate(exports):
        if name not in EXPORTS:
            sentence = f"unknown export {name!r}: {did_you_mean(name, EXPORTS)}"
            raise document.error(("export", number), sentence)
    return exports


def _near(name: str, known: dict[str, FilePath]) -> str:
    return did_you_mean(name, known) if known else "none is installed"
