"""What people wrote into a card is there after the next build; what mixer wrote is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from mixer.cards.hand_written import MAX_BYTES, hand_written, with_hand_written
from mixer.errors import InputError

RECIPE = """
name: tea
seed: 1
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl, license: mit}
mix: {rows: ROWS}
"""
MINE = """
## Why we made it

For tea.

```md
## Composition
not a heading
```

### Who paid

Nobody.

# A second title

It stays.

Set below
---------

So does this.
"""


@pytest.fixture
def rebuilt(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> Callable[..., str]:
    """Edits the card of a built mixture, builds it again with other rows, returns the new card."""
    write_rows(
        "tasks.jsonl", [{"instruction": f"Name tea {n}.", "output": "Assam"} for n in range(9)]
    )

    def run(edit: Callable[[str], str], rows: int = 4) -> str:
        out, _ = build_recipe(RECIPE.replace("ROWS", "9"))
        card = out / "README.md"
        card.write_text(edit(card.read_text(encoding="utf-8")), encoding="utf-8")
        out, _ = build_recipe(RECIPE.replace("ROWS", str(rows)))
        return (out / "README.md").read_text(encoding="utf-8")

    return run


def test_sections_of_ours_stay_at_the_end_in_their_order(rebuilt: Callable[..., str]) -> None:
    fresh = rebuilt(lambda card: card)
    card = rebuilt(lambda card: card.replace("## Composition", f"{MINE}\n## Composition", 1))
    assert card == f"{fresh}{MINE}"
    assert "4 rows in `sft`" in card


def test_a_section_named_like_one_of_mixers_is_replaced(rebuilt: Callable[..., str]) -> None:
    fresh = rebuilt(lambda card: card)
    edited = "## Licence\n\nDo as you like.\n\n## Repeats\n\nNone, I believe.\n"
    assert rebuilt(lambda card: f"{card}\n{edited}") == fresh
    assert "sections written by mixer are replaced at each build" in fresh


def test_keys_that_mixer_does_not_write_stay(rebuilt: Callable[..., str]) -> None:
    mine = "pretty_name: Tea, all of it\ntags:\n- mixer\n- tea\nviewer: false\ndataset_info: [x]\n"
    card = rebuilt(
        lambda card: (
            card.replace("tags:\n- mixer\n", "")
            .replace("pretty_name: tea\n", mine)
            .replace("license: mit", "license: cc0-1.0")
        )
    )
    data = DatasetCard(card).data.to_dict()
    assert data["pretty_name"] == "Tea, all of it"
    assert data["tags"] == ["mixer", "tea"]
    assert data["viewer"] is False
    assert data["license"] == "mit"
    assert "dataset_info" not in data


def test_built_again_and_again_it_is_the_same(rebuilt: Callable[..., str]) -> None:
    once = rebuilt(lambda card: card.replace("tags:", "viewer: false\ntags:") + MINE)
    assert rebuilt(lambda card: once) == once


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"---\na: [\n---\n## Mine\n", "its front matter is no YAML: .*line 3"),
        (b"---\n- a\n---\n## Mine\n", "must hold `key: value` lines"),
        (b"\xff\xfe## Mine\n", "utf-8"),
        (b"a" * (MAX_BYTES + 1), "more than 4 MiB"),
    ],
)
def test_a_card_that_cannot_be_read_stops_the_build_at_once(
    build_recipe: Callable[..., Any],
    rebuilt: Callable[..., str],
    tmp_path: Path,
    text: bytes,
    why: str,
) -> None:
    rebuilt(lambda card: card)
    card = tmp_path / "out" / "README.md"
    card.write_bytes(text)
    with pytest.raises(InputError, match=rf"cannot read .*README.md: .*{why}.*mend it"):
        build_recipe(RECIPE.replace("ROWS", "4"))
    assert card.read_bytes() == text


def test_text_without_headings_or_front_matter_is_no_section(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("mine, all mine\n", encoding="utf-8")
    assert hand_written(path) == hand_written(tmp_path / "none.md")
    assert with_hand_written("card", hand_written(path)) == "card"
