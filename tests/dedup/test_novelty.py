"""Novelty keeps what the reference keeps, which compares with every earlier kept instruction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instructions import Given, find, instruction
from rapidfuzz.distance import LCSseq

from mixer.dedup import novelty
from mixer.dedup.novelty import Step
from mixer.schema import Message, Record, user


def _witnesses(texts: Sequence[str], step: Step | None = None, **how: int) -> list[int]:
    records = [Given(instruction(text), row) for row, text in enumerate(texts, 1)]
    return find(records, step or Step(), **how).witness.tolist()


def _words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).split()


def _rouge_l(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return 0.0
    common = LCSseq.similarity(one, other)
    precision, recall = common / len(other), common / len(one)
    return 2 * precision * recall / (precision + recall) if common else 0.0


def _by_definition(texts: Sequence[str], threshold: float) -> tuple[list[int], list[float]]:
    """Of each text the kept one most like it, or -1; and F, NaN where there is none."""
    words = [_words(text) for text in texts]
    kept: list[int] = []
    witnesses, similarity = [], []
    for row, own in enumerate(words):
        alike = [(_rouge_l(own, words[other]), -other) for other in kept]
        best, witness = max(alike, default=(0.0, 1))
        dropped = best > threshold
        witnesses.append(-witness if dropped else -1)
        similarity.append(best if dropped else np.nan)
        if not dropped:
            kept.append(row)
    return witnesses, similarity


FEW_WORDS = st.lists(
    st.sampled_from(["write", "name", "a", "of", "poem", "tea", "2", "é"]), max_size=12
)
TEXTS = st.lists(FEW_WORDS.map(" ".join), min_size=1, max_size=25)
ONE_SCRIPT = Step(other_scripts="ignored")


@given(TEXTS, st.sampled_from([0.1, 0.5, 0.7, 0.8, 1.0]), st.integers(1, 9), st.integers(1, 3))
def test_the_kept_set_is_that_of_the_definition(
    texts: list[str], threshold: float, group_rows: int, threads: int
) -> None:
    step = Step(rouge_l=threshold, other_scripts="ignored")
    records = [Given(instruction(text), row) for row, text in enumerate(texts, 1)]
    found = find(records, step, group_rows, threads)
    witnesses, similarity = _by_definition(texts, threshold)
    assert found.witness.tolist() == witnesses
    np.testing.assert_array_equal(found.similarity, similarity)


@given(TEXTS, st.integers(1, 7), st.integers(1, 3))
@settings(max_examples=30)
def test_blocks_do_not_change_the_result(texts: list[str], block: int, threads: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(novelty, "_BLOCK_ROWS", block)
        assert _witnesses(texts, ONE_SCRIPT, threads=threads) == _by_definition(texts, 0.7)[0]


def test_long_texts_cross_many_blocks_of_words() -> None:
    draw = np.random.default_rng(1)
    texts = []
    for length in (60, 64, 65, 130, 400):
        base = draw.integers(0, 50, length)
        for changed in (0, 1, length // 5, length // 3):
            words = base.copy()
            words[draw.choice(length, changed, replace=False)] = 99
            texts.append(" ".join(map(str, words)))
    assert _witnesses(texts) == _by_definition(texts, 0.7)[0]


def test_seven_words_of_ten_are_judged_as_the_reference_judges_them() -> None:
    one = "a b c d e f g h i j"
    for other in ("a b c d e f g x y z", "a b c d e f g h x y", "a b c d e f g"):
        assert _witnesses([one, other]) == _by_definition([one, other], 0.7)[0]


def test_empty_one_and_equal_texts() -> None:
    assert _witnesses(["name a tea"]) == [-1]
    assert _witnesses(["?", "!", "?"]) == [-1, -1, -1]
    assert _witnesses(["name a tea"] * 1000, group_rows=100) == [-1, *[0] * 999]


def test_repeats_of_one_word_and_a_megabyte() -> None:
    assert _witnesses(["a " * 10, "a " * 100_000, "a " * 99_999, "a " * 9]) == [-1, -1, 1, 0]
    long = " ".join(str(number % 5000) for number in range(220_000))
    assert len(long) > 1_000_000
    assert _witnesses([long, f"x {long} y", long[: len(long) // 3]]) == [-1, 0, -1]


def test_records_of_one_upstream_row_do_not_drop_one_another() -> None:
    tea = instruction("name a good tea", "from Assam")
    records = [Given(tea, 1, 1), Given(tea, 1, 2), Given(tea, 2), Given(tea, 11, 1)]
    for group_rows in (1, 4):
        found = find(records, Step(), group_rows)
        assert found.witness.tolist() == [-1, -1, 0, 0]
        assert found.similarity[2] == 1.0
    whole = find(records, Step(on="prompt"))
    assert whole.witness.tolist() == [-1, -1, 0, 0]


def test_a_large_upstream_row_is_quick() -> None:
    tea = instruction("name a good tea")
    records = [Given(tea, 1, sub) for sub in range(1, 20_001)]
    assert (find(records, Step(), 20_000).witness == -1).all()


def test_pairs_take_no_part() -> None:
    records = [
        Given(instruction("name a good tea", answers=2), 1),
        Given(instruction("name a good tea", answers=1), 2),
        Given(instruction("name a good tea", answers=0), 3),
        Given(instruction("draw", answers=3), 4),
    ]
    found = find(records, Step(rules="self_instruct"))
    assert found.witness.tolist() == [-1, -1, 1, -1]
    assert found.reason is not None
    assert found.reason.tolist() == [-1, -1, 0, -1]


def test_within_source_compares_no_others() -> None:
    tea = instruction("name a good tea")
    records = [Given(tea, 1), Given(tea, 1, source=1), Given(tea, 2, source=1)]
    assert find(records, Step()).witness.tolist() == [-1, 0, 0]
    assert find(records, Step(within="source")).witness.tolist() == [-1, -1, 1]


def test_the_instruction_is_told_from_what_it_is_applied_to() -> None:
    records = [
        Given(instruction("Übersetze ins Deutsche", "one two three four"), 1),
        Given(instruction("Übersetze ins Deutsche", "five six seven eight"), 2),
        Given(Record([user("nine ten eleven twelve")], []), 3),
        Given(Record([Message("system", "nine ten"), user("eleven twelve")], []), 4),
    ]
    assert find(records, Step()).witness.tolist() == [-1, 0, -1, 2]
    assert find(records, Step(on="prompt")).witness.tolist() == [-1, -1, -1, 2]


def test_scripts_that_the_reference_cannot_read_are_read() -> None:
    texts = ["用Python写一个排序函数", "用Python写一首关于春天的诗", "用 Python 写一个排序函数。"]
    assert _witnesses(texts) == [-1, -1, 0]
    assert _witnesses(texts, ONE_SCRIPT) == [-1, 0, 0]
    assert _witnesses(["写一首诗", "写一首诗"], ONE_SCRIPT) == [-1, -1]


def test_what_a_rule_drops_does_not_drop_others() -> None:
    texts = ["draw a cup of tea", "a cup of tea", "a cup of tea, please"]
    found = find(
        [Given(instruction(text), row) for row, text in enumerate(texts, 1)],
        Step(banned_words=("draw",)),
    )
    assert found.witness.tolist() == [-1, -1, 1]
    assert found.reason is not None
    assert [found.reasons[code] if code >= 0 else None for code in found.reason] == [
        "holds the word 'draw'",
        None,
        "ROUGE-L above 0.7 to a kept instruction",
    ]


def test_the_ledger_is_the_same_for_any_shards_and_workers(
    build_recipe: Callable[..., Any],
) -> None:
    source = "{format: self_instruct, path: '${MIXER_SAMPLES}/self_instruct/*'}"
    recipe = f"name: t\nsources: {{s: {source}}}\ndedup: [novelty: {{rouge_l: 0.5}}]\n"
    ledgers = []
    for number, (rows, workers) in enumerate([(50_000, 1), (3, 1), (7, 2)]):
        out, _ = build_recipe(recipe, f"out{number}", shard_rows=rows, workers=workers)
        ledgers.append(pq.read_table(out / "ledger.parquet", partitioning=None).to_pylist())
    assert ledgers[0] == ledgers[1] == ledgers[2]
    dropped = [entry for entry in ledgers[0] if entry["step"] == "dedup.novelty"]
    assert dropped
    kept = {entry["id"] for entry in ledgers[0] if entry["fate"] != "dropped"}
    assert {entry["duplicate_of"] for entry in dropped} <= kept


@pytest.mark.parametrize(
    ("settings_given", "said"),
    [
        ({"min_words": 5, "max_words": 4}, "no text has 5 words or more and 4 or fewer"),
        ({"rouge_l": 7}, "<= 1.0"),
        ({"banned_words": [" "]}, "banned_words"),
        ({"rules": "alpaca"}, "alpaca"),
    ],
)
def test_bad_settings_are_one_sentence(settings_given: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(said)):
        msgspec.convert(settings_given, Step)


def test_the_ledger_names_the_keptinstruction(
    write_rows: Callable[..., Path], build_recipe: Callable[..., Any]
) -> None:
    write_rows(
        "a.jsonl",
        [
            {"instruction": text, "input": f"input {number}", "output": "x"}
            for number, text in enumerate(["Name a good tea.", "Draw tea.", "Name one good tea!"])
        ],
    )
    recipe = "name: t\nsources: {s: {format: alpaca, path: data/a.jsonl}}\n"
    out, summary = build_recipe(f"{recipe}dedup: [novelty: {{banned_words: [draw]}}]\n")
    assert summary.dropped["dedup.novelty"] == {
        "ROUGE-L above 0.7 to a kept instruction": 1,
        "holds the word 'draw'": 1,
    }
    entries = pq.read_table(out / "ledger.parquet", partitioning=None).to_pylist()
    assert [entry["duplicate_of"] for entry in entries] == [None, None, entries[0]["id"]]
    assert entries[2]["similarity"] == 0.75
    assert entries[1]["why"] == "holds the word 'draw'"
