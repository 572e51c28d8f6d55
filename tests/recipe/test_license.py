"""Whose word counts for a source's licence, and that nothing is overridden without a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mixer.errors import RecipeError
from mixer.recipe.load import load_recipe

TASK = {
    "Definition": ["Answer."],
    "Instance License": ["CC BY-NC 4.0"],
    "Instances": [{"id": "1", "input": "Which tea?", "output": ["Assam."]}],
}


def _recipe(stated: str) -> str:
    return f"name: t\nsources:\n  s: {{format: super_ni, path: data/t.jsonl{stated}}}\n"


@pytest.mark.parametrize(
    ("stated", "written", "use"),
    [
        ("", "cc-by-nc-4.0", "non_commercial"),
        (", license: MIT", "cc-by-nc-4.0", "non_commercial"),
        (", license: {id: MIT, because: the owner said so}", "mit", "commercial"),
    ],
)
def test_whose_word_counts(
    build_recipe: Callable[..., Any],
    write_rows: Callable[[str, list[Any]], Path],
    stated: str,
    written: str,
    use: str,
) -> None:
    write_rows("t.jsonl", [TASK])
    out, summary = build_recipe(_recipe(stated))
    row = pq.read_table(out / "data" / "sft", partitioning=None).to_pylist()[0]
    assert (row["license"], row["license_use"]) == (written, use)
    assert summary.licensing["sft"].verdict.use == use
    card = (out / "README.md").read_text(encoding="utf-8")
    assert ("the owner said so" in card) == ("because" in stated)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("hh_rlhf, path: a, license: apache-2.0", "3: .*`hh_rlhf` says mit: .*needs a reason"),
        ("hh_rlhf, path: a, license: {id: apache-2.0, because: ' '}", "because: say why"),
        ("hh_rlhf, path: a, license: {id: apache-2.0}", "missing required field `because`"),
        ("alpaca, path: a, license: ' '", "license: name a licence, or leave the key out"),
        ("alpaca, path: a, license: {id: '', because: x}", "license: name a licence"),
    ],
)
def test_against_a_card_it_needs_a_reason(tmp_path: Path, source: str, words: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(f"name: t\nsources:\n  s: {{format: {source}}}\n", encoding="utf-8")
    with pytest.raises(RecipeError, match=words):
        load_recipe(path)


def test_the_cards_own_word_may_be_written_in_any_way(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    text = "name: t\nsources:\n  s: {format: hh_rlhf, path: a, license: MIT License}\n"
    path.write_text(text, encoding="utf-8")
    assert load_recipe(path).sources["s"].license == "MIT License"


def test_a_reason_is_one_line_of_the_card(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    write_rows("t.jsonl", [TASK])
    out, _ = build_recipe(_recipe(', license: {id: MIT, because: "so\\n## Sources\\nsaid"}'))
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "by the recipe: so ## Sources said\n" in card


def test_the_card_says_of_several_licences_what_all_of_them_allow(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    write_rows("t.jsonl", [TASK | {"Instance License": ["MIT", "CC BY-NC-SA 4.0"]}])
    out, _ = build_recipe(_recipe(""))
    card = (out / "README.md").read_text(encoding="utf-8")
    cells = "mit AND cc-by-nc-sa-4.0 | 1 | no commercial use | attribution, share alike |"
    assert cells in card
