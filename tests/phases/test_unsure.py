"""Who looks for doubtful labels finds the least certain first, and text that is safe to print."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from mixer.cli import main
from mixer.errors import InputError
from mixer.phases.unsure import unsure_in_mixture

ROWS = [
    {"instruction": "Compute 3 + 4.", "input": "", "output": "7"},
    {"instruction": "Translate into French: good day", "input": "", "output": "bonjour"},
    {"instruction": "Hm \x1b[31m\u202ered?\nSo", "input": "", "output": "Well\tthen."},
    {"instruction": "Write a poem about tea.", "input": "", "output": "Tea, O tea."},
    {"instruction": "Blue, then?", "input": "", "output": "x" * 500},
]
TABLE = "q,a,kind\nWho runs it?,The town.,Closed QA\n"
RECIPE = """
name: t
sources:
  s: {format: alpaca, path: data/a.jsonl}
  twice: {format: alpaca, path: data/b.jsonl, rows: 2, max_epochs: 2}
  told: {format: columns, path: data/told.csv, map: {prompt: q, answer: a, task: kind}}
annotate: [ANNOTATED]
mix: {}
"""


@pytest.fixture
def built(
    tmp_path: Path, write_rows: Callable[[str, list[Any]], Path], build_recipe: Callable[..., Any]
) -> Callable[[str], Path]:
    write_rows("a.jsonl", ROWS)
    write_rows("b.jsonl", [{"instruction": "And so?", "input": "", "output": "Perhaps."}])
    (tmp_path / "data" / "told.csv").write_text(TABLE)

    def build(annotated: str) -> Path:
        out, _ = build_recipe(RECIPE.replace("ANNOTATED", annotated))
        return Path(out)

    return build


def _inspect(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["inspect", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def _unsure(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_inspect(*arguments, "--json"))["unsure"]
    return found


def test_a_mixture_and_its_working_folder_tell_the_same(built: Callable[[str], Path]) -> None:
    out = built("task_type")
    found = _unsure(str(out), "--unsure", "100")
    assert found == _unsure(f"{out}.work", "--unsure", "100")
    sure = [(min(one["task_type_confidence"], one["form_confidence"]), one["id"]) for one in found]
    assert sure == sorted(sure)
    # The record that is drawn twice counts once, the one whose task upstream states not at all.
    assert sorted(one["id"] for one in found) == [
        *(f"s/data/a.jsonl:{row}" for row in range(1, 6)),
        "twice/data/b.jsonl:1",
    ]
    assert _unsure(str(out), "--unsure", "2") == found[:2]


def test_text_cannot_move_the_cursor_and_is_short(built: Callable[[str], Path]) -> None:
    printed = _inspect(str(built("task_type")), "--unsure", "100")
    assert r"Hm \x1b[31m\u202ered?\nSo" in printed
    assert r"Well\tthen." in printed
    assert "\x1b" not in printed
    assert max(map(len, printed.splitlines())) < 150
    assert "rows with the least certain labels" in printed
    assert "share" not in printed


def test_tables_come_first_where_they_are_wanted(built: Callable[[str], Path]) -> None:
    printed = _inspect(str(built("task_type")), "--unsure", "1", "--by", "form")
    tables, listed = printed.split("1 rows with the least")
    assert "unsure_share" in tables
    assert "the model labelled" in tables
    assert "task_type" in listed


def test_data_files_are_judged_too(built: Callable[[str], Path], tmp_path: Path) -> None:
    out = built("task_type")
    path = str(tmp_path / "data" / "a.jsonl")
    found = _unsure(path, "--format", "alpaca", "--no-language", "--unsure", "9")
    labels = {(one["prompt"], one["task_type_confidence"], one["answer"]) for one in found}
    assert len(labels) == len(ROWS)
    of_mixture = _unsure(str(out), "--unsure", "9")
    assert labels <= {(o["prompt"], o["task_type_confidence"], o["answer"]) for o in of_mixture}


def test_without_labels_it_is_said_how_to_get_them(built: Callable[[str], Path]) -> None:
    out = built("length")
    for path in (str(out), f"{out}.work"):
        result = CliRunner().invoke(main, ["inspect", path, "--unsure", "3"])
        assert result.exit_code == 1
        assert "annotate: [task_type]" in result.stderr
    assert "unsure" not in _inspect(str(out), "--by", "source")


def _file(folder: Path, name: str, columns: dict[str, list[Any]]) -> None:
    rows = len(columns["id"])
    labels = {"task_type": ["chat"] * rows, "form": ["creative"] * rows}
    sure = {"task_type_confidence": [0.5] * rows, "form_confidence": [0.75] * rows}
    path = folder / "data" / name / "train-00000-of-00001.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({**columns, **labels, **sure}), path)


def test_ties_go_by_id_over_all_configurations(tmp_path: Path) -> None:
    asked = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    said = [{"role": "assistant", "content": "Yes"}, {"role": "assistant", "content": "No"}]
    _file(tmp_path, "sft", {"id": ["b", "d"], "messages": [[*asked, *said], said]})
    _file(tmp_path, "preference", {"id": ["c"], "prompt": [asked], "chosen": [said[1:]]})
    _file(tmp_path, "prompts", {"id": ["a"], "prompt": [asked]})
    found = unsure_in_mixture(tmp_path, 10)
    assert [(one.id, one.prompt, one.answer) for one in found] == [
        ("a", "Hi", None),
        ("b", "Hi", r"Yes\n\nNo"),
        ("c", "Hi", "No"),
        ("d", "Yes", "No"),
    ]


def test_an_older_mixture_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sft" / "train.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"id": ["a"], "task_type": ["chat"]}), path)
    with pytest.raises(InputError, match="does not say how sure labels are: build again"):
        unsure_in_mixture(tmp_path, 1)


def test_calls_of_tools_and_judged_answers_are_shown_as_the_records_have_them(
    write_rows: Callable[[str, list[Any]], Path], build_recipe: Callable[..., Any]
) -> None:
    asked = {"role": "user", "content": "When is high water at Aber?"}
    tide = {"type": "function", "function": {"name": "tide", "arguments": {"harbour": "Aber"}}}
    called = {"role": "assistant", "content": None, "tool_calls": [tide]}
    told = {"role": "tool", "content": "14:20"}
    said = {"role": "assistant", "content": "At twenty past two."}
    write_rows("chats.jsonl", [{"messages": [asked, called, told, said]}])
    judged = {"prompt": "Is the ford open?", "completion": "From May on.", "label": True}
    write_rows("judged.jsonl", [judged])
    out, _ = build_recipe(
        "name: t\nsources:\n  a: {format: messages, path: data/chats.jsonl}\n"
        "  b: {format: kto, path: data/judged.jsonl}\nannotate: [task_type]\nmix: {}\n"
    )
    found = _unsure(str(out), "--unsure", "9")
    call = r'{"name": "tide", "arguments": {"harbour": "Aber"}}\n\n14:20\n\nAt twenty past two.'
    assert {one["prompt"]: one["answer"] for one in found} == {
        "When is high water at Aber?": call,
        "Is the ford open?": "From May on.",
    }
    assert found == _unsure(f"{out}.work", "--unsure", "9")
