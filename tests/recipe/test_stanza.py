"""Recipes that mixer writes are recipes that it reads, whatever the files are called."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mixer.column_text import template_of
from mixer.recipe.load import read_recipe
from mixer.recipe.stanza import Stanza, recipe_text, source_name

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(NAMES, NAMES.filter(lambda name: "\x00" not in name), NAMES)
def test_any_path_and_note_come_back(name: str, path: str, note: str) -> None:
    stanza = Stanza(name, "alpaca", [f"/d/{path}"], {}, None, None, [note])
    read = read_recipe(recipe_text([stanza]), Path("/d/recipe.yaml"))
    ((found, source),) = read.sources.items()
    assert found == source_name(name)
    assert source.paths == [f"/d/{path}".replace("${", "[$]{")]


@given(NAMES.filter(lambda name: not {"{", "}", "$"} & set(name)))
def test_any_column_comes_back(column: str) -> None:
    assert template_of(column) is None
    settings = {"map": {"prompt": column, "answer": "no"}}
    stanza = Stanza("a", "columns", ["/d/a"], settings, None, None, [])
    read = read_recipe(recipe_text([stanza]), Path("/d/recipe.yaml"))
    assert read.sources["a"].options.map.prompt == column
    assert read.sources["a"].options.map.answer == "no"


def test_names_are_made_unlike_and_read_as_texts() -> None:
    stanzas = [
        Stanza(name, "hh_rlhf", ["/d/a"], {}, "hh_rlhf", "mit", [])
        for name in ("12", "12", "é", "null")
    ]
    read = read_recipe(recipe_text(stanzas), Path("/d/recipe.yaml"))
    assert list(read.sources) == ["12", "12-2", "data", "null"]
