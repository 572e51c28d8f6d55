"""The fast detector: a label or `und` for whatever comes, from the text alone."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate import identification
from mixer.annotate.identification.excerpts import Pieces, excerpts
from mixer.annotate.identification.identify import ROWS_AT_ONCE, Identified, identify
from mixer.annotate.identification.model import model
from mixer.annotate.identification.scores import _counted, _next, best
from mixer.annotate.identification.scripts import SCRIPT_LANGUAGES

TEXTS = {
    "en": "The ferry leaves at noon, and the last bus will wait for its passengers.",
    "de": "Die Fähre legt mittags ab, und der letzte Bus wartet auf die Fahrgäste.",
    "fr": "Le bateau part à midi et le dernier autobus attendra tous les passagers.",
    "es": "El barco sale al mediodía y el último autobús esperará a los pasajeros.",
    "it": "Il traghetto parte a mezzogiorno e l'ultimo autobus aspetterà i passeggeri.",
    "pt": "A barca parte ao meio-dia e o último ônibus vai esperar pelos passageiros.",
    "nl": "De veerboot vertrekt om twaalf uur en de laatste bus wacht op de reizigers.",
    "sv": "Färjan går klockan tolv och den sista bussen väntar på alla resenärer.",
    "nb": "Fergen går klokken tolv, og den siste bussen venter på alle passasjerene.",
    "pl": "Prom odpływa w południe, a ostatni autobus poczeka na wszystkich pasażerów.",
    "fi": "Lautta lähtee keskipäivällä, ja viimeinen bussi odottaa kaikkia matkustajia.",
    "ru": "Паром отходит в полдень, а последний автобус подождёт всех пассажиров.",
    "uk": "Пором відходить опівдні, а останній автобус зачекає на всіх пасажирів.",
    "tr": "Feribot öğlen kalkıyor ve son otobüs bütün yolcuları bekleyecek.",
    "vi": "Chuyến phà rời bến vào buổi trưa và xe buýt cuối cùng sẽ đợi hành khách.",
    "ar": "تغادر العبارة عند الظهر وستنتظر الحافلة الأخيرة جميع الركاب.",
    "fa": "کشتی ظهر حرکت می‌کند و آخرین اتوبوس منتظر همه مسافران می‌ماند.",
    "he": "המעבורת יוצאת בצהריים והאוטובוס האחרון ימתין לכל הנוסעים.",
    "hi": "नाव दोपहर में निकलती है और आखिरी बस सभी यात्रियों का इंतज़ार करेगी।",
    "th": "เรือออกตอนเที่ยงและรถเมล์คันสุดท้ายจะรอผู้โดยสารทุกคน",
    "zh": "渡船中午出发，最后一班公共汽车会等所有的乘客。",
    "ja": "フェリーは正午に出て、最後のバスは乗客を待ちます。",
    "ko": "배는 정오에 떠나고 마지막 버스는 모든 승객을 기다립니다.",
    "el": "Το πλοίο φεύγει το μεσημέρι και το τελευταίο λεωφορείο περιμένει.",
}
NOTHING = (
    *(
        "",
        " ",
        "\n\t\r",
        "?!",
        "42",
        "3.14 * 2 = 6.28",
        "x^2 + y^2 = z^2",
        "Yes",
        "OK",
        "B",
        "5 km",
    ),
    *(
        "John Smith",
        "Anna Kovacs, Piet Jansen",
        "😀😀😀",
        "👍🏽",
        "→ ← ↑",
        "\x00\x01\x02",
        "a" * 500,
    ),
    *(
        "https://example.org/the/of/and",
        "name@example.org",
        "\u202e\u200f",
        "\ufffd" * 9,
        "\U0010ffff",
    ),
    *(
        '{"id": 17, "tags": ["a", "b"]}',
        "SELECT a, COUNT(*) FROM t GROUP BY a;",
        "for i in range(3): f(i)",
    ),
    *(
        "if (a[i] > a[j]) { int t = a[i]; a[i] = a[j]; a[j] = t; }",
        "\\frac{d}{dx} \\sin(x) = \\cos(x)",
    ),
)


def _one(text: str) -> tuple[str, float]:
    found = identify(pa.array([text], pa.string()))
    return str(found.language[0]), float(found.confidence[0])


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_in_its_language(language: str) -> None:
    found, confidence = _one(TEXTS[language])
    assert found == language
    assert confidence > 0.9


@pytest.mark.parametrize("language", TEXTS)
def test_case_and_composition_do_not_matter(language: str) -> None:
    assert _one(TEXTS[language].upper())[0] == language
    assert _one(unicodedata.normalize("NFD", TEXTS[language]))[0] == language


@pytest.mark.parametrize("text", NOTHING)
def test_what_does_not_tell_is_undetermined(text: str) -> None:
    assert _one(text) == ("und", 0.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wo ist der Bahnhof?", "de"),
        ("¿Dónde está mi libro?", "es"),
        ("Où est la gare ?", "fr"),
        ("Give three tips for staying healthy.", "en"),
        ("你好", "zh"),
        ("ありがとう", "ja"),
        ("안녕", "ko"),
    ],
)
def test_a_short_sentence_is_not_undetermined(text: str, language: str) -> None:
    assert _one(text)[0] == language


def test_addresses_and_fenced_code_do_not_count() -> None:
    code = "```\nthe = of(and, to, is, that, with)\n```"
    assert _one(f"{TEXTS['de']} https://example.org/the/of/and {code}") == _one(f"{TEXTS['de']} ")
    assert _one(f"{TEXTS['zh']}https://example.org/the/of{TEXTS['zh']}")[0] == "zh"


def test_the_majority_wins_in_mixed_text() -> None:
    assert _one(f"{TEXTS['zh'] * 4} The end.")[0] == "zh"
    assert _one(f"{TEXTS['en'] * 3} {TEXTS['zh'][:6]}")[0] == "en"
    assert _one(f"{TEXTS['he'] * 3} {TEXTS['en'][:20]}")[0] == "he"


def test_ten_megabytes_are_looked_at_as_far_as_it_takes() -> None:
    assert _one(TEXTS["pl"] + " " + "x" * 10_000_000)[0] == "pl"
    assert _one("```" + "x" * 10_000_000) == ("und", 0.0)
    assert _one(" " * 10_000_000) == ("und", 0.0)


@given(st.lists(st.text() | st.sampled_from(sorted(TEXTS.values()))))
def test_any_text_has_one_answer_whatever_stands_beside_it(texts: list[str]) -> None:
    found = identify(pa.array(texts, pa.string()))
    assert list(zip(found.language, found.confidence, strict=True)) == list(map(_one, texts))
    assert set(found.language) <= {"und", *model().labels, *SCRIPT_LANGUAGES}
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert (found.confidence[found.language == "und"] == 0).all()


def test_rows_that_lie_in_parts_slices_or_threads_are_the_same() -> None:
    some = [*TEXTS.values(), None, *NOTHING]
    texts = pa.array(some * (2 * ROWS_AT_ONCE // len(some)), pa.string())
    whole = identify(texts)
    assert _same(whole, identify(texts.cast(pa.large_string())))
    cuts = [texts.slice(start, 1_000) for start in range(0, len(texts), 1_000)]
    with ThreadPoolExecutor(2) as threads:
        parts = list(threads.map(identify, cuts))
    assert _same(whole, Identified(*map(np.concatenate, zip(*parts, strict=True))))
    assert identify(pa.array([], pa.string())).language.tolist() == []


def _same(one: Identified, other: Identified) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@cache
def _grams() -> dict[bytes, int]:
    """The n-gram of each feature, read off the automaton's tree."""
    automaton = model().automaton
    grams, found = {0: b""}, {}
    features = 0
    for state in range(len(automaton.byte)):
        for child in range(automaton.first[state], automaton.first[state + 1]):
            grams[child] = grams[state] + bytes([automaton.byte[child]])
        if automaton.feature[state] == features:
            found[grams[state]] = features
            features += 1
    assert features == len(model().table.excess)
    return found


@given(st.text() | st.lists(st.sampled_from(sorted(TEXTS.values()))).map(" ".join))
def test_scores_are_those_of_a_plain_sum(text: str) -> None:
    known = _grams()
    longest_size = max(map(len, known))
    labels, automaton, table = model()
    data = text.encode(errors="replace")
    counts: dict[int, int] = {}
    for end in range(1, len(data) + 1):
        grams = (data[max(0, end - size) : end] for size in range(longest_size, 0, -1))
        longest = next((known[gram] for gram in grams if gram in known), None)
        if longest is not None:
            counts[longest] = counts.get(longest, 0) + 1
    scores = table.prior.copy()
    for feature, count in counts.items():
        weight = round(64 * float(np.log1p(min(count, 1023))))
        scores += weight * (table.excess[feature].astype(np.int64) + table.floor)
    of_label = [scores[table.label == place].max() for place in range(len(labels))]
    order = np.argsort(-np.array(of_label), kind="stable")
    offsets = np.array([0, len(data)])
    label, lead, over = best(np.frombuffer(data, np.uint8), offsets, automaton, table, 3)
    assert label[0] == order[0]
    assert lead[0] * 1024 == of_label[order[0]] - of_label[order[1]]
    assert over[0] * 1024 == of_label[order[0]] - of_label[3]


def test_steps_that_push_each_other_out_of_memory_change_nothing() -> None:
    _, automaton, table = model()
    data = np.random.default_rng(7).choice(
        np.frombuffer(b"aehnt \xc3\xa9\xe6\xb0", np.uint8), 200_000
    )
    known = np.full(1 << 16, (1 << 64) - 1, np.uint64)
    counts, seen = np.zeros(len(table.excess), np.int32), np.empty(len(data), np.int32)
    size = _counted(data, (automaton, known), counts, seen)
    state, plain = 0, np.zeros(len(table.excess), np.int32)
    for byte in data:
        state = _next(state, byte, automaton)
        if automaton.feature[state] >= 0:
            plain[automaton.feature[state]] += 1
    np.testing.assert_array_equal(counts, plain)
    assert sorted(seen[:size]) == np.flatnonzero(plain).tolist()


def test_the_table_is_that_of_py3langid() -> None:
    from py3langid.langid import classify

    for language, text in TEXTS.items():
        assert classify(text)[0] == {"nb": "no"}.get(language, language)


def test_labels_are_iso_639_1_and_the_file_is_small() -> None:
    assert all(re.fullmatch("[a-z]{2}", name) for name in model().labels if name != "zxx")
    path = Path(str(files(identification) / "model.npz"))
    assert path.stat().st_size < 3_000_000
    assert path.with_name("model.LICENSE").is_file()


@given(st.text(alphabet=st.sampled_from("ab @:/`\n\u00e9\u6c34\U0001f600http")))
def test_an_excerpt_is_whole_characters_of_the_text(text: str) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    rows = Pieces(data, np.array([0]), np.array([len(data)]), np.array([0, 1]))
    for most in (1, 7, 600):
        found = excerpts(rows, most).data.tobytes()
        assert len(found) <= most
        left = found.decode()
        assert "  " not in left
        assert "@" not in left
        kept = iter(text)
        assert all(character in kept for character in left.replace(" ", ""))
