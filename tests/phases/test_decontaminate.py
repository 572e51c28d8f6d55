"""From a recipe to a mixture: what is dropped, what is told of it, always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from mixer.cards.summary import Summary
from mixer.errors import InputError, MixerError
from mixer.phases.why import story, told
from mixer.recipe.load import find_recipe

Build = Callable[..., tuple[Path, Summary]]
QUESTION = "Ana has {n} jars with {m} figs in each of them, how many figs has she in all?"
ANSWER = "She has {n} times {m} figs, which makes {p} figs in all of her jars."
SOURCES = """
name: t
seed: 3
sources:
  mine: {format: alpaca, path: "data/mine/*.jsonl", license: mit}
dedup: [exact]
"""
SETS = """
decontaminate:
  against:
    figs: {format: gsm8k, path: "data/figs/*.jsonl"}
    short: {format: columns, path: data/short.jsonl, options: {map: {prompt: q, answer: a}}}
"""
EXPORT = "mix: {}\nexport: [jsonl]\n"


def _fig(number: int) -> tuple[str, str]:
    n, m = number + 2, 3 * number + 5
    return QUESTION.format(n=n, m=m), ANSWER.format(n=n, m=m, p=n * m)


@pytest.fixture
def data(write_rows: Callable[[str, list[Any]], Path]) -> None:
    """Twelve rows: a question that is in the set of figs, an answer that is, both in one, a short
    question, seven that have nothing to do with either, and one of them once more."""
    figs = [_fig(number) for number in range(5)]
    plain = [f"Tell me what {word} means in one sentence, please." for word in "abcdefg"]
    rows = [
        (f"Solve this. {figs[0][0].upper()}", "I do not know."),
        ("How was it solved?", f"Like this: {figs[1][1]}"),
        figs[2],
        ("Say: who runs the town ferry?", "Who runs the town ferry? The town."),
        *((text, f"It means {number}.") for number, text in enumerate(plain)),
        (plain[0], "It means 0."),
    ]
    written = [{"instruction": asked, "input": "", "output": said} for asked, said in rows]
    write_rows("mine/a.jsonl", written[:5])
    write_rows("mine/b.jsonl", written[5:])
    write_rows("figs/a.jsonl", [{"question": q, "answer": a} for q, a in figs] + [{"x": 1}])
    short = [("Who runs the town ferry", "the town"), ("Why?", ""), ("What is it", "a long answer")]
    write_rows("short.jsonl", [{"q": q, "a": a} for q, a in short])


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


@pytest.mark.usefixtures("data")
def test_records_that_hold_an_item_are_dropped_and_name_it(build_recipe: Build) -> None:
    out, summary = build_recipe(SOURCES + SETS + EXPORT)
    dropped = {
        row["id"]: (row["why"], row["duplicate_of"], row["similarity"])
        for row in _rows(out / "ledger.parquet")
        if row["step"] == "decontaminate"
    }
    assert dropped == {
        "mine/mine/a.jsonl:1": ("holds a question of figs", "eval@figs/figs/a.jsonl:1", 1.0),
        "mine/mine/a.jsonl:2": ("holds an answer of figs", "eval@figs/figs/a.jsonl:2", 1.0),
        "mine/mine/a.jsonl:3": ("holds a question of figs", "eval@figs/figs/a.jsonl:3", 1.0),
        "mine/mine/a.jsonl:4": ("holds a question of short", "eval@short/data/short.jsonl:1", 1.0),
    }
    assert summary.dropped["decontaminate"] == {
        "holds a question of figs": 2,
        "holds an answer of figs": 1,
        "holds a question of short": 1,
    }
    assert summary.read == 12
    assert summary.drawn == 7


@pytest.mark.usefixtures("data")
def test_every_hit_is_told_with_its_part(build_recipe: Build) -> None:
    out, _ = build_recipe(SOURCES + SETS + EXPORT)
    hits = [
        (row["evaluation_set"], row["item"][-1], row["part"], row["id"][-1], row["fate"])
        for row in _rows(out / "contamination.parquet")
    ]
    assert hits == [
        ("figs", "1", "question", "1", "dropped"),
        ("figs", "2", "answer", "2", "dropped"),
        ("figs", "3", "question", "3", "dropped"),
        ("figs", "3", "answer", "3", "dropped"),
        ("short", "1", "question", "4", "dropped"),
    ]
    text = told(story(out, "mine/mine/a.jsonl:2"))
    assert "dropped by decontaminate: holds an answer of figs" in text
    assert "100.0% of eval@figs/figs/a.jsonl:2" in text
    with pytest.raises(
        MixerError, match=r"no record of the mixture; .* hold it: mine/mine/a\.jsonl:2$"
    ):
        story(out, "eval@figs/figs/a.jsonl:2")
    with pytest.raises(MixerError, match="an id looks like"):
        story(out, "eval@figs/figs/a.jsonl:4")


@pytest.mark.usefixtures("data")
def test_what_was_read_of_the_sets_is_accounted_for(build_recipe: Build) -> None:
    out, summary = build_recipe(SOURCES + SETS + EXPORT)
    assert summary.decontamination is not None
    figs, short = summary.decontamination.sets
    assert (figs.items, sum(figs.quarantined.values())) == (5, 1)
    assert (figs.leaked_items, figs.share, figs.records) == (3, 0.6, 3)
    assert (figs.questions.judged, figs.questions.leaked, figs.answers.leaked) == (5, 2, 2)
    assert (short.questions.judged, short.questions.too_short) == (1, 2)
    assert (short.answers.judged, short.answers.too_short) == (0, 2)
    assert [row["id"] for row in _rows(out / "quarantine.parquet")] == ["eval@figs/figs/a.jsonl:6"]
    facts = [msgspec.json.decode(line) for line in (out / "files.jsonl").read_bytes().splitlines()]
    assert [fact["records"] for fact in facts if fact["source"] == "eval@figs"] == [5]
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "| figs | 5 | 1 | 3 | 60.00% | 3 |" in card
    assert "2 too short to judge" in card


@pytest.mark.usefixtures("data")
def test_no_item_is_in_the_mixture(build_recipe: Build) -> None:
    out, _ = build_recipe(SOURCES + SETS + EXPORT)
    ids = [row["id"] for row in _rows(out / "ledger.parquet")]
    assert len(ids) == 12
    assert not any(identity.startswith("eval@") for identity in ids)
    assert "figs in each" not in (out / "exports" / "jsonl" / "sft.jsonl").read_text()


@pytest.mark.usefixtures("data")
def test_a_report_keeps_the_records(build_recipe: Build) -> None:
    out, summary = build_recipe(SOURCES + SETS + "  on_hit: report\n" + EXPORT)
    assert "decontaminate" not in summary.dropped
    assert {row["fate"] for row in _rows(out / "contamination.parquet")} == {"drawn"}
    assert summary.decontamination is not None
    assert summary.decontamination.sets[0].leaked_items == 3
    assert "A record that holds one stays" in (out / "README.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("method", ["", "  method: any_13gram\n"])
def test_workers_and_shards_do_not_change_a_byte(build_recipe: Build, method: str) -> None:
    expected = _hashes(build_recipe(SOURCES + SETS + method + EXPORT, out="one")[0])
    for number, settings in enumerate(({"workers": 2, "shard_rows": 2}, {"shard_rows": 1})):
        out, _ = build_recipe(SOURCES + SETS + method + EXPORT, out=f"other{number}", **settings)
        assert _hashes(out) == expected


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("data")
def test_one_shared_13_gram_is_enough_unless_many_records_have_it(
    build_recipe: Build, write_rows: Callable[[str, list[Any]], Path]
) -> None:
    question = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    write_rows("short.jsonl", [{"q": f"{question} and quite another end of it all", "a": ""}])
    row = {"instruction": f"They said {question}", "input": "", "output": "x"}
    write_rows("mine/c.jsonl", [row | {"output": f"x{number}"} for number in range(3)])
    recipe = SOURCES + SETS + "  method: any_13gram\n"
    _, summary = build_recipe(recipe + EXPORT, out="rare")
    assert summary.decontamination is not None
    assert summary.decontamination.sets[1].records == 3
    _, summary = build_recipe(recipe + "  common_rows: 2\n" + EXPORT, out="common")
    assert summary.decontamination is not None
    (_, short) = summary.decontamination.sets
    assert (short.records, short.questions.common) == (0, 1)
    assert summary.decontamination.ignored_grams == 2


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("format: gsm8k, path: data/none.jsonl", "no file matches"),
        ("format: gsm8k, path: data/empty.jsonl", "hold no rows"),
        ("format: humaneval, path: 'data/figs/*.jsonl'", "no row became a record: all 6"),
    ],
)
def test_a_set_that_cannot_be_read_is_named_with_its_line(
    build_recipe: Build, tmp_path: Path, fields: str, words: str
) -> None:
    (tmp_path / "data" / "empty.jsonl").touch()
    recipe = f"{SOURCES}decontaminate:\n  against:\n    lost: {{{fields}}}\n"
    with pytest.raises(InputError, match=rf"recipe.yaml:9: decontaminate.against.lost: .*{words}"):
        build_recipe(recipe)


def test_the_shipped_recipe_finds_the_leaks_in_its_samples(build_recipe: Build) -> None:
    _, summary = build_recipe(find_recipe("decontaminated").read_text(encoding="utf-8"))
    assert summary.decontamination is not None
    found = {one.name: (one.items, one.leaked_items) for one in summary.decontamination.sets}
    assert found == {
        "gsm8k": (4, 1),
        "mmlu": (4, 0),
        "bbh": (3, 0),
        "humaneval": (2, 1),
        "truthfulqa": (3, 0),
        "mt-bench": (4, 1),
    }
    assert sum(sum(one.quarantined.values()) for one in summary.decontamination.sets) == 0
