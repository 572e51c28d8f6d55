"""A recipe that is wrong is one sentence with the line and the nearest known name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from mixer.errors import RecipeError
from mixer.recipe.json_schema import json_schema
from mixer.recipe.load import find_recipe, load_recipe
from mixer.recipe.model import Recipe
from mixer.resources import folder

SOURCE = "sources:\n  s: {format: alpaca, path: a.jsonl}\n"


def _load(tmp_path: Path, text: str) -> Recipe:
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"name: t\nsed: 3\n{SOURCE}", r"r.yaml:2: sed: unknown key: did you mean 'seed'\?"),
        (f"name: t\nseed: many\n{SOURCE}", "r.yaml:2: seed: Expected `int`, got `str`"),
        (f"{SOURCE}", "a recipe needs a name"),
        (f"name: a/b\n{SOURCE}", "r.yaml:1: name: use letters"),
        ("name: t\n", "sources"),
        ("name: t\nsources: {}\n", "name at least one source"),
        ("name: t\nsources:\n  s: {format: alpca, path: a}\n", "3: .*did you mean 'alpaca'"),
        ("name: t\nsources:\n  s: {path: a}\n", "3: sources.s: needs `format`"),
        ("name: t\nsources:\n  s: {format: alpaca, pth: a}\n", "sources.s.pth.*mean 'path'"),
        ("name: t\nsources:\n  s:\n    format: shp\n    path: a\n    min_score_ratio: x\n", ":6: "),
        ("name: t\nsources:\n  s: {format: alpaca}\n", "needs either `path`"),
        ("name: t\nsources:\n  s: {format: shp, hub: a/b, path: c}\n", "needs either `path`"),
        ("name: t\nsources:\n  s: {format: shp, hub: a/b, revision: main}\n", "40 hexadecimal"),
        ("name: t\nsources:\n  s: {format: shp, path: a, card: sph}\n", "mean 'shp'"),
        (
            "name: t\nsources:\n  s: {format: shp, path: '${NO_SUCH_PLACE}/a'}\n",
            "export NO_SUCH_PLACE",
        ),
        (f"name: t\n{SOURCE}annotate: [langage]\n", "4: .*did you mean 'language'"),
        (f"name: t\n{SOURCE}screen:\n  - length:\n      max_tokens: 3\n", ":6: .*unknown key"),
        (
            f"name: t\n{SOURCE}screen: [{{language: {{keep: [en]}}}}]\n",
            "the column 'language'",
        ),
        (f"name: t\n{SOURCE}annotate: [{{language: {{detector: cld}}}}]\n", "detector.*langdetect"),
        (
            f"name: t\n{SOURCE}mix: {{shares: {{answer_language: {{en: 1}}}}}}\n",
            "add `language` to `annotate`",
        ),
        (f"name: t\n{SOURCE}dedup: [exact, {{exact: {{on: words}}}}]\n", "dedup.1.exact.on"),
        (f"name: t\n{SOURCE}export: [hugingface]\n", "did you mean 'huggingface'"),
        (f"name: t\n{SOURCE}on_bad_row: ignore\n", "on_bad_row"),
        (f"name: t\n{SOURCE}mix: {{rows: 0}}\n", "at least 1"),
        (f"name: t\n{SOURCE}mix: {{shares: {{form: {{creative: 2}}}}}}\n", "0-1"),
        (
            f"name: t\n{SOURCE}mix:\n  shares:\n    form:\n      creative: 40\n",
            r"r.yaml:7: mix.shares.form.creative is 40; .* did you mean 0.4\?",
        ),
        (f"name: t\n{SOURCE}ablate:\n  simplex: -1\n", "r.yaml:5: ablate.simplex is -1"),
        (f"name: t\n{SOURCE}mix: {{shares: {{language: {{en: 1}}}}}}\n", "add `language` to"),
        (f"name: t\n{SOURCE}mix: {{shares: {{component: {{fedback: 1}}}}}}\n", "'feedback'"),
        (f"name: t\n{SOURCE}mix: {{shares: {{source: {{x: 1}}}}}}\n", "unknown value"),
        (f"name: t\nname: u\n{SOURCE}", "not valid YAML"),
        ("name: [t\n", "not valid YAML"),
        ("- a\n- b\n", "must be a mapping"),
        ("", "must be a mapping"),
    ],
)
def test_one_sentence_with_line_and_nearest_name(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=words) as caught:
        _load(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    text = "name: no\nsources:\n  on: {format: alpaca, path: a}\nmix: {rows: 100_000}\n"
    recipe = _load(tmp_path, text)
    assert recipe.name == "no"
    assert list(recipe.sources) == ["on"]
    assert recipe.mix.rows == 100_000


def test_aliases_cannot_unfold_without_end(tmp_path: Path) -> None:
    levels = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 9))
    with pytest.raises(RecipeError, match="unfolds to more than"):
        _load(tmp_path, f"name: t\nb0: &b0 [x]\n{levels}")


def test_tags_run_no_code(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    text = f"name: !!python/object/apply:os.mkdir ['{marker}']\n{SOURCE}"
    with pytest.raises(RecipeError):
        _load(tmp_path, text)
    assert not marker.exists()


def test_length_component_and_score_are_always_annotated_in_the_order_they_need(
    tmp_path: Path,
) -> None:
    recipe = _load(tmp_path, f"name: t\n{SOURCE}annotate: [component, task_type, language]\n")
    assert [step.name for step in recipe.annotate] == [
        "language",
        "task_type",
        "length",
        "component",
        "score",
    ]


def test_paths_are_relative_to_the_recipe_and_variables_unfold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACE", "/somewhere")
    text = "name: t\nsources:\n  a: {format: alpaca, path: ['x/*.json', '${PLACE}/y']}\n"
    assert _load(tmp_path, text).sources["a"].paths == [str(tmp_path / "x/*.json"), "/somewhere/y"]


def _shipped() -> list[Any]:
    return sorted(folder("recipes").glob("*.yaml"), key=lambda path: path.name)


@pytest.mark.parametrize("path", _shipped(), ids=lambda path: path.stem)
def test_shipped_recipes_load_and_fit_the_schema(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXER_DATA", "/data")
    assert load_recipe(find_recipe(path.stem)).name == path.stem
    value = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    jsonschema.validate(value, json_schema())
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_the_schema_refuses_what_loading_refuses() -> None:
    good = {"name": "t", "sources": {"s": {"format": "shp", "path": "a", "min_score_ratio": 2.0}}}
    jsonschema.validate(good, json_schema())
    for bad in (
        good | {"sed": 1},
        {"name": "t", "sources": {"s": {"format": "alpaca", "path": "a", "min_score_ratio": 2.0}}},
        good | {"mix": {"row": 3}},
        good | {"screen": [{"length": {"max": 3}}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, json_schema())
