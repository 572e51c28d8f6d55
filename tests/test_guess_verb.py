"""`mixer guess`: what a user is told of a file, and the recipe that comes out of it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mixer.cli import main
from mixer.guess_verb import guess
from mixer.recipe.load import read_recipe
from mixer.report.guess import Group
from mixer.resources import folder

SAMPLES = folder("samples")
SAMPLE_FILES = sorted(
    str(path.relative_to(SAMPLES))
    for path in SAMPLES.rglob("*")
    if path.is_file() and path.suffix != ".py" and path.stat().st_size
)
TEAS = [{"instruction": f"Name tea {n}.", "input": "", "output": f"Assam {n}."} for n in range(8)]


def _mixer(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["guess", *arguments])


def _group(path: Path | str) -> Group:
    (group,) = guess([str(path)]).groups
    return group


def _best(path: Path | str) -> list[str]:
    return [each.format for each in _group(path).tied]


@pytest.fixture
def rows_file(write_rows: Callable[[str, list[Any]], Path]) -> Callable[..., Path]:
    def write(*rows: Any, name: str = "mine.jsonl") -> Path:
        return write_rows(name, list(rows))

    return write


@pytest.mark.parametrize("sample", SAMPLE_FILES)
def test_every_shipped_sample_is_known_by_its_rows(sample: str) -> None:
    assert Path(sample).parts[0] in _best(SAMPLES / sample)


@pytest.mark.parametrize(
    ("row", "format"),
    [
        ({"question": "How much is 2 + 3?", "answer": "2 + 3 = 5\n#### 5"}, "gsm8k"),
        ({"question": "Which tea?", "answer": "Assam."}, "columns"),
        ({"prompt": "Which tea?", "completion": "Assam.<|endoftext|>"}, "p3"),
        ({"prompt": "Which tea?", "completion": "Assam."}, "columns"),
        ({"instruction": "Which tea?", "context": "", "response": "A", "category": "qa"}, "dolly"),
        ({"inputs": "Which tea?", "targets": "Assam.", "language": "en"}, "aya"),
        ({"inputs": "Which tea?", "targets": "Assam."}, "columns"),
    ],
)
def test_field_names_alone_make_no_row_one_of_a_data_set(
    row: dict[str, str], format: str, rows_file: Callable[..., Path]
) -> None:
    assert _best(rows_file(row, row))[0] == format


def test_formats_that_fit_equally_are_all_named_with_what_tells_them_apart(
    rows_file: Callable[..., Path],
) -> None:
    group = _group(rows_file(*TEAS))
    assert [each.format for each in group.tied] == ["alpaca", "gpteacher", "self_instruct"]
    told = {each.format: each for each in group.tied}
    assert told["gpteacher"].differences == ["subset 'data'"]
    assert told["gpteacher"].card == "gpteacher"
    assert "instances" in told["self_instruct"].further
    shown = _mixer(group.files[0]).stdout
    assert "alpaca, gpteacher and self_instruct fit equally well; alpaca is first" in shown
    assert "# gpteacher, self_instruct would fit equally well." in shown


def test_the_path_decides_between_equals_and_only_there(rows_file: Callable[..., Path]) -> None:
    assert _best(rows_file(*TEAS, name="self-instruct/all.jsonl"))[0] == "self_instruct"
    assert _best(rows_file({"text": "Tea."}, name="shp/all.jsonl")) == ["columns"]


def test_a_format_that_reads_less_never_wins(rows_file: Callable[..., Path]) -> None:
    pair = {"prompt": "Which tea?", "chosen": "Assam.", "rejected": "None."}
    best = _group(rows_file(pair, pair)).fits[0]
    assert best.used == pair.keys()
    assert best.format != "prompt_only"


def test_the_share_of_rows_that_parse_is_counted(rows_file: Callable[..., Path]) -> None:
    best = _group(rows_file(*TEAS[:6], {"instruction": 5}, {"input": "x"})).fits[0]
    assert (best.rows, best.parsed) == (8, 6)


@pytest.mark.parametrize("rows", [TEAS[:3], [{"problem": "2 + 2?", "solution": "4"}] * 3])
def test_the_recipe_is_one_that_builds(
    rows: list[Any], rows_file: Callable[..., Path], tmp_path: Path
) -> None:
    told = guess([str(rows_file(*rows))])
    (tmp_path / "guessed.yaml").write_text(told.recipe or "", encoding="utf-8")
    arguments = ["build", f"{tmp_path}/guessed.yaml", "--out", f"{tmp_path}/out", "--workers", "1"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "3 → 3 kept" in result.stderr


def test_a_folder_becomes_a_source_a_format(rows_file: Callable[..., Path], tmp_path: Path) -> None:
    rows_file(*TEAS, name="teas/a.jsonl")
    rows_file(*TEAS, name="teas/b.jsonl")
    rows_file({"problem": "2 + 2?", "solution": "4"}, name="sums/c.jsonl")
    (tmp_path / "data" / "teas" / "empty.jsonl").touch()
    told = guess([str(tmp_path / "data")])
    sources = read_recipe(told.recipe or "", tmp_path / "recipe.yaml").sources
    assert {name: source.format for name, source in sources.items()} == {
        "c": "columns",
        "teas": "alpaca",
    }
    assert sources["teas"].paths == [f"{tmp_path}/data/teas/*"]
    shown = _mixer(str(tmp_path / "data"))
    assert "empty.jsonl is empty: it has 0 bytes" in shown.stdout
    assert shown.exit_code == 0


def test_files_of_one_format_are_counted_together(
    rows_file: Callable[..., Path], tmp_path: Path
) -> None:
    rows_file(*TEAS, name="a.jsonl")
    rows_file(*({"instruction": "a", "output": "b"} for _ in range(2)), {"x": 1}, name="b.jsonl")
    (tmp_path / "data" / "c.csv").write_text("instruction,output\na,b\n")
    group = _group(tmp_path / "data")
    assert len(group.files) == 3
    best = group.fits[0]
    assert (best.format, best.rows, best.parsed) == ("alpaca", 12, 11)
    assert {fit.rows for fit in group.fits if fit.format != "columns"} == {12}
    assert not best.left


def test_examples_are_short_and_printable(rows_file: Callable[..., Path]) -> None:
    loud = {"instruction": "\x1b[31m" + "Tea? " * 900, "output": "Assam.\u202e"}
    shown = _mixer(str(rows_file(loud, loud))).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "answer: Assam.\\u202e" in shown
    assert max(map(len, shown.splitlines())) < 400


def test_a_long_conversation_is_shown_with_its_end(rows_file: Callable[..., Path]) -> None:
    turns = [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}"} for n in range(20)]
    shown = _mixer(str(rows_file({"messages": turns}))).stdout
    assert "user: turn 0\n" in shown
    assert "(14 more turns)" in shown
    assert "answer: turn 19\n" in shown


def test_json_holds_what_the_tables_show(rows_file: Callable[..., Path]) -> None:
    told = json.loads(_mixer(str(rows_file(*TEAS)), "--json").stdout)
    best = told["groups"][0]["formats"][0]
    assert (best["format"], best["share_that_parses"]) == ("alpaca", 1.0)
    assert best["reads"] == ["input", "instruction", "output"]
    assert len(told["groups"][0]["examples"]) == 3
    assert "format: alpaca" in told["recipe"]


PICKLE = b"\x80\x04\x95" + bytes(50)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty: it has 0 bytes"),
        (b"\n\n", "holds no rows: its 2 bytes"),
        (b"[]", "holds no rows"),
        (bytes(range(40)), "is binary, not text: it begins with the bytes 00 01 02"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
        (PICKLE, "is a pickle, which mixer never opens"),
        (b'{"question": "caf\xe9"}\n', "is not UTF-8: the byte 0xe9 in row 1"),
        (gzip.compress(b"Dear reader,\n", mtime=0), "it begins with 'Dear reader,'"),
        (gzip.compress(PICKLE, mtime=0), "is a pickle, which mixer never opens"),
        (gzip.compress(b"Dear reader,\n" * 9, mtime=0)[:10], "cannot be read: the file breaks off"),
        (b"PAR1" + bytes(50), "cannot be read: the file breaks off after row 0: "),
        ("Dear reader,\n".encode("utf-16"), "it begins with 'Dear reader,'"),
        (b'[{"a": 1},]', "their fields are a, of which no format reads any"),
        (b"Dear reader,\n", "it begins with 'Dear reader,'"),
        (b'"one"\n"two"\n', "holds texts, no objects with fields"),
        (b'{"colour": "red"}\n', "their fields are colour, of which no format reads any"),
        (b'{"task_id": "a", "completion": "b"}\n', "the nearest is p3, which reads completion"),
        (b'{"context": "a", "response": "b"}\n', "needs `instruction`"),
    ],
)
def test_what_fits_no_format_is_told_in_a_sentence(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    result = _mixer(str(path))
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_mostly_unreadable_rows_are_told_with_the_first(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text('{"instruction": "a", "output": "b"}\n' + 3 * '{"instruction": "a" b"}\n')
    result = _mixer(str(path))
    assert result.exit_code == 1
    assert "has 3 rows that cannot be read of the 4 looked at; row 2: " in result.stderr


def test_wrong_usage_and_missing_files() -> None:
    assert _mixer().exit_code == 2
    missing = _mixer("nothing-of-that-name.jsonl")
    assert missing.exit_code == 1
    assert "no file matches 'nothing-of-that-name.jsonl'" in missing.stderr


def test_rows_of_an_archive_are_named_as_ids_name_them(tmp_path: Path) -> None:
    path = tmp_path / "teas.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.jsonl", "b/c.jsonl"):
            archive.writestr(name, "".join(json.dumps(each) + "\n" for each in TEAS))
    shown = _mixer(str(path)).stdout
    assert f"  {path}/a.jsonl:1\n" in shown
    assert f"  {path}/b/c.jsonl:{len(TEAS)}\n" in shown
    command = [sys.executable, "-m", "mixer", "guess", "-"]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True)
    assert b"  -/a.jsonl:1\n" in done.stdout


def test_an_archive_of_objects_is_known_by_its_members(tmp_path: Path) -> None:
    task = {"Definition": ["Say."], "Instances": [{"input": "a", "output": ["b"], "id": "x"}]}
    path = tmp_path / "tasks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            archive.writestr(f"task{number}_say.json", json.dumps(task))
    told = json.loads(_mixer(str(path), "--json").stdout)
    assert told["groups"][0]["formats"][0]["format"] == "super_ni"
    assert told["groups"][0]["formats"][0]["share_that_parses"] == 1.0


def test_the_folder_of_temporary_files_names_no_data_set(tmp_path: Path) -> None:
    folder = tmp_path / "self_instruct"
    folder.mkdir()
    rows = "".join(json.dumps(each) + "\n" for each in TEAS).encode()
    command = [sys.executable, "-m", "mixer", "guess", "-"]
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, input=rows, capture_output=True, check=True, env=environment)
    assert b"as its name is in the path" not in done.stdout
    assert b"format: alpaca\n" in done.stdout


def test_what_is_piped_in_is_guessed_like_a_file() -> None:
    command = [sys.executable, "-m", "mixer", "guess", "-"]
    rows = "".join(json.dumps(each) + "\n" for each in TEAS).encode()
    done = subprocess.run(command, input=gzip.compress(rows), capture_output=True, check=True)
    shown = done.stdout.decode()
    assert 'format: alpaca\n    path: "-"' in shown
    assert "  -:1\n" in shown
    assert "mixer-guess-" not in shown
    done = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert (done.returncode, b"nothing was piped in" in done.stderr) == (1, True)
    assert "give it alone" in _mixer("-", "a.jsonl").stderr


def test_the_answer_does_not_depend_on_the_hash_seed(rows_file: Callable[..., Path]) -> None:
    path = rows_file({"instruction": "a", "output": "b", "note": "c", "mood": "d"}, *TEAS)
    printed = {
        subprocess.run(
            [sys.executable, "-m", "mixer", "guess", str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_the_answer_does_not_depend_on_the_order_of_keys(rows_file: Callable[..., Path]) -> None:
    row = {"Question": "Which?", "question": "What?", "answer": "b", "reply": "c", "input": "d"}
    turned = dict(reversed(row.items()))
    printed = {_mixer(str(rows_file(*rows, *TEAS))).stdout for rows in ([row], [turned])}
    assert len(printed) == 1


def test_errors_for_want_of_a_format_point_here(
    rows_file: Callable[..., Path], tmp_path: Path
) -> None:
    path = rows_file({"colour": "red"})
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f"name: t\nsources: {{s: {{path: {path}}}}}\n")
    hint = "try: mixer guess"
    for arguments in (["inspect", str(path)], ["build", str(recipe)], ["dedup", str(path)]):
        assert hint in CliRunner().invoke(main, arguments).stderr
    recipe.write_text(f"name: t\nsources: {{s: {{format: shp, path: {path}}}}}\n")
    built = ["build", str(recipe), "--out", str(tmp_path / "out"), "--workers", "1"]
    assert hint in CliRunner().invoke(main, built).stderr
