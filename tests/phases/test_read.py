"""Reading into a working folder: what is quarantined, what stops, what is found again."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from mixer.errors import InputError
from mixer.phases import read
from mixer.phases.why import story

ALPACA = "name: t\nsources: {{s: {{format: alpaca, path: {path}}}}}\n{more}\n"
GOOD = '{"instruction": "a%d?", "output": "b"}\n'


def _quarantine(out: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = pq.read_table(out / "quarantine.parquet").to_pylist()
    return rows


def _recipe(tmp_path: Path, data: bytes, name: str = "a.jsonl", more: str = "") -> str:
    (tmp_path / name).write_bytes(data)
    return ALPACA.format(path=name, more=more)


BAD = (
    b'{"instruction": "x" y", "output": "b"}',
    b'{"instruction": 1, "output": "b"}',
    b'{"instruction": "x"}',
    b'{"instruction": "x", "output": "b", "output": "c"}',
    b"[1, 2]",
    b'"text"',
    b"null",
    b"{}",
    b'{"instruction": "\xff", "output": "b"}',
)


def test_every_bad_row_is_kept_with_place_reason_and_bytes(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    lines = [line for bad in BAD for line in (bad + b"\n", GOOD.encode() % 1)]
    out, summary = build_recipe(_recipe(tmp_path, b"".join(lines)))
    kept = _quarantine(out)
    assert [row["raw"] for row in kept] == [bad.decode(errors="backslashreplace") for bad in BAD]
    label = f"{tmp_path.name}/a.jsonl"
    assert [row["id"] for row in kept] == [f"s/{label}:{2 * n + 1}" for n in range(len(BAD))]
    assert all(row["reason"] for row in kept)
    assert summary.quarantined == len(BAD)
    assert sum(summary.sources[0].quarantined.values()) == len(BAD)
    assert summary.sources[0].quarantined["a key stands twice"] == 1
    assert summary.read == 2 * len(BAD)


def test_on_bad_row_stop_names_file_row_and_reason(tmp_path: Path) -> None:
    _recipe(tmp_path, b"".join([GOOD.encode() % 1, BAD[0], b"\n"]))
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(ALPACA.format(path="a.jsonl", more="on_bad_row: stop"))
    command = [sys.executable, "-m", "mixer", "build", str(recipe), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "a.jsonl:2: not JSON: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    recipe.write_text(ALPACA.format(path="a.jsonl", more="on_bad_row: quarantine"))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_numbers_of_any_size_are_kept_in_meta(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    row = {"instruction": "a?", "output": "b", "n": 10**40, "x": 0.1, "nested": [[1.5]]}
    out, _ = build_recipe(_recipe(tmp_path, json.dumps(row).encode()))
    (shard,) = (tmp_path / "out.work").glob("read/*/00000.parquet")
    (meta,) = pq.read_table(shard, columns=["meta"]).column(0).to_pylist()
    assert json.loads(meta) == {"n": 10**40, "x": 0.1, "nested": [[1.5]]}
    assert out.is_dir()


def test_members_of_an_archive_have_ids_and_facts_of_their_own(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/one.jsonl", GOOD % 1 + "{\n" + GOOD % 2)
        archive.writestr("../two.jsonl.gz", gzip.compress((GOOD % 3).encode()))
    out, _ = build_recipe(ALPACA.format(path="a.zip", more=""))
    label = f"{tmp_path.name}/a.zip"
    facts = [json.loads(line) for line in (out / "files.jsonl").read_text().splitlines()]
    assert [(fact["file"], fact["rows"], fact["records"]) for fact in facts] == [
        (f"{label}/x/one.jsonl", 3, 2),
        (f"{label}/two.jsonl.gz", 1, 1),
    ]
    found = story(out, f"s/{label}/two.jsonl.gz:1")
    assert (found.row, found.file_sha256) == (1, facts[0]["sha256"])
    assert [row["id"] for row in _quarantine(out)] == [f"s/{label}/x/one.jsonl:2"]


def test_a_list_where_an_object_is_needed_is_no_crash(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    (tmp_path / "a.json").write_text('[{"input": "a", "output": ["b"]}]')
    with pytest.raises(InputError, match="a list without the object that should stand around it"):
        build_recipe("name: t\nsources: {s: {format: super_ni, path: a.json}}\n")


def test_a_file_that_changes_while_it_is_read_stops_the_build(
    tmp_path: Path, build_recipe: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _recipe(tmp_path, (GOOD % 1).encode())
    rows = read.raw_rows

    def growing(path: str, layout: Any) -> Any:
        yield from rows(path, layout)
        with Path(path).open("a") as file:
            file.write(GOOD % 2)

    monkeypatch.setattr(read, "raw_rows", growing)
    with pytest.raises(InputError, match=r"a\.jsonl changed while it was read"):
        build_recipe(text)
    monkeypatch.setattr(read, "raw_rows", rows)
    _, summary = build_recipe(text)
    assert summary.read == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_sentence(
    tmp_path: Path, build_recipe: Callable[..., Any]
) -> None:
    text = _recipe(tmp_path, (GOOD % 1).encode())
    (tmp_path / "a.jsonl").chmod(0)
    with pytest.raises(InputError, match=r"cannot read .*a\.jsonl: Permission denied"):
        build_recipe(text)


class _Piped(SimpleNamespace):
    def isatty(self) -> bool:
        return False


def _pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", _Piped(buffer=io.BytesIO(data)))


def test_what_is_piped_in_is_found_again_by_its_bytes(
    build_recipe: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ALPACA.format(path='"-"', more="")
    data = gzip.compress((GOOD % 1 + GOOD % 2).encode())
    _pipe(monkeypatch, data)
    out, summary = build_recipe(text)
    assert summary.read == 2
    assert story(out, "s/stdin:2").fate == "drawn"
    folders = {path: path.stat().st_mtime_ns for path in (tmp_path / "out.work/read").iterdir()}
    _pipe(monkeypatch, data)
    build_recipe(text)
    assert folders == {
        path: path.stat().st_mtime_ns for path in (tmp_path / "out.work/read").iterdir()
    }
    _pipe(monkeypatch, (GOOD % 3).encode())
    _, summary = build_recipe(text)
    assert summary.read == 1
    _pipe(monkeypatch, b"")
    with pytest.raises(InputError, match="nothing was piped in"):
        build_recipe(text)


def test_inspect_reads_what_is_piped_in() -> None:
    command = [sys.executable, "-m", "mixer", "inspect", "-", "--format", "alpaca", "--no-language"]
    done = subprocess.run(command, input=(GOOD % 1).encode() * 3, capture_output=True, check=True)
    assert b"3" in done.stdout
    done = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert (done.returncode, b"nothing was piped in" in done.stderr) == (1, True)
