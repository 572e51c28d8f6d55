"""The command line as a user meets it: help, exit codes, one-sentence errors, answers on stdout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mixer import formats
from mixer.cli import main

ROWS = [
    {"instruction": f"Name a number after {n}.", "input": "", "output": f"{n + 1}"}
    for n in range(30)
]
README = Path(__file__).parents[1] / "README.md"
RECIPE = "name: t\nsources: {s: {format: alpaca, path: data/a.jsonl, license: mit}}\n"


def _mixer(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def mixture(
    tmp_path: Path, write_rows: Callable[[str, list[Any]], Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    write_rows("a.jsonl", [*ROWS, ROWS[0], {"instruction": 5}])
    (tmp_path / "recipe.yaml").write_text(RECIPE + "dedup: [exact]\n")
    (tmp_path / "wrong.yaml").write_text(RECIPE.replace("alpaca", "shp"))
    monkeypatch.chdir(tmp_path)
    result = _mixer("build", "recipe.yaml", "--workers", "1")
    assert result.exit_code == 0, result.output
    return tmp_path / "mixtures" / "t"


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    result = _mixer(verb, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"mixer {verb}" in result.output
    assert f"`mixer {verb}" in README.read_text(encoding="utf-8")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = [sys.executable, "-m", "mixer", "schema"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['mixer', '--help']\n"
        "from mixer.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pyarrow', 'pandas', 'datasets', 'numpy', 'rich', 'ruamel'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_build_prints_shares_on_stdout_and_phases_on_stderr(mixture: Path) -> None:
    result = _mixer("build", "recipe.yaml", "--workers", "1")
    assert "t by component" in result.stdout
    assert "read              32 → 31 kept (1 dropped)" in result.stderr
    assert "dedup.exact       31 → 30 kept (1 dropped)" in result.stderr


def test_plan_writes_no_mixture(mixture: Path, tmp_path: Path) -> None:
    text = RECIPE.replace("name: t", "name: planned")
    (tmp_path / "planned.yaml").write_text(text)
    assert _mixer("plan", "planned.yaml", "--workers", "1").exit_code == 0
    assert not (tmp_path / "mixtures" / "planned").exists()


def test_a_missed_goal_is_exit_code_3_with_the_numbers(mixture: Path, tmp_path: Path) -> None:
    goal = "mix: {rows: 20, shares: {component: {feedback: 0.2}}}\n"
    (tmp_path / "missed.yaml").write_text(RECIPE + goal)
    result = _mixer("build", "missed.yaml", "--workers", "1", "--out", "missed")
    assert result.exit_code == 3
    assert "component.feedback = 0.2 needs 4 rows; no such record is left." in result.stderr
    assert "take it out of the shares" in result.stderr
    assert "Closest feasible mixture: " in result.stderr
    assert not (tmp_path / "missed").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["build", "nothing.yaml"], 1, "no recipe file"),
        (["build"], 2, "give a RECIPE, or --locked"),
        (["build", "recipe.yaml", "--out", "data"], 1, "was not made by mixer"),
        (["inspect", "data"], 1, "add --format"),
        (["inspect", "data/a.jsonl", "--format", "alpacca"], 1, "did you mean 'alpaca'"),
        (["inspect", "mixtures/t", "--by", "fom"], 1, "no column 'fom'"),
        (["build", "wrong.yaml", "--workers", "1"], 1, "no row became a record: all 32"),
        (["why", "mixtures/t", "s/none:1"], 1, "no record 's/none:1'"),
        (["why", "mixtures/t"], 2, "give an ID, or --source and --row"),
        (["why", "mixtures/t", "--source", "s"], 2, "give an ID, or --source and --row"),
        (["why", "mixtures/t", "a", "--source", "s", "--row", "1"], 2, "give an ID, or"),
        (["why", "mixtures/t", "--source", "t", "--row", "1"], 1, "no source 't'"),
        (["why", "mixtures/t", "--source", "s", "--row", "99"], 1, "no record was made of row 99"),
        (["remove", "mixtures/t"], 2, "give one of --ids, --source and --match"),
        (["remove", "mixtures/none", "--source", "s"], 1, "is no mixture"),
        (["remove", "mixtures/t", "--source", "t"], 1, "no source 't'"),
        (["export", "mixtures/t", "--to", "word", "x"], 2, "is not one of"),
        (["export", "mixtures/t", "--to", "jsonl", "data"], 1, "was not made by mixer"),
        (["formats", "shpp"], 1, "did you mean 'shp'"),
        (["sources", "hh"], 1, "no data card 'hh'"),
        (["sources", "--only", "a"], 2, "--only names entries of the file of --from"),
        (["sources", "--from", "data/a.jsonl"], 1, "no dataset_info.json that can be read"),
    ],
)
@pytest.mark.usefixtures("mixture")
def test_errors_are_one_sentence(arguments: list[str], code: int, words: str) -> None:
    result = _mixer(*arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_debug_shows_the_traceback() -> None:
    result = _mixer("--debug", "build", "nothing.yaml")
    assert "Traceback" in result.stderr


def test_on_bad_row_stop_names_file_and_row(mixture: Path, tmp_path: Path) -> None:
    (tmp_path / "stop.yaml").write_text(RECIPE + "on_bad_row: stop\n")
    result = _mixer("build", "stop.yaml", "--workers", "1", "--out", "stopped")
    assert result.exit_code == 1
    assert "a.jsonl:32: Expected `str`, got `int` - at `$.instruction`" in result.stderr
    assert not (tmp_path / "stopped").exists()


def test_why_tells_the_fate_of_a_duplicate(mixture: Path) -> None:
    result = _mixer("why", str(mixture), "s/data/a.jsonl:31", "--json")
    told = json.loads(result.stdout)
    assert told["fate"] == "dropped"
    assert told["duplicate_of"] == "s/data/a.jsonl:1"
    assert "kept over s/data/a.jsonl:31" in _mixer("why", str(mixture), "s/data/a.jsonl:1").stdout


def test_inspect_reads_a_mixture_a_working_folder_and_a_file(mixture: Path) -> None:
    for arguments in (
        [str(mixture)],
        [f"{mixture}.work"],
        ["data/a.jsonl", "--format", "alpaca", "--no-language"],
    ):
        result = _mixer("inspect", *arguments, "--by", "source", "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["by source"]
    by = "task_type_by"
    judged = _mixer("inspect", "data/a.jsonl", "--format", "alpaca", "--by", by, "--json").stdout
    assert {row[by] for row in json.loads(judged)[f"by {by}"]} == {"model"}
    crossed = _mixer("inspect", str(mixture), "--by", "component", "--by", "source").stdout
    assert "component by source (rows)" in crossed


def test_exports_hold_the_rows_of_the_mixture(mixture: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    expected = pq.read_table(mixture / "data" / "sft").to_pylist()
    for name in ("jsonl", "parquet"):
        assert _mixer("export", str(mixture), "--to", name, f"as-{name}").exit_code == 0
    lines = (tmp_path / "as-jsonl" / "sft.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == expected
    assert pq.read_table(tmp_path / "as-parquet" / "sft").to_pylist() == expected


def test_formats_and_sources_list_everything() -> None:
    listed = _mixer("formats").stdout
    assert all(name in listed for name in formats.names())
    assert "hh_rlhf" in _mixer("sources").stdout
    assert "Anthropic/hh-rlhf" in _mixer("sources", "hh_rlhf").stdout


def test_a_dataset_info_is_printed_as_a_recipe(tmp_path: Path) -> None:
    info = tmp_path / "dataset_info.json"
    info.write_text('{"a": {"file_name": "a.json"}, "b": {}}', encoding="utf-8")
    printed = _mixer("sources", "--from", str(info)).stdout
    assert f'  a: {{format: alpaca, path: "{tmp_path}/a.json"}}' in printed
    assert "# 'b' is left out: it has neither `file_name` nor `hf_hub_url`" in printed


def test_a_parquet_file_that_is_none_is_one_sentence(mixture: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(mixture, tmp_path / "copied")
    (copied / "data" / "sft" / "x.parquet").write_bytes(b"\n")
    for arguments in (["inspect", "--by", "form"], ["export", "--to", "jsonl"]):
        verb, *options = arguments
        out = [str(tmp_path / "out")] if verb == "export" else []
        result = _mixer(verb, str(copied), *options, *out)
        assert result.exit_code == 1
        assert result.stderr.startswith("mixer: a Parquet file that cannot be read: ")
        assert len(result.stderr.splitlines()) == 1
