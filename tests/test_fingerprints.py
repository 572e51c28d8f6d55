"""The compiled fingerprints of a batch are those of mixer/fingerprint.py."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.fingerprint import fingerprint
from mixer.fingerprints import _kinds, fingerprints
from mixer.schema import Answer, Message, assistant, user
from mixer.spoken_columns import spoken_columns

SPACES = " \n\t\r\x0b\x1c\x1f\x85\xa0\u2003\u3000"
ODD = SPACES + "aé가각\u0301\u09be\u1161\u1100\U0001f600\U0001d15e"
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(ODD, max_size=12)
MESSAGES = st.lists(st.builds(Message, st.sampled_from(["user", "tool", "é"]), TEXT), max_size=3)
ANSWERS = st.lists(st.builds(Answer, MESSAGES.map(tuple)), max_size=3)


@settings(max_examples=300)
@given(st.lists(st.tuples(MESSAGES, ANSWERS), max_size=4))
def test_a_batch_has_the_fingerprints_of_its_records(
    records: list[tuple[list[Message], list[Answer]]],
) -> None:
    columns = spoken_columns([prompt for prompt, _ in records], [answers for _, answers in records])
    assert columns["fingerprint"].to_pylist() == [fingerprint(*record) for record in records]
    said = [[message._asdict() for message in prompt] for prompt, _ in records]
    assert columns["prompt"].to_pylist() == said


@pytest.mark.parametrize(
    "text",
    ["plain", "“curly” – and…", "Ünïcödé", "日本語のテキスト。", "한국어", "русский", "🎉 tea"],
)
def test_most_languages_are_not_left_to_python(text: str) -> None:
    columns = spoken_columns([[user(text)]], [[assistant(text)]])
    (known,) = fingerprints(columns["prompt"], columns["answers"])
    assert known is not None
    assert known.hex() == fingerprint([user(text)], [assistant(text)])


def test_what_stays_is_left_alone_behind_every_kind_of_character() -> None:
    """Composition looks at the character before: none that stays may join with it."""
    stays = "".join(chr(code) for code in range(len(_kinds())) if _kinds()[code] == 1)
    before = "aoucgn가\u1100\u0915\u09c7\u0b47\u1025\u30ab\U00011099\U0001d157"
    for first in before:
        text = "".join(first + char for char in stays if not "\ud800" <= char <= "\udfff")
        assert unicodedata.normalize("NFC", text) == text
