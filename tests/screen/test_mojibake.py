"""Text decoded wrongly is found, text in any language is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .screened import dropped

SENTENCES = [
    "Le thé est prêt, l’eau est à 95°C : « à bientôt ! »",
    "O chá não está pronto. SÃO PAULO, ÂNGELA",
    "Tee für Äpfel, Öl und Übung – “größer”",
    "Chè và phở rất ngon.",
    "Чай готов. Ñandú, ¿qué tal?",
    "茶很好喝，我喜欢。",
    "naïve café, coöperate… touché”—she said",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_languages_are_not_mojibake(sentence: str) -> None:
    assert dropped("mojibake", [sentence]) == [False]


@given(st.sampled_from(["don’t", "café", "£5", "“tea”", "5 – 3", "Привет", "茶很好", "🍵"]))
def test_utf8_read_as_another_encoding_is_found(text: str) -> None:
    wrong = [text.encode().decode("latin-1"), text.encode().decode("cp1252", errors="replace")]
    assert dropped("mojibake", wrong) == [True, True]


def test_replacement_characters_can_be_allowed() -> None:
    assert dropped("mojibake", ["real\ufffdworld"]) == [True]
    assert dropped("mojibake", ["real\ufffdworld"], replacement_character=False) == [False]
