"""The recipe's evaluation sets and rules: what is wrong is one sentence with its line."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest

from mixer.decontaminate.rules import Rules
from mixer.errors import RecipeError
from mixer.recipe.json_schema import json_schema
from mixer.recipe.load import load_recipe
from mixer.recipe.model import Recipe

SOURCE = {"s": {"format": "alpaca", "path": "a.jsonl"}}


def _load(tmp_path: Path, text: str) -> Recipe:
    path = tmp_path / "r.yaml"
    path.write_text(
        "name: t\nsources: {s: {format: alpaca, path: a.jsonl}}\n" + f"decontaminate: {text}\n",
        encoding="utf-8",
    )
    return load_recipe(path)


def test_without_the_key_nothing_is_looked_for(tmp_path: Path) -> None:
    assert _load(tmp_path, "").decontaminate is None


def test_sets_are_read_as_sources_are(tmp_path: Path) -> None:
    below = "{format: columns, path: x.csv, options: {map: {prompt: q, answer: s}}}"
    beside = "{format: columns, path: x.csv, map: {prompt: q, answer: s}}"
    wanted = _load(tmp_path, f"{{against: {{a: {below}, b: {beside}}}}}").decontaminate
    assert wanted is not None
    assert wanted.against["a"] == wanted.against["b"]
    assert wanted.against["a"].paths == [str(tmp_path / "x.csv")]
    assert wanted.rules == Rules()


@pytest.mark.parametrize(
    ("rules", "units", "least", "needed", "common"),
    [
        (Rules(), 8, 5, 0.5, None),
        (Rules(n=3, coverage=0.9), 3, 3, 0.9, None),
        (Rules(method="any_13gram"), 13, 5, 0.0, 10),
        (Rules(method="any_13gram", common_rows=99, min_units=8), 13, 8, 0.0, 99),
    ],
)
def test_what_is_not_stated_follows_from_the_method(
    rules: Rules, units: int, least: int, needed: float, common: int | None
) -> None:
    assert (rules.units, rules.least_units, rules.needed, rules.common) == (
        units,
        least,
        needed,
        common,
    )


def test_the_schema_knows_the_keys() -> None:
    one = {"gsm8k": {"format": "gsm8k", "path": "a", "calculator": "without"}}
    good = {"name": "t", "sources": SOURCE, "decontaminate": {"against": one, "coverage": 0.5}}
    jsonschema.validate(good, json_schema())
    for bad in (
        {"coverage": 0.5},
        {"against": one, "ngrams": 8},
        {"against": one, "coverage": 2},
        {"against": {"gsm8k": {"format": "gsm8k", "path": "a", "share": 0.5}}},
        {"against": {}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(good | {"decontaminate": bad}, json_schema())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "decontaminate.against: must be a mapping"),
        ("{against: {}}", "decontaminate.against: name at least one"),
        ("{against: {a: {format: gsm8k, path: x}}, ngrams: 8}", "ngrams: unknown key"),
        ("{against: {a: {format: gsm8k, path: x}}, coverage: 2}", "decontaminate.coverage: Exp"),
        ("{against: {a: {format: gsm8k, path: x}}, coverage: 0}", "decontaminate.coverage: Exp"),
        ("{against: {a: {format: gsm8k, path: x}}, n: 0}", "decontaminate.n: Expected"),
        ("{against: {a: {format: gsm8k, path: x}}, method: words}", "decontaminate.method: Inv"),
        ("{against: {a: {format: gsm8k, path: x, share: 0.2}}}", "against.a.share: unknown key"),
        ("{against: {a: {format: gsm8, path: x}}}", "did you mean 'gsm8k'"),
        ("{against: {a: {format: gsm8k}}}", "against.a: needs either `path`"),
        (
            f"{{against: {{a: {{format: gsm8k, hub: b/c, revision: {'a' * 40}}}}}}}",
            "against.a: needs `split`",
        ),
        (
            "{against: {a: {format: gsm8k, path: x, calculator: with, options: {}}}}",
            "stands beside `options`",
        ),
        (
            "{against: {a: {format: gsm8k, path: x}}, method: any_13gram, n: 8}",
            "decontaminate.n is 8; `method: any_13gram` looks for 13-grams",
        ),
        (
            "{against: {a: {format: gsm8k, path: x}}, method: any_13gram, coverage: 0.5}",
            "decontaminate.coverage is 0.5; one 13-gram is enough",
        ),
        (
            "{against: {a: {format: gsm8k, path: x}}, common_rows: 5}",
            "decontaminate.common_rows is 5; only `method: any_13gram`",
        ),
    ],
)
def test_a_wrong_key_is_one_sentence_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=f"r.yaml:3: .*{re.escape(words)}") as caught:
        _load(tmp_path, text)
    assert "\n" not in str(caught.value)
