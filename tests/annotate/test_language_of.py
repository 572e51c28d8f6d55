"""Languages by text alone: the same answer whatever was seen before, in any process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate.identification.language_of import language_of

TEXTS = {
    "en": "The ferry leaves at noon, and the last bus will wait for its passengers.",
    "de": "Die Fähre legt mittags ab, und der letzte Bus wartet auf die Fahrgäste.",
    "fr": "Le bateau part à midi et le dernier autobus attendra tous les passagers.",
    "es": "El barco sale al mediodía y el último autobús esperará a los pasajeros.",
    "it": "Il traghetto parte a mezzogiorno e l'ultimo autobus aspetterà i passeggeri.",
    "pt": "A barca parte ao meio-dia e o último ônibus vai esperar pelos passageiros.",
    "nl": "De veerboot vertrekt om twaalf uur en de laatste bus wacht op de reizigers.",
    "sv": "Färjan går klockan tolv och den sista bussen väntar på alla resenärer.",
    "pl": "Prom odpływa w południe, a ostatni autobus poczeka na wszystkich pasażerów.",
    "ru": "Паром отходит в полдень, а последний автобус подождёт всех пассажиров.",
    "tr": "Feribot öğlen kalkıyor ve son otobüs bütün yolcuları bekleyecek.",
    "zh": "渡船中午出发，最后一班公共汽车会等所有的乘客。",
    "ja": "フェリーは正午に出て、最後のバスは乗客を待ちます。",
    "ko": "배는 정오에 떠나고 마지막 버스는 모든 승객을 기다립니다.",
    "el": "Το πλοίο φεύγει το μεσημέρι και το τελευταίο λεωφορείο περιμένει.",
    "he": "המעבורת יוצאת בצהריים והאוטובוס האחרון ימתין לכל הנוסעים.",
    "th": "เรือออกตอนเที่ยงและรถเมล์คันสุดท้ายจะรอผู้โดยสารทุกคน",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_in_its_language(language: str) -> None:
    found, confidence = language_of(TEXTS[language])
    assert found == language
    assert confidence > 0.5


@pytest.mark.parametrize("text", ["", " ", "42", "?!", "positive", "Yes", "x = 3;", "\u0000"])
def test_what_does_not_tell_is_undetermined(text: str) -> None:
    assert language_of(text) == ("und", 0.0)


def test_addresses_and_code_do_not_count() -> None:
    code = "```\nthe = of(and, to, is, that, with)\n```"
    assert language_of(f"{TEXTS['de']} https://example.org/the/of/and {code}")[0] == "de"


def test_the_majority_wins_in_mixed_text() -> None:
    assert language_of(f"{TEXTS['zh'] * 4} The end.")[0] == "zh"
    assert language_of(f"{TEXTS['en'] * 3} {TEXTS['zh'][:6]}")[0] == "en"


@given(st.text())
def test_any_text_has_one_answer(text: str) -> None:
    first = language_of(text)
    language_of(TEXTS["fr"])
    assert language_of(text) == first
    assert 0 <= first[1] <= 1


def test_other_processes_and_hash_seeds_agree() -> None:
    code = (
        "import json, sys; from mixer.annotate.identification.language_of import language_of\n"
        "print(json.dumps([language_of(text) for text in json.load(sys.stdin)]))"
    )
    texts = [*TEXTS.values(), "Maple syrup looks like water", "contradiction confusion haze"]
    here = [list(language_of(text)) for text in reversed(texts)][::-1]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command,
            input=json.dumps(texts),
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == here
