"""The join against brute force: every decision, for any number of threads and any parts."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.similarity.column_segments import column_segments
from mixer.similarity.cut_pairs import cut_pairs
from mixer.similarity.near_search import Leaders, find_leaders, find_near, find_pairs
from mixer.similarity.sketches import Piece, Texts

Row = tuple[str, ...]


def texts_of(rows: list[Row], part_rows: int, threads: int, scratch: Path) -> Texts:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]

    def piece(first: int) -> Piece:
        here = [[column.slice(first, part_rows)] for column in columns]
        return Piece(first, len(here[0][0]), lambda: column_segments(here))

    pieces = map(piece, range(0, len(rows), part_rows))
    return Texts(pieces, np.zeros(len(rows), np.int64), [], threads, scratch)


def search(rows: list[Row], threshold: float, part_rows: int = 1000, threads: int = 1) -> Leaders:
    with TemporaryDirectory() as folder:
        texts = texts_of(rows, part_rows, threads, Path(folder))
        fixed = np.zeros(len(rows), bool)
        return find_leaders(texts, 3, threshold, lambda: np.arange(len(rows)), fixed)


def shingles(text: str) -> set[object]:
    """The definition, for ASCII: word triples, or character triples with all numbers."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if len(words) >= 5:
        return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
    line = f" {' '.join(words)} "
    numbers = tuple(re.findall(r" ?[0-9]", line))
    return {(line[i : i + 3], numbers) for i in range(max(1, len(line) - 2))}


def jaccard(one: set[object], other: set[object]) -> float:
    return len(one & other) / len(one | other)


def brute_force(rows: list[Row], threshold: float) -> tuple[list[int], list[float]]:
    """Greedy leaders over all pairs: a row goes for the kept row that is most like it."""
    sets = [[shingles(text) for text in row] for row in rows]
    kept: list[int] = []
    witness, similarity = [], []
    for row, own in enumerate(sets):
        alike = [
            (min(jaccard(a, b) for a, b in zip(own, sets[other], strict=True)), -other)
            for other in kept
            if any(rows[other])
        ]
        best = max(alike, default=(0.0, 0))
        repeats = any(rows[row]) and best[0] >= threshold - 1e-9
        witness.append(-best[1] if repeats else -1)
        similarity.append(best[0] if repeats else np.nan)
        if not repeats:
            kept.append(row)
    return witness, similarity


word = st.sampled_from(["a", "b", "c", "dd", "ee", "7", "12", "Ee"])
text = st.lists(word, max_size=12).map(" ".join)
corpus = st.lists(st.tuples(text, text), min_size=1, max_size=40)


@given(corpus, st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.8, 1.0]), st.integers(1, 50))
def test_every_decision_is_that_of_brute_force(
    rows: list[Row], threshold: float, part_rows: int
) -> None:
    found = search(rows, threshold, part_rows)
    witness, similarity = brute_force(rows, threshold)
    kept = [i for i, other in enumerate(witness) if other < 0]
    assert np.flatnonzero(found.witness < 0).tolist() == kept
    np.testing.assert_allclose(found.similarity, similarity)


@given(corpus, st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0]), st.integers(0, 2**40), st.integers(1, 9))
def test_each_row_finds_the_fixed_row_most_like_it(
    rows: list[Row], threshold: float, chosen: int, part_rows: int
) -> None:
    """Whatever it is like among the others, to which a search for leaders would give it."""
    fixed = np.array([bool(chosen >> i & 1) for i in range(len(rows))])
    with TemporaryDirectory() as folder:
        texts = texts_of(rows, part_rows, 1, Path(folder))
        witness, similarity = find_near(texts, 3, threshold, fixed)
    sets = [[shingles(text) for text in row] for row in rows]
    for row, own in enumerate(sets):
        alike = [
            (min(jaccard(a, b) for a, b in zip(own, sets[other], strict=True)), -other)
            for other in np.flatnonzero(fixed)
            if any(rows[other])
        ]
        best = max(alike, default=(0.0, 0))
        if fixed[row] or not any(rows[row]) or best[0] < threshold - 1e-9:
            assert witness[row] == -1
            assert np.isnan(similarity[row])
        else:
            assert fixed[witness[row]]
            np.testing.assert_allclose(similarity[row], best[0])


@pytest.mark.parametrize("seed", range(20))
def test_copies_of_long_texts_with_common_phrases_are_all_found(seed: int) -> None:
    chance = Random(seed)
    phrases = [
        [f"{name}{i}" for i in range(chance.randint(2, 9))] for name in "abcdefghijklmnopqrst"
    ]
    rows: list[list[str]] = []
    while len(rows) < 150:
        words = [word for phrase in chance.choices(phrases, k=6) for word in phrase]
        rows.append(words)
        for _ in range(chance.randint(0, 2)):
            copied = list(words)
            for _ in range(chance.randint(0, 3)):
                copied[chance.randrange(len(copied))] = chance.choice(["new", "odd", "x1"])
            rows.append(copied[: len(copied) - chance.randint(0, 4)])
    chance.shuffle(rows)
    texts: list[Row] = [(" ".join(words),) for words in rows]
    witness, similarity = brute_force(texts, 0.7)
    found = search(texts, 0.7)
    assert (found.witness >= 0).tolist() == [other >= 0 for other in witness]
    np.testing.assert_allclose(found.similarity, similarity)


@given(corpus, st.integers(1, 9))
def test_threads_and_parts_change_nothing(rows: list[Row], part_rows: int) -> None:
    one, other = search(rows, 0.5), search(rows, 0.5, part_rows, threads=3)
    assert one.witness.tolist() == other.witness.tolist()
    np.testing.assert_array_equal(one.similarity, other.similarity)


@given(corpus, st.floats(0.3, 1.0), st.randoms())
def test_saved_pairs_cut_again_decide_as_a_new_search(
    rows: list[Row], threshold: float, chance: Random
) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    rank = np.array(order)
    fixed = np.zeros(len(rows), bool)
    with TemporaryDirectory() as folder:
        pairs = find_pairs(texts_of(rows, 7, 1, Path(folder)), 3, 0.3, 10_000)
    with TemporaryDirectory() as folder:
        texts = texts_of(rows, 1000, 1, Path(folder))
        searched = find_leaders(texts, 3, threshold, lambda: rank, fixed)
    assert pairs is not None
    cut = cut_pairs(pairs, threshold, rank)
    assert cut.witness.tolist() == searched.witness.tolist()
    np.testing.assert_array_equal(cut.similarity, searched.similarity)


@pytest.mark.parametrize(
    ("one", "other", "repeats"),
    [
        (("Is it raining?", "yes"), ("Is it raining?", "Yes."), True),
        (("Is it raining?", "yes"), ("Is it sunny?", "yes"), False),
        (("Is it raining?", "yes"), ("Is it raining?", "no"), False),
        (("12 + 7", "19"), ("35 + 9", "44"), False),
        (("12 + 7", "19"), ("12 - 7", "19"), False),
        (("Is he?", "responsible"), ("Is he?", "irresponsible"), False),
        (("1 2 3", "x"), ("12 3", "x"), False),
        (("", ""), ("", ""), False),
        (("", "x"), ("?", "x"), False),
        (("Ｈｅｌｌｏ　ＷＯＲＬＤ", "x"), ("hello world", "x"), True),
        (("STRASSE GRÖẞER", "x"), ("strasse größer", "x"), True),
        (("今天天气怎么样？", "很好"), ("今天天气怎么样", "很好。"), True),
        (("今天天气怎么样？", "很好"), ("明天你去哪里？", "很好"), False),
        (("วันนี้อากาศเป็นอย่างไร", "ดี"), ("วันนี้อากาศเป็นอย่างไร?", "ดี"), True),
        (("วันนี้อากาศเป็นอย่างไร", "ดี"), ("พรุ่งนี้คุณจะไปที่ไหน", "ดี"), False),
        ((":-)", "x"), (":-(", "x"), False),
        (("x = a * b", "1"), ("x = a + b", "1"), False),
    ],
)
def test_short_and_other_scripts(one: Row, other: Row, repeats: bool) -> None:
    assert (search([one, other], 0.8).witness[1] == 0) == repeats


def test_instances_of_one_task_are_not_alike_for_their_definition() -> None:
    """60 instances of a task whose definition is nine tenths of the text; one is a near-copy."""
    definition = " ".join(f"definition{i}" for i in range(80))
    rows = [
        (f"{definition} Input: " + " ".join(f"{word}{i}" for word in "pqrstuvwx"), "yes")
        for i in range(60)
    ]
    rows.append((rows[7][0].upper().replace("R7", "R7,"), "Yes"))
    rows.append((rows[8][0] + " changed", "yes"))
    other_task = definition.replace("definition", "otherwise")
    rows.append((rows[9][0].replace(definition, other_task), "yes"))
    found = search(rows, 0.8)
    assert {i: int(w) for i, w in enumerate(found.witness) if w >= 0} == {60: 7, 61: 8}


def test_a_word_beside_the_definition_counts_as_one_elsewhere() -> None:
    definition = " ".join(f"definition{i}" for i in range(80))
    rows = [
        (f"{definition} " + " ".join(f"{word}{i}" for word in "pqrstuvwx"), "yes")
        for i in range(60)
    ]
    rows.append((rows[5][0].replace("p5", "changed"), "yes"))
    found = search(rows, 0.7)
    assert found.witness[60] == 5
    assert found.similarity[60] == 6 / 8


def test_fifty_near_copies_are_no_template() -> None:
    text = " ".join(f"word{i}" for i in range(30))
    rows = [(f"{text} {i}", "yes") for i in range(50)]
    rows += [(" ".join(f"x{i}y{j}" for j in range(9)), "no") for i in range(60)]
    assert np.flatnonzero(search(rows, 0.8).witness >= 0).tolist() == list(range(1, 50))
