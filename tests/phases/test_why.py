"""mixer why: an upstream row's records, and the row itself, cut out of its file again."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import MixerError
from mixer.phases.upstream import Upstream
from mixer.phases.why import Story, story, told, with_upstream
from mixer.phases.why_row import ids_of_row

RECIPE = """
name: small
sources:
  seeds: {format: self_instruct, path: "data/seeds.jsonl"}
  many: {format: alpaca, path: ["data/many/*.jsonl.gz", "data/many/*.json"]}
dedup: [exact]
"""


def _task(number: int) -> dict[str, Any]:
    return {"instruction": f"Name tea {number}.", "input": "", "output": f"It is {number}."}


@pytest.fixture
def mixture(
    build_recipe: Callable[..., Any],
    write_rows: Callable[[str, list[Any]], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Path:
    instances = [{"input": each, "output": each + "!"} for each in ("one", "two", "three")]
    seed = {"id": "s", "name": "n", "instruction": "Shout.", "is_classification": False}
    write_rows("seeds.jsonl", [{**seed, "instances": instances}, {"id": 3}])
    lines = "".join(json.dumps(_task(n)) + "\n" for n in range(12)) + '{"odd\x1b[31m\n'
    path = tmp_path / "data" / "many" / "a.jsonl.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(lines.encode()))
    pretty = json.dumps([_task(n) for n in range(10, 13)], indent=1)
    (path.parent / "b.json").write_text(pretty, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    out, _ = build_recipe(RECIPE)
    return Path(out)


def test_every_row_finds_all_that_was_made_of_it(mixture: Path) -> None:
    ledger = pq.read_table(mixture / "ledger.parquet").column("id").to_pylist()
    rows: dict[tuple[str, str, int], list[str]] = {}
    for identity in ledger:
        one = story(mixture, identity)
        rows.setdefault((one.source, one.file, one.row), []).append(identity)
    assert sorted(map(len, rows.values())) == [1] * 17 + [3]
    for (source, file, row), ids in rows.items():
        assert ids_of_row(mixture, source, row, file) == ids


def test_with_several_files_only_one_that_has_such_a_row_needs_no_name(mixture: Path) -> None:
    assert ids_of_row(mixture, "many", 12, None) == ["many/many/a.jsonl.gz:12"]
    with pytest.raises(MixerError, match=r"2 files of many have a row 1: name one with --file: ma"):
        ids_of_row(mixture, "many", 1, None)
    with pytest.raises(MixerError, match=r"no file 'c' of many: known: many/a\.jsonl\.gz, many/b"):
        ids_of_row(mixture, "many", 1, "c")
    with pytest.raises(MixerError, match=r"no record was made of row 4 of many/many/b\.json, and"):
        ids_of_row(mixture, "many", 4, "many/b.json")


def _row_of(mixture: Path, identity: str, data: Path | None = None) -> Upstream:
    found = with_upstream(mixture, story(mixture, identity), data).upstream
    assert found is not None
    return found


def test_the_upstream_bytes_are_those_of_the_file(mixture: Path, tmp_path: Path) -> None:
    assert _row_of(mixture, "many/many/a.jsonl.gz:3").raw == json.dumps(_task(2))
    pretty = _row_of(mixture, "many/many/b.json:2").raw
    assert pretty is not None
    assert "\n" in pretty
    assert pretty in (tmp_path / "data" / "many" / "b.json").read_text(encoding="utf-8")
    seeds = (tmp_path / "data" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    for sub in (1, 2, 3):
        assert _row_of(mixture, f"seeds/data/seeds.jsonl:1:{sub}").raw == seeds[0]


def test_a_moved_file_is_found_below_a_folder_and_a_changed_one_refused(
    mixture: Path, tmp_path: Path
) -> None:
    identity = "many/many/a.jsonl.gz:3"
    moved = tmp_path / "moved" / "deep"
    moved.parent.mkdir()
    (tmp_path / "data").rename(moved)
    decoy = tmp_path / "moved" / "a.jsonl.gz"
    decoy.write_bytes(b"other")
    assert _row_of(mixture, identity, tmp_path / "moved").raw == json.dumps(_task(2))
    assert "it cannot be read: source 'many'" in (_row_of(mixture, identity).missing or "")
    (moved / "many" / "a.jsonl.gz").write_bytes(b"changed")
    missing = _row_of(mixture, identity, tmp_path / "moved").missing
    assert missing is not None
    assert "has changed since it was read: its SHA-256 is another one" in missing
    (tmp_path / "none").mkdir()
    nothing = _row_of(mixture, identity, tmp_path / "none").missing
    assert nothing == f"no such file below {tmp_path / 'none'}"


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_the_member_of_an_archive_is_found(
    ending: str, build_recipe: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "data" / f"teas.{ending}"
    path.parent.mkdir(exist_ok=True)
    rows = [json.dumps(_task(n)) for n in range(6)]
    entries = {"x/one.jsonl": rows[:3], "two.jsonl": [*rows[3:], "{broken"]}
    if ending == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, lines in entries.items():
                archive.writestr(name, "\n".join(lines))
    else:
        with tarfile.open(path, "w:gz") as packed:
            for name, lines in entries.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data := "\n".join(lines).encode())
                packed.addfile(entry, io.BytesIO(data))
    monkeypatch.chdir(tmp_path)
    out, _ = build_recipe(
        f"name: small\nsources:\n  s: {{format: alpaca, path: data/{path.name}}}\n"
    )
    (identity,) = ids_of_row(out, "s", 2, f"data/{path.name}/two.jsonl")
    assert _row_of(out, identity).raw == rows[4]
    path.rename(tmp_path / path.name)
    path.parent.rename(tmp_path / "empty")
    assert _row_of(out, f"s/data/{path.name}/x/one.jsonl:3", tmp_path).raw == rows[2]


def test_a_row_in_quarantine_shows_its_reason_and_safe_text(mixture: Path, tmp_path: Path) -> None:
    (identity,) = ids_of_row(mixture, "many", 13, "many/a.jsonl.gz")
    (tmp_path / "data").rename(tmp_path / "gone")
    one = with_upstream(mixture, story(mixture, identity), None)
    assert one.upstream is not None
    assert one.upstream.path == "quarantine.parquet"
    text = told(one)
    assert "fate     quarantined by read: not JSON" in text
    assert '{"odd\\x1b[31m' in text
    assert "\x1b" not in text


STORY = Story(
    "s/f:1", "s", "f", 1, None, None, "drawn", None, None, None, None, 1, None, [], None, [], {}
)


@given(st.text())
def test_what_is_printed_moves_no_cursor(raw: str) -> None:

    text = told(msgspec.structs.replace(STORY, upstream=Upstream("p", raw, len(raw))))
    assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in text)


def test_a_long_row_is_cut(mixture: Path, tmp_path: Path) -> None:
    long = Upstream("p", "x" * 4000, 9_000_000)

    text = told(msgspec.structs.replace(STORY, upstream=long))
    assert "the first 4,000 of 9,000,000 characters" in text


def test_without_quarantine_the_story_is_told(mixture: Path, tmp_path: Path) -> None:
    (identity,) = ids_of_row(mixture, "many", 13, "many/a.jsonl.gz")
    (mixture / "quarantine.parquet").unlink()
    (tmp_path / "data").rename(tmp_path / "away")
    found = _row_of(mixture, identity)
    assert found.missing == "quarantine.parquet, which `mixer push` leaves out, is not here"
