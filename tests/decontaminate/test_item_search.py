"""What the search finds is what plain Python finds that looks for every n-gram in every record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_search import Text, expected

from mixer.corpus import Corpus, parts_of
from mixer.decontaminate.rules import Rules
from mixer.decontaminate.search import Leaks, leaks, least_held, read_items
from mixer.record_builder import RecordBuilder
from mixer.schema import RECORD, Record, assistant, user

_WORD = st.sampled_from(["ant", "bee", "cat", "12", "+", "天气"])
_WORDS = st.lists(_WORD, max_size=18).map(" ".join)
_TEXTS = st.lists(st.tuples(_WORDS, st.lists(_WORDS, max_size=2).map(tuple)), max_size=7)
_RULES = st.one_of(
    st.builds(
        Rules,
        n=st.integers(1, 5),
        coverage=st.sampled_from([0.01, 0.3, 0.5, 0.75, 1.0]),
        min_units=st.integers(1, 4),
    ),
    st.builds(
        Rules,
        method=st.just("any_13gram"),
        min_units=st.integers(1, 4),
        common_rows=st.integers(1, 3),
    ),
)


def _written(path: Path, texts: list[Text], group_rows: int) -> str:
    builder = RecordBuilder("s", None)
    for number, (prompt, answers) in enumerate(texts):
        record = Record([user(prompt)], [assistant(answer) for answer in answers])
        builder.add(f"s/f:{number}", record)
    batches = [builder.take()] if texts else []
    table = pa.Table.from_batches(batches, schema=RECORD)
    pq.write_table(table, path, row_group_size=group_rows)
    return str(path)


def _corpus(path: str, kept: np.ndarray, folder: Path, threads: int = 1) -> Corpus:
    nothing = np.zeros(len(kept), np.int64)
    return Corpus(
        parts=parts_of([path]),
        keys=np.zeros((len(kept), 2), np.uint64),
        kept=kept,
        source=nothing,
        source_names=["s"],
        subset=nothing,
        number=lambda column: np.zeros(len(kept)),
        threads=threads,
        scratch=folder,
    )


def _searched(
    folder: Path, items: list[Text], rows: list[Text], rules: Rules, **how: Any
) -> list[tuple[int, int, bool, int, int]]:
    """(row, item, is an answer, n-grams held, n-grams of the part) of each hit."""
    found, evaluation = _leaks(folder, items, rows, rules, **how)
    parts, sizes = evaluation.parts, evaluation.grams.sizes
    return [
        (row, int(parts.item[part]), bool(parts.is_answer[part]), held, int(sizes[part]))
        for row, part, held in zip(*(column.tolist() for column in found.found), strict=True)
    ]


def _leaks(
    folder: Path,
    items: list[Text],
    rows: list[Text],
    rules: Rules,
    *,
    kept: list[bool] | None = None,
    group_rows: int = 1_000,
    threads: int = 1,
) -> tuple[Leaks, Any]:
    sets = [parts_of([_written(folder / "items.parquet", items, group_rows)])]
    evaluation = read_items(sets, rules)
    path = _written(folder / "rows.parquet", rows, group_rows)
    mask = np.array(kept if kept is not None else [True] * len(rows), bool)
    return leaks(_corpus(path, mask, folder, threads), evaluation, rules), evaluation


@given(st.tuples(_TEXTS, st.integers(1, 6)), _TEXTS, _RULES, st.data())
def test_it_is_what_brute_force_finds(
    tmp_path_factory: pytest.TempPathFactory,
    repeated: tuple[list[Text], int],
    rows: list[Text],
    rules: Rules,
    data: st.DataObject,
) -> None:
    items = repeated[0] * repeated[1]
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    folder = tmp_path_factory.mktemp("search")
    judged = [row if keep else ("", ()) for row, keep in zip(rows, kept, strict=True)]
    wanted = expected(items, judged, rules)
    assert _searched(folder, items, rows, rules, kept=kept) == wanted
    assert _searched(folder, items, rows, rules, kept=kept, group_rows=2, threads=2) == wanted


def test_units_of_unspaced_scripts_overlap(tmp_path: Path) -> None:
    item = ("今天的天气怎么样", ())
    rules = Rules(n=3, coverage=1.0)
    assert _searched(tmp_path, [item], [("他问：今天的天气怎么样？", ())], rules)
    assert not _searched(tmp_path, [item], [("今天的心情怎么样", ())], rules)


def test_case_width_and_punctuation_do_not_hide_a_leak(tmp_path: Path) -> None:
    item = ("How many figs are in 3 jars of 12?", ())
    row = ("x", ("HOW MANY — “figs” are in ３ jars, of １２!",))
    assert _searched(tmp_path, [item], [row], Rules(coverage=1.0))
    assert not _searched(
        tmp_path, [item], [("How many figs are in 3 jars of 13?", ())], Rules(coverage=1.0)
    )


def test_a_question_may_be_spread_over_the_record(tmp_path: Path) -> None:
    item = ("a b c d e f g h", ())
    rules = Rules(n=2, coverage=0.8)
    assert _searched(tmp_path, [item], [("a b c d x", ("d e f g h",))], rules) == [
        (0, 0, False, 7, 7)
    ]


def test_short_questions_are_judged_whole_and_short_answers_never(tmp_path: Path) -> None:
    items = [("who runs the town ferry", ("the town runs it every day",)), ("why is it", ())]
    rows = [
        ("He asked: who runs the town ferry?", ()),
        ("who runs the ferry", ()),
        ("why is it", ()),
    ]
    found, evaluation = _leaks(tmp_path, items, rows, Rules())
    assert found.found.row.tolist() == [0]
    assert evaluation.grams.sizes.tolist() == [1, 0, 0]


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    assert _searched(tmp_path, [], [("a b c d e f g h i", ())], Rules()) == []
    assert _searched(tmp_path, [("a b c d e f g h i", ())], [], Rules()) == []
    assert _searched(tmp_path, [("", ("",))], [("", ("",))], Rules()) == []


def test_a_megabyte_of_one_word_is_no_trouble(tmp_path: Path) -> None:
    row = ("word " * 200_000, ("word " * 10,))
    items = [("word " * 20, ()), ("word word word word word", ()), ("word " * 7 + "end of it", ())]
    found = _searched(tmp_path, items, [row], Rules(n=7))
    assert [(item, held, size) for _, item, _, held, size in found] == [(0, 1, 1), (1, 1, 1)]


def test_a_row_that_holds_a_whole_set_hits_each_item_once(tmp_path: Path) -> None:
    items = [(f"item {n} asks how {n} and {n + 1} make {2 * n + 1} in all", ()) for n in range(500)]
    row = (" ".join(text for text, _ in items) * 3, ())
    found = _searched(tmp_path, items, [row] * 3, Rules(coverage=1.0))
    assert [(row, item) for row, item, *_ in found] == [
        (r, n) for r in range(3) for n in range(500)
    ]


def test_what_a_set_repeats_tells_no_item_from_another(tmp_path: Path) -> None:
    task = "Say whether you are at the door again after you have followed all of these steps"
    items = [(f"{task}: walk {n} steps, turn, walk {n + 7} steps, turn", ()) for n in range(20)]
    found = _searched(
        tmp_path, items, [items[3], (task, ()), (f"{task}: run 3 miles", ())], Rules()
    )
    assert [(row, item) for row, item, *_ in found] == [(0, 3)]
    few = _searched(tmp_path, items[:10], [items[3]], Rules())
    assert [item for _, item, *_ in few] == list(range(10))
    same = _searched(tmp_path, [(task, ())] * 20, [(task, ())], Rules())
    assert len(same) == 20


def test_common_text_is_left_out_and_counted(tmp_path: Path) -> None:
    said = "once upon a time there was a king who had three sons and a horse"
    rules = Rules(method="any_13gram", common_rows=2)
    items = [(said, ()), (f"{said} called Hans", ())]
    assert len(_searched(tmp_path, items, [(said, ())] * 2, rules)) == 4
    found, _ = _leaks(tmp_path, items, [(said, ())] * 3, rules)
    assert len(found.found.row) == 0
    assert found.ignored_parts.tolist() == [True, True]
    assert found.ignored_grams == 3


def test_a_share_is_met_by_the_least_number_that_is_at_least_that_much() -> None:
    sizes = np.array([0, 1, 3, 10, 100])
    assert least_held(sizes, 0.7).tolist() == [1, 1, 3, 7, 70]
    assert least_held(sizes, 0.0).tolist() == [1, 1, 1, 1, 1]
    assert least_held(sizes, 1.0).tolist() == [1, 1, 3, 10, 100]
