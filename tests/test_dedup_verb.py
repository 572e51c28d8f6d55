"""`mixer dedup` as a user meets it: files in, the same files without near-duplicates out."""

from __future__ import annotations

import gzip
import json
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
    assert told["files"] == [{"file": str(path), "rows": 7, "go": 1, "stay": 6, "unread": []}]
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
    assert "1 rows could not be read and stay" in result.stdout


def test_saved_pairs_are_cut_again_without_the_texts(tmp_path: Path) -> None:
    path, pairs = lines(tmp_path / "a.jsonl", ROWS), tmp_path / "pairs.parquet"
    assert found(mixer(path, "--json", "--threshold", 0.5, "--pairs", pairs))["files"][0]["go"] == 2
    changed = pairs.stat().st_mtime_ns
    assert found(mixer(path, "--json", "--pairs", pairs))["files"][0]["go"] == 1
    assert pairs.stat().st_mtime_ns == changed
    assert found(mixer(path, "--json", "--threshold", 0.3, "--pairs", pairs))["files"][0]["go"] == 2
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
        ("a.parquet", "nonsense", [], "cannot read"),
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
