"""An ablation's members: one budget, the same rows, and results that can be analysed."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from mixer.ablate import ablate
from mixer.cli import main
from mixer.engines.local import local_engine
from mixer.errors import GoalMissed
from mixer.pipeline import Settings
from mixer.recipe.load import load_recipe
from mixer.report.progress import Progress

RECIPE = """
name: small
seed: 3
sources:
  tasks: {format: alpaca, path: data/tasks.jsonl}
  pairs: {format: hh_rlhf, path: data/pairs.jsonl}
annotate: [task_type]
mix: {rows: 40, shares: {component: {instruction: 0.5, open_ended: 0.25, feedback: 0.25}}}
ablate:
  dose: {feedback: [0, 0.5]}
  feedback_as: [preference, chosen]
"""


@pytest.fixture
def data(write_rows: Callable[[str, list[Any]], Path]) -> None:
    short = [
        {"instruction": f"What is {n} plus {n}?", "input": "", "output": f"{2 * n}"}
        for n in range(70)
    ]
    story = "Once upon a time there was a fox who liked to walk, and one day it met "
    long = [
        {
            "instruction": f"Write a story about fox {n}.",
            "input": "",
            "output": f"{story} {n}. " * 6,
        }
        for n in range(50)
    ]
    write_rows("tasks.jsonl", short + long)
    pairs = []
    for n in range(60):
        start = f"\n\nHuman: Is {n} even?\n\nAssistant: "
        pairs.append({"chosen": f"{start}Let us see: {n}.", "rejected": f"{start}No idea."})
    write_rows("pairs.jsonl", pairs)


def _run(tmp_path: Path, text: str = RECIPE) -> Path:
    (tmp_path / "recipe.yaml").write_text(text)
    with local_engine(1) as engine:
        settings = Settings(tmp_path / "work", engine, Progress(io.StringIO()))
        ablate(load_recipe(tmp_path / "recipe.yaml"), tmp_path / "out", settings)
    return tmp_path / "out"


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def _ids(member: Path) -> dict[str, set[str]]:
    """Ids by component."""
    found = defaultdict(set)
    for path in sorted((member / "data").glob("*/*.parquet")):
        table = pq.read_table(path, columns=["id", "component"])
        for row in table.to_pylist():
            found[row["component"]].add(row["id"])
    return found


@pytest.mark.usefixtures("data")
def test_members_have_one_budget_and_nested_rows(tmp_path: Path) -> None:
    out = _run(tmp_path)
    design = _table(out / "design.csv")
    names = [row["member"] for row in design]
    assert {"full", "full-chosen", "without-feedback", "only-open_ended", "feedback-0.5"} <= set(
        names
    )
    assert {row["rows"] for row in design} == {"40"}
    ids = {name: _ids(out / name) for name in names}
    for one in names:
        for other in names:
            for component in ids[one].keys() & ids[other].keys():
                smaller, larger = sorted((ids[one][component], ids[other][component]), key=len)
                assert smaller <= larger
    assert ids["full"] == ids["full-chosen"]
    assert "feedback" not in ids["without-feedback"]


@pytest.mark.usefixtures("data")
def test_chosen_members_hold_the_same_feedback_as_supervised_rows(tmp_path: Path) -> None:
    out = _run(tmp_path)
    assert (out / "full" / "data" / "preference").is_dir()
    assert not (out / "full-chosen" / "data" / "preference").exists()
    table = pq.read_table(next((out / "full-chosen" / "data" / "sft").glob("*.parquet")))
    feedback = [row for row in table.to_pylist() if row["component"] == "feedback"]
    assert len(feedback) == 10
    assert all(row["messages"][-1]["content"].startswith("Let us see") for row in feedback)


@pytest.mark.usefixtures("data")
def test_the_overlap_table_counts_what_the_folders_share(tmp_path: Path) -> None:
    out = _run(tmp_path)
    table = _table(out / "overlap.csv")
    for row in table:
        mine = set().union(*_ids(out / row["member"]).values())
        for other in ("full", "without-feedback", "only-feedback"):
            theirs = set().union(*_ids(out / other).values())
            assert int(row[other]) == len(mine & theirs)


@pytest.mark.usefixtures("data")
def test_a_budget_that_one_member_cannot_have_is_refused_or_shrunk(tmp_path: Path) -> None:
    larger = RECIPE.replace("rows: 40", "rows: 90")
    with pytest.raises(GoalMissed, match="the member only-open_ended can have at most 50 rows"):
        _run(tmp_path, larger)
    assert not (tmp_path / "out").exists()
    out = _run(tmp_path, larger.replace("rows: 90", "rows: 90, when_short: shrink"))
    assert {row["rows"] for row in _table(out / "design.csv")} == {"50"}
    assert "the most that only-open_ended can have" in (out / "README.md").read_text()


@pytest.mark.usefixtures("data")
def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path) -> None:
    first = {p.relative_to(tmp_path): p.read_bytes() for p in _files(_run(tmp_path))}
    again = {p.relative_to(tmp_path): p.read_bytes() for p in _files(_run(tmp_path))}
    assert first == again


@pytest.mark.usefixtures("data")
def test_what_people_wrote_into_the_card_of_a_member_stays(tmp_path: Path) -> None:
    card = _run(tmp_path) / "full" / "README.md"
    written = f"{card.read_text()}\n## Findings\n\nIt helps.\n"
    card.write_text(written)
    _run(tmp_path)
    assert card.read_text() == written


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


@pytest.mark.usefixtures("data")
def test_the_command_builds_and_analyses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("recipe.yaml").write_text(RECIPE)
    command = ["ablate", "recipe.yaml", "--workers", "1", "--factorial", "--random", "6"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    folder = Path("ablations/small")
    summary = json.loads((folder / "ablation.json").read_text())
    members = {member["name"]: member for member in summary["members"]}
    assert members["without-open_ended"]["designs"] == "leave_one_out+factorial"
    assert "random-06" in members
    result = CliRunner().invoke(main, ["ablate", "--analyse", str(folder / "results.csv")])
    assert result.exit_code == 1
    assert "nothing measured yet" in result.stderr
    lines = ["member,run,metric,value"]
    for run in range(3):
        for name, member in members.items():
            gain = 0.4 * member["shares"]["feedback"] + 0.01 * ((run * 7 + len(name)) % 5)
            lines.append(f"{name},{run},score,{gain:.4f}")
    (folder / "results.csv").write_text("\n".join(lines) + "\n")
    result = CliRunner().invoke(main, ["ablate", "--analyse", str(folder / "results.csv")])
    assert result.exit_code == 0, result.output
    assert "score, leave-one-out" in result.stdout
    assert "score, feedback-as: preference pairs less their chosen answers" in result.stdout
    assert "score, simplex" in result.stdout
    assert (folder / "effects.png").read_bytes().startswith(b"\x89PNG")
    result = CliRunner().invoke(main, ["ablate"])
    assert result.exit_code == 2
