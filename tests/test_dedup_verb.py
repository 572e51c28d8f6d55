"""`mixer dedup` as a user meets it: files in, the same files without near-duplicates out."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from mixer.cli import main

STORY = "Tell me how the old lighthouse keeper of the northern bay came to own a blue boat."


def row(prompt: str, answer: str) -> dict[str, str]:
    return {"instruction": prompt, "input": "", "output": answer}


ROWS = [
    row(STORY, "He won it."),
    row("Is it raining?", "yes"),
    row("Is it snowing?", "yes"),
    row(STORY.upper() + " !", "he won it"),
    row("12 + 7", "19"),
    row("12 - 7", "5"),
    row(STORY.replace("blue", "green"), "He won it."),
]


def mixer(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["dedup", *map(str, arguments), "--workers", "2"])


def lines(path: Path, rows: list[Any]) -> Path:
    text = "".join(json.dumps(each, indent=None) + "\n" for each in rows)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def found(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_lines_that_stay_are_the_very_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = b'{"prompt": "caf\\u00e9 au lait",   "completion": 1.50}\n' * 2
    path.write_bytes(text)
    result = mixer(path, "--out", tmp_path / "b.jsonl")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "b.jsonl").read_bytes() * 2 == text


def test_threshold_decides_and_short_answers_do_not_collapse(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", ROWS)
    told = found(mixer(path, "--json", "--show", 9))
    assert told["files"] == [
        {
            "file": str(path),
            "rows": 7,
            "go": 1,
            "stay": 6,
            "unread": [],
            "silent": 0,
            "rows_that_go": [4],
        }
    ]
    assert told["pairs"][0]["goes"]["row"] == 4
    assert told["pairs"][0]["stays"]["row"] == 1
    assert found(mixer(path, "--json", "--threshold", 0.6))["files"][0]["go"] == 2
    assert found(mixer(path, "--json", "--on", "answer"))["files"][0]["go"] == 3


def test_earlier_files_stay_and_the_overlap_says_what_is_contained(tmp_path: Path) -> None:
    one = lines(tmp_path / "one.jsonl", ROWS[:2])
    other = lines(tmp_path / "other.jsonl.gz", ROWS)
    told = found(mixer(one, other, "--json"))
    assert [file["go"] for file in told["files"]] == [0, 3]
    assert told["overlap"] == [[0, 0], [3, 0]]
    result = mixer(one, other, "--out", tmp_path / "clean")
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "clean/one.jsonl") == ROWS[:2]
    assert read(tmp_path / "clean/other.jsonl") == [ROWS[i] for i in (2, 4, 5, 6)]


def test_keep_longest_keeps_the_longer_of_two(tmp_path: Path) -> None:
    rows = [row(STORY, "He won it."), row(STORY + " Please!", "He won it...")]
    path = lines(tmp_path / "a.jsonl", rows)
    out = tmp_path / "b.jsonl"
    assert mixer(path, "--out", out, "--keep", "longest", "--threshold", 0.7).exit_code == 0
    assert read(out) == rows[1:]


def test_parquet_stays_parquet_with_all_columns(tmp_path: Path) -> None:
    table = pa.table(
        {
            "question": [each["instruction"] for each in ROWS],
            "answer": [each["output"] for each in ROWS],
            "weights": [[0.5, number] for number in range(7)],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    assert mixer(tmp_path / "a.parquet", "--out", tmp_path / "b.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "b.parquet").equals(table.take([0, 1, 2, 4, 5, 6]))
    result = mixer(tmp_path / "a.parquet", lines(tmp_path / "c.jsonl", ROWS), "--out", "x.parquet")
    assert result.exit_code == 1
    assert "c.jsonl is not Parquet" in result.stderr


def test_chats_and_pairs_are_known_by_their_columns(tmp_path: Path) -> None:
    def chat(prompt: str, answer: str) -> dict[str, Any]:
        return {
            "messages": [
                {"role": "user", "content": prompt},
                {"role": "assistant", "content": answer},
            ]
        }

    path = lines(
        tmp_path / "chat.jsonl", [chat(STORY, "So."), chat(STORY, "No."), chat(STORY, "so")]
    )
    assert found(mixer(path, "--json"))["files"][0]["go"] == 1
    assert found(mixer(path, "--json", "--on", "prompt"))["files"][0]["go"] == 2
    pairs = [{"prompt": STORY, "chosen": c, "rejected": r} for c, r in ("ab", "ba", "ab")]
    path = lines(tmp_path / "pairs.jsonl", pairs)
    assert found(mixer(path, "--json", "--on", "prompt"))["files"][0]["go"] == 1


def test_with_a_format_a_row_goes_when_all_its_records_go(tmp_path: Path) -> None:
    def task(*instances: tuple[str, str]) -> dict[str, Any]:
        listed = [{"input": given, "output": output} for given, output in instances]
        return {"id": "t", "instruction": STORY, "instances": listed}

    rows = [
        task(("one", "1"), ("two", "2")),
        task(("two", "2")),
        task(("two", "2"), ("three", "3")),
    ]
    path = lines(tmp_path / "a.jsonl", [*rows, {"instruction": 5}])
    result = mixer(path, "--format", "self_instruct", "--out", tmp_path / "b.jsonl")
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "b.jsonl") == [rows[0], rows[2], {"instruction": 5}]
    assert "1 rows could not be read" in result.stdout


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "parquet"])
def test_what_is_piped_in_is_a_file_like_others(kind: str, tmp_path: Path) -> None:
    rows = [row("Name a tea.", "Assam."), row("Name a bird.", "A wren.")]
    other = lines(tmp_path / "a.jsonl", rows[:1])
    piped = io.BytesIO()
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), piped)
    else:
        text = "".join(json.dumps(each) + "\n" for each in rows).encode()
        piped.write(gzip.compress(text) if kind == "jsonl.gz" else text)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "mixer", "dedup", str(other), "-", "--show", "1"]
    done = subprocess.run(
        [*command, "--out", str(out)], input=piped.getvalue(), capture_output=True, check=True
    )
    assert b"-:1" in done.stdout
    assert b"mixer-dedup-" not in done.stdout
    left = out / ("stdin.parquet" if kind == "parquet" else "stdin.jsonl")
    assert (read(left) if kind != "parquet" else pq.read_table(left).to_pylist()) == rows[1:]


def test_pairs_of_what_is_piped_in_are_not_kept(tmp_path: Path) -> None:
    result = mixer("-", "--pairs", tmp_path / "pairs.parquet")
    assert result.exit_code == 1
    assert "--pairs are those of files" in result.stderr


def test_saved_pairs_are_cut_again_without_the_texts(tmp_path: Path) -> None:
    path, pairs = lines(tmp_path / "a.jsonl", ROWS), tmp_path / "pairs.parquet"
    assert found(mixer(path, "--json", "--threshold", 0.5, "--pairs", pairs))["files"][0]["go"] == 2
    changed = pairs.stat().st_mtime_ns
    assert found(mixer(path, "--json", "--pairs", pairs))["files"][0]["go"] == 1
    assert pairs.stat().st_mtime_ns == changed
    assert found(mixer(path, "--json", "--threshold", 0.3, "--pairs", pairs))["files"][0]["go"] == 3
    assert pairs.stat().st_mtime_ns != changed
    other = lines(tmp_path / "b.jsonl", ROWS)
    assert "pairs of other files" in mixer(other, "--pairs", pairs).stderr


def test_pairs_stand_side_by_side_with_the_differences_marked(tmp_path: Path) -> None:
    text = mixer(lines(tmp_path / "a.jsonl", ROWS), "--threshold", 0.6, "--show", 1).stdout
    assert "similarity 0.765" in text
    assert "[-green-]" in text
    assert "{+blue+}" in text


@pytest.mark.parametrize(
    ("name", "text", "options", "words"),
    [
        ("a.jsonl", '{"prompt": "a"}\n{"prom', [], "a.jsonl:2: not JSON"),
        ("a.jsonl", '{"prompt": "a"}\n[1]\n', [], "a.jsonl:2: a row must be an object"),
        ("a.jsonl", "", [], "holds no rows"),
        ("a.jsonl", '{"x": "a"}\n', [], "name them with --prompt and --answer"),
        ("a.jsonl", '{"x": "a"}\n', ["--prompt", "y"], "no column 'y'"),
        ("a.jsonl", '{"x": "a"}\n', ["--format", "alpca"], "did you mean"),
        ("a.parquet", "nonsense", [], "cannot be read as Parquet"),
        (
            "a.json",
            '{"Instances": []}',
            ["--format", "super_ni", "--out", "b"],
            "inside one object",
        ),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path: Path, name: str, text: str, options: list[str], words: str
) -> None:
    (tmp_path / name).write_text(text)
    result = mixer(tmp_path / name, *options)
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("texts", [[], ["one"], ["same text of five words"] * 3000])
def test_no_text_one_text_and_equal_texts(tmp_path: Path, texts: list[str]) -> None:
    pq.write_table(pa.table({"text": pa.array(texts, pa.string())}), tmp_path / "a.parquet")
    result = mixer(tmp_path / "a.parquet", "--out", tmp_path / "b.parquet")
    assert result.exit_code == 0, result.output
    assert pq.read_table(tmp_path / "b.parquet").num_rows == len(set(texts))


def chat(*turns: tuple[str, str], names: tuple[str, str] = ("role", "content")) -> Any:
    return [dict(zip(names, turn, strict=True)) for turn in turns]


def goes(path: Path, *options: Any) -> int:
    return int(found(mixer(path, "--json", *options))["files"][0]["go"])


def test_a_column_that_only_later_rows_have_counts(tmp_path: Path) -> None:
    rows = [
        {"instruction": STORY, "output": "x"},
        {"instruction": STORY, "input": "one boat with a white sail and two oars", "output": "x"},
        {"instruction": STORY, "input": "no ship at all, and no money to buy one", "output": "x"},
    ]
    assert goes(lines(tmp_path / "a.jsonl", [{}, *rows])) == 0


def test_system_and_history_are_of_the_prompt(tmp_path: Path) -> None:
    rows = [
        {**ROWS[0], "history": [["Who are you?", "A sailor."]]},
        {**ROWS[0], "history": [["What is the time?", "Half past nine, by my watch."]]},
    ]
    assert goes(lines(tmp_path / "a.jsonl", rows)) == 0
    assert goes(lines(tmp_path / "b.jsonl", [rows[0], rows[0]])) == 1


def test_pairs_with_a_chat_are_compared_with_both_answers(tmp_path: Path) -> None:
    def pair(chosen: str, rejected: str) -> dict[str, Any]:
        turn, names = ("human", STORY), ("from", "value")
        answers = [dict(zip(names, ("gpt", each), strict=True)) for each in (chosen, rejected)]
        return {
            "conversations": chat(turn, names=names),
            "chosen": answers[0],
            "rejected": answers[1],
        }

    rows = [pair("yes", "no"), pair("yes", "maybe so"), pair("Yes!", "no")]
    assert goes(lines(tmp_path / "a.jsonl", rows)) == 1


def test_chats_of_two_dialects_are_read_alike(tmp_path: Path) -> None:
    asked = ("user", STORY), ("assistant", "He won it.")
    rows = [{"messages": chat(*asked)}, {"messages": chat(*asked, names=("from", "value"))}]
    assert goes(lines(tmp_path / "a.jsonl", rows)) == 1


def test_rows_that_say_nothing_stay_and_are_counted(tmp_path: Path) -> None:
    rows = [ROWS[0], {"other": "a"}, {"other": "b"}, {"instruction": None}, ROWS[0]]
    path, pairs = lines(tmp_path / "a.jsonl", rows), tmp_path / "pairs"
    for _ in range(2):
        told = found(mixer(path, "--json", "--pairs", pairs))["files"][0]
        assert (told["go"], told["silent"]) == (1, 3)
    assert "3 rows say nothing in what is compared, and stay: " in mixer(path).stdout


def test_saved_pairs_of_other_columns_are_refused(tmp_path: Path) -> None:
    path, pairs = lines(tmp_path / "a.jsonl", ROWS), tmp_path / "pairs"
    assert mixer(path, "--pairs", pairs).exit_code == 0
    result = mixer(path, "--pairs", pairs, "--answer", "output")
    assert result.exit_code == 1
    assert "other columns" in result.stderr


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "lz4", "gzip"])
def test_any_compression_and_no_row_group_at_all(tmp_path: Path, compression: str) -> None:
    for rows in ([], ["a", "a", "b"]):
        path, out = tmp_path / "a.parquet", tmp_path / f"{len(rows)}.parquet"
        schema = pa.schema([("text", pa.string())])
        with pq.ParquetWriter(path, schema, compression=compression) as writer:
            if rows:
                writer.write_table(pa.table({"text": rows}))
        assert mixer(path, "--out", out).exit_code == 0
        assert pq.read_table(out).column(0).to_pylist() == sorted(set(rows))


@pytest.mark.parametrize(
    "prompts",
    [
        pa.array(["one way", "two ways"]).dictionary_encode(),
        pa.array([1, 2]),
        pa.array(["one way", "two ways"], pa.string_view()),
        pa.array([{"role": "user", "content": text} for text in ("one way", "two ways")]),
    ],
)
def test_prompts_of_any_type_are_compared(tmp_path: Path, prompts: pa.Array) -> None:
    prompts = pa.concat_arrays([prompts, prompts])
    pq.write_table(pa.table({"prompt": prompts, "answer": ["x"] * 4}), tmp_path / "a.parquet")
    assert goes(tmp_path / "a.parquet") == 2


def test_a_known_column_that_cannot_be_compared_is_not_passed_over(tmp_path: Path) -> None:
    table = pa.table({"prompt": [[1], [2]], "answer": ["x", "x"]})
    pq.write_table(table, tmp_path / "a.parquet")
    result = mixer(tmp_path / "a.parquet")
    assert result.exit_code == 1
    assert "column 'prompt' is list<" in result.stderr


def test_json_is_all_of_the_output(tmp_path: Path) -> None:
    result = mixer(lines(tmp_path / "a.jsonl", ROWS), "--json", "--out", tmp_path / "b.jsonl")
    assert json.loads(result.stdout)["files"][0]["go"] == 1
    assert "written to" in result.stderr


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", ROWS)
    before = path.read_bytes()
    result = mixer(path, "--out", path)
    assert result.exit_code == 1
    assert "exists: remove it" in result.stderr
    assert path.read_bytes() == before
    assert "give a name in .parquet" in mixer(path, "--out", tmp_path / "b.jsonl.gz").stderr


def test_texts_do_not_steer_the_terminal(tmp_path: Path) -> None:
    rows = [row("\x1b[31mred\u202e and\x00 \x07", "x")] * 2
    shown = mixer(lines(tmp_path / "a.jsonl", rows), "--show", 1).stdout
    assert "\\x1b[31mred\\u202e" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--threshold", "nan"], "nan is not a number"),
        (["--format", "alpaca", "--prompt", "instruction"], "--format says"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, options: list[str], words: str) -> None:
    result = mixer(lines(tmp_path / "a.jsonl", ROWS), *options)
    assert result.exit_code == 2
    assert words in result.stderr


def test_columns_that_on_asks_for_must_be_there(tmp_path: Path) -> None:
    result = mixer(lines(tmp_path / "a.jsonl", [{"prompt": "a"}]), "--on", "answer")
    assert result.exit_code == 1
    assert "no answer is among the columns (prompt)" in result.stderr


def test_files_of_one_name_keep_their_folders(tmp_path: Path) -> None:
    paths = [tmp_path / "one/train.jsonl", tmp_path / "other/train.jsonl"]
    for path, rows in zip(paths, (ROWS[:2], ROWS[1:3]), strict=True):
        path.parent.mkdir()
        lines(path, rows)
    assert mixer(*paths, "--out", tmp_path / "clean").exit_code == 0
    assert read(tmp_path / "clean/one/train.jsonl") == ROWS[:2]
    assert read(tmp_path / "clean/other/train.jsonl") == ROWS[2:3]


def test_the_name_of_a_file_may_hold_anything(tmp_path: Path) -> None:
    path = lines(tmp_path / "c:2", [ROWS[0], ROWS[0]])
    told = found(mixer(path, "--format", "alpaca", "--json", "--show", 1))
    assert told["files"][0]["rows_that_go"] == [2]
    assert (told["pairs"][0]["goes"]["row"], told["pairs"][0]["stays"]["row"]) == (2, 1)
    table = pa.table({"text": ["a", "a"]})
    pq.write_table(table, tmp_path / "T.PARQUET")
    assert goes(tmp_path / "T.PARQUET") == 1


@pytest.mark.parametrize("out", ["/proc/x/y.jsonl", "a.jsonl/x.jsonl", "/proc/x"])
def test_where_nothing_can_be_written_is_told(tmp_path: Path, out: str) -> None:
    path = lines(tmp_path / "a.jsonl", ROWS)
    result = mixer(path, "--out", tmp_path / out)
    assert result.exit_code == 1
    assert "mixer: cannot write " in result.stderr
    assert "Errno" not in result.stderr


@pytest.mark.parametrize(
    ("piped", "options", "words"),
    [
        (b"question,answer\na,b\n", [], "mixer: -:1: not JSON"),
        (b"question,answer\na,b\n", [], "CSV, TSV and YAML are known by a file's name"),
        (b'{"a": "b"}\n', ["--prompt", "c"], "mixer: -"),
        (b"PAR1" + bytes(20), [], "mixer: -"),
    ],
)
def test_errors_of_what_is_piped_in_name_no_temporary_file(
    piped: bytes, options: list[str], words: str
) -> None:
    command = [sys.executable, "-m", "mixer", "dedup", "-", *options]
    done = subprocess.run(command, input=piped, capture_output=True, check=False)
    told = done.stderr.decode()
    assert (done.returncode, len(told.splitlines())) == (1, 1)
    assert words in told
    assert "mixer-dedup-" not in told
