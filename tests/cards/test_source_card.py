"""Every shipped data card has typed, complete front matter."""

import pytest

from mixer import formats
from mixer.cards.source_card import card_names, source_card
from mixer.errors import MixerError

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
