"""Every shipped data card has typed, complete front matter, and what is wrong in one is said."""

from collections import Counter
from pathlib import Path

import pytest
from bibtex import read_entry

from mixer import formats
from mixer.cards.source_card import card_names, read_card, source_card
from mixer.errors import MixerError
from mixer.resources import folder

SEED_SETS = {
    "instructgpt",
    "flan",
    "super_ni",
    "hh_rlhf",
    "shp",
    "self_instruct",
    "unnatural",
    "constitutional",
    "alpaca",
    "dolly",
}


# The makers of these models published the answers themselves, or the card holds none.
WITHOUT_TERMS = {"hh_rlhf", "constitutional"}
ENTRY = """@misc{leaf2024tea,
  author = {Tea Leaf and {The Pot}},
  title = {Tea},
  year = {2024},
  url = {https://tea.example}
}"""


@pytest.mark.parametrize("name", card_names())
def test_the_card_says_where_its_facts_come_from(name: str) -> None:
    card = source_card(name)
    assert card.name == name
    assert card.references
    assert all(link.startswith("https://") for link in card.references)
    assert set(card.formats) <= set(formats.names())
    assert card.license == "unknown" or card.license_stated_at.startswith("https://")


def test_there_is_a_card_for_each_seed_set_and_each_format_named_after_one() -> None:
    assert set(card_names()) >= SEED_SETS
    for name in formats.names():
        card = formats.default_card(name)
        assert card is None or name in source_card(card).formats


def test_instructgpt_lists_the_ten_use_cases() -> None:
    assert len(source_card("instructgpt").use_cases) == 10


def test_an_unknown_card_names_the_nearest() -> None:
    with pytest.raises(MixerError, match="did you mean 'hh_rlhf'"):
        source_card("hh_rlh")


@pytest.mark.parametrize("name", card_names())
def test_what_a_model_wrote_has_the_terms_of_its_maker(name: str) -> None:
    card = source_card(name)
    if "model" in (card.prompts_made, card.answers_made) and name not in WITHOUT_TERMS:
        assert card.model_terms
    if card.model_terms:
        assert {card.prompts_made, card.answers_made} & {"model", "mixed"}


def test_every_citation_reads_and_its_key_is_its_own() -> None:
    entries = [read_entry(text) for name in card_names() for text in source_card(name).citations]
    assert len(entries) >= len(card_names()) - 2
    assert max(Counter(entry.key for entry in entries).values()) == 1


def test_no_set_comes_from_itself() -> None:
    def ancestors(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"{' <- '.join(path)} <- {name}"
        for parent in source_card(name).parents:
            ancestors(parent, (*path, name))

    for name in card_names():
        ancestors(name, ())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (ENTRY.replace("  title = {Tea},\n", ""), "leaf2024tea: no title"),
        (ENTRY.replace("  author = {Tea Leaf and {The Pot}},\n", ""), "no author"),
        (ENTRY.replace("{The Pot}", "{The Pot"), "braces do not match"),
        (ENTRY.replace("{Tea},", "Tea,"), "no field"),
        (ENTRY.replace("{2024}", "{soon}"), "the year is 'soon'"),
        (ENTRY.removesuffix("}"), "no entry"),
        (ENTRY.replace("leaf2024tea", "Leaf 2024"), "no entry"),
    ],
)
def test_bad_bibtex_is_found(wrong: str, sentence: str) -> None:
    assert read_entry(ENTRY).fields["author"] == "Tea Leaf and {The Pot}"
    with pytest.raises(ValueError, match=sentence):
        read_entry(wrong)


def test_a_card_without_a_publication_cites_nothing() -> None:
    assert source_card("classifier").citations == []
    assert len(source_card("hh_rlhf").citations) == 2


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        (
            "answers_made: human",
            "anwsers_made: human",
            "'anwsers_made': did you mean 'answers_made'",
        ),
        ("answers_made: human", "answers_made: robot", "Invalid enum value 'robot'"),
        ("answers_made: human", "", "missing required field `answers_made`"),
        ("parents: []", "parents: [alpacca]", "'alpacca': did you mean 'alpaca'"),
        ('  - "https://github.com/openai', '  - "http://github.com/openai', "starts with https"),
        ("known_bad: []", 'known_bad: [{wy: "x"}]', "'wy' in `known_bad`: .*known: reference"),
        ("known_bad: []", 'known_bad: [{why: a, reference: "https://b"}]', "either `revision`"),
        ("known_bad: []", "known_bad: [", "its front matter is no YAML"),
    ],
)
def test_what_is_wrong_in_a_card_is_said_with_its_file(
    tmp_path: Path, line: str, instead: str, sentence: str
) -> None:
    text = (folder("data_cards") / "gsm8k.md").read_text(encoding="utf-8")
    path = tmp_path / "gsm8k.md"
    (tmp_path / "alpaca.md").touch()
    path.write_text(text, encoding="utf-8")
    assert read_card(path).name == "gsm8k"
    assert line in text
    path.write_text(text.replace(line, instead, 1), encoding="utf-8")
    with pytest.raises(MixerError, match=f"{path.name}: .*{sentence}"):
        read_card(path)
