"""A recipe file → a Recipe, or one sentence with the line and the nearest known name."""

from __future__ import annotations

import os
import re
from pathlib import Path as FilePath
from typing import Any

import msgspec

from mixer import formats, steps
from mixer.ablation.design import Ablate
from mixer.errors import MixerError, RecipeError
from mixer.mixture.goals import Goals, SubsetGoals
from mixer.nearest import did_you_mean
from mixer.recipe.check_goals import check_goals
from mixer.recipe.model import OnBadRow, Recipe, Source, Step
from mixer.recipe.preset import with_preset
from mixer.recipe.yaml_text import Document, Path
from mixer.resources import folder

TOP_KEYS = (
    "name",
    "seed",
    "on_bad_row",
    "sources",
    "annotate",
    "screen",
    "dedup",
    "mix",
    "ablate",
    "export",
)
EXPORTS = ("huggingface", "parquet", "jsonl")
# Every recipe gets these two: the card and the drawing need them.
ALWAYS_ANNOTATED = ("length", "component", "score")
# Steps that read the columns of others come after them, whatever order the recipe names.
ANNOTATE_ORDER = ("language", "task_type", "length", "component", "score")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_REVISION = re.compile(r"[0-9a-f]{40}")


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
    samples = str(folder("samples"))
    data = os.environ.get("MIXER_DATA", samples)
    variables = {"MIXER_SAMPLES": samples, "MIXER_DATA": data}
    return _recipe(Document(text, str(path), variables), text, path.resolve().parent)


def _recipe(document: Document, text: str, base: FilePath) -> Recipe:
    top = _mapping(document, document.value, ())
    _known_keys(document, top, (), TOP_KEYS)
    name = _value(document, top.get("name"), str, ("name",))
    if not _NAME.fullmatch(name):
        raise document.error(("name",), "use letters, digits, '.', '_' and '-'")
    sources = _sources(document, top.get("sources"), base)
    annotate = _annotate(document, top)
    stated = _goals(document, top.get("mix"))
    goals, sources, notes = with_preset(document, stated, sources, annotate)
    recipe = Recipe(
        name=name,
        seed=_value(document, top.get("seed", 0), int, ("seed",)),
        on_bad_row=_value(document, top.get("on_bad_row", "quarantine"), OnBadRow, ("on_bad_row",)),
        sources=sources,
        annotate=annotate,
        screen=tuple(_steps(document, top, "screen")),
        dedup=tuple(_steps(document, top, "dedup")),
        mix=goals,
        ablate=_ablate(document, top.get("ablate")),
        export=_exports(document, top.get("export") or []),
        text=text,
        notes=notes,
    )
    check_goals(document, recipe)
    return recipe


def default_steps(language: bool) -> tuple[Step, ...]:
    """All annotations with their default settings; `language` is the slow one."""
    names = [name for name in ANNOTATE_ORDER if language or name != "language"]
    return tuple(Step(name, steps.step_type("annotate", name)()) for name in names)


def _sources(document: Document, value: Any, base: FilePath) -> dict[str, Source]:
    sources = _mapping(document, value, ("sources",))
    if not sources:
        raise document.error(("sources",), "name at least one source")
    return {name: _source(document, name, fields, base) for name, fields in sources.items()}


def _source(document: Document, name: str, value: Any, base: FilePath) -> Source:
    path: Path = ("sources", name)
    if not _NAME.fullmatch(name):
        raise document.error(path, "use letters, digits, '.', '_' and '-' in a source's name")
    fields = _mapping(document, value, path)
    if not isinstance(fields.get("format"), str):
        raise document.error(path, f"needs `format`; known: {', '.join(formats.names())}")
    try:
        options = formats.options_type(fields["format"])
    except MixerError as error:
        raise document.error((*path, "format"), str(error)) from error
    common = {name for name in Source.__struct_fields__ if name != "options"}
    own = set(options.__struct_fields__)
    _known_keys(document, fields, path, common | own)
    settings = {key: item for key, item in fields.items() if key in own}
    plain = {key: item for key, item in fields.items() if key in common}
    source: Source = _value(document, plain, Source, path)
    _check_origin(document, source, path)
    _check_source_goals(document, source, path)
    located = tuple(_located(pattern, base) for pattern in source.paths) or None
    return msgspec.structs.replace(
        source, path=located, options=_value(document, settings, options, path)
    )


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


def _located(pattern: str, base: FilePath) -> str:
    return os.path.join(base, os.path.expanduser(pattern))


def _annotate(document: Document, top: dict[str, Any]) -> tuple[Step, ...]:
    found = {step.name: step for step in _steps(document, top, "annotate")}
    for name in ALWAYS_ANNOTATED:
        found.setdefault(name, Step(name, steps.step_type("annotate", name)()))
    needed = {column for step in _steps(document, top, "screen") for column in step.settings.reads}
    added = {column for step in found.values() for column in step.settings.adds.names}
    for column in sorted(needed - added):
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
    named = _mapping(document, item, path)
    if len(named) != 1:
        raise document.error(path, "name one step an item: `- name: {settings}`")
    (name, settings), *_ = named.items()
    try:
        step = steps.step_type(kind, name)
    except MixerError as error:
        raise document.error((*path, name), str(error)) from error
    return Step(name, _value(document, settings or {}, step, (*path, name)))


def _goals(document: Document, value: Any) -> Goals:
    goals: Goals = _value(document, value or {}, Goals, ("mix",))
    try:
        goals.check()
    except RecipeError as error:
        raise document.placed(("mix",), error) from error
    return goals


def _ablate(document: Document, value: Any) -> Ablate:
    wanted: Ablate = _value(document, value or {}, Ablate, ("ablate",))
    try:
        wanted.check()
    except RecipeError as error:
        raise document.placed(("ablate",), error) from error
    return wanted


def _exports(document: Document, value: Any) -> tuple[str, ...]:
    exports: tuple[str, ...] = _value(document, value, tuple[str, ...], ("export",))
    for number, name in enumerate(exports):
        if name not in EXPORTS:
            sentence = f"unknown export {name!r}: {did_you_mean(name, EXPORTS)}"
            raise document.error(("export", number), sentence)
    return exports


def _mapping(document: Document, value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise document.error(path, "must be a mapping (`key: value` lines)")
    return value


def _known_keys(
    document: Document, value: dict[str, Any], path: Path, known: set[str] | tuple[str, ...]
) -> None:
    for key in value:
        if key not in known:
            raise document.error((*path, key), f"unknown key: {did_you_mean(key, known)}")


def _value(document: Document, value: Any, kind: Any, path: Path) -> Any:
    """Converts to `kind`; the error names the line of the very key that does not fit."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        _known_keys(document, value, path, kind.__struct_fields__)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        sentence, _, inner = str(error).partition(" - at `$")
        steps_in = re.findall(r"\.([A-Za-z_]+)|\[(\d+)\]", inner)
        deeper = tuple(name or int(index) for name, index in steps_in)
        raise document.error((*path, *deeper), sentence) from error


def _near(name: str, known: dict[str, FilePath]) -> str:
    return did_you_mean(name, known) if known else "none is installed"
