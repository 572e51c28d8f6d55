"""The lock: the same bytes again, anywhere, or what differs first; and whether files changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from mixer.cli import main
from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.phases.lock import LOCK, Lock, Output, read_lock
from mixer.phases.verify import told, verify

RECIPE = """
name: small
seed: 3
sources:
  tea: {format: alpaca, path: data/tea.jsonl, license: mit}
  pairs: {format: hh_rlhf, path: "data/pairs/*.jsonl"}
annotate: [task_type, length]
dedup: [exact]
mix: {rows: 8}
"""
Build = Callable[..., Any]


@pytest.fixture
def sources(write_rows: Callable[[str, list[Any]], Path]) -> None:
    teas = ["Assam", "Ceylon", "Darjeeling", "Keemun", "Sencha", "Oolong"]
    rows = [{"instruction": f"Where does {tea} grow?", "output": "In a garden."} for tea in teas]
    write_rows("tea.jsonl", [*rows, rows[0]])
    start = "\n\nHuman: Any good tea?\n\nAssistant: "
    pairs = [{"chosen": f"{start}{tea}.", "rejected": f"{start}No."} for tea in teas]
    write_rows("pairs/p.jsonl", pairs)


@pytest.mark.usefixtures("sources")
def test_the_same_inputs_elsewhere_give_the_same_lock(build_recipe: Build, tmp_path: Path) -> None:
    first, _ = build_recipe(RECIPE)
    lock = read_lock(first)
    (tmp_path / "moved").mkdir()
    shutil.move(tmp_path / "data", tmp_path / "moved" / "data")
    moved = RECIPE.replace("data/", "moved/data/") + "# and a word more\n"
    second, _ = build_recipe(moved, "second", locked_to=lock, workers=2)
    again = read_lock(second)
    assert again.inputs == lock.inputs
    pairs = zip(lock.outputs, again.outputs, strict=True)
    assert [was.path for was, now in pairs if was != now] == ["recipe.yaml"]


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("seed: 3", "seed: 4", "at seed: 3 there, 4 here"),
        ("rows: 8", "rows: 9", r"at mix\.rows: 8 there, 9 here"),
        ("license: mit", "license: cc-by-4.0", r"at sources\.tea\.license: mit there"),
        ("dedup: [exact]\n", "", r'at dedup\.0: {"name": "exact", .* there, nothing here$'),
        ("[exact]", "[exact, near]", r'at dedup\.1: nothing there, {"name": "near", .{,120}$'),
        ("  pairs: ", "  more: ", r'at sources\.pairs: {"format": "hh_rlhf", .* … .{,120}$'),
    ],
)
def test_another_recipe_is_named_by_its_key(
    build_recipe: Build, tmp_path: Path, was: str, now: str, words: str
) -> None:
    first, _ = build_recipe(RECIPE)
    with pytest.raises(InputError, match=words):
        build_recipe(RECIPE.replace(was, now), "second", locked_to=read_lock(first))
    assert not (tmp_path / "second").exists()


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("change", ["edited", "gone", "new"])
def test_another_input_is_named(build_recipe: Build, tmp_path: Path, change: str) -> None:
    first, _ = build_recipe(RECIPE)
    path = tmp_path / "data" / "pairs" / "p.jsonl"
    if change == "edited":
        path.write_text(path.read_text(encoding="utf-8").replace("Assam", "Nilgiri"), "utf-8")
    elif change == "gone":
        shutil.copy(path, path.with_name("q.jsonl"))
        path.unlink()
    else:
        shutil.copy(path, path.with_name("a.jsonl"))
    words = {
        "edited": "p.jsonl has changed",
        "gone": "p.jsonl of the lock",
        "new": "a.jsonl",
    }
    with pytest.raises(InputError, match=f"the input pairs/pairs/.*{words[change]}"):
        build_recipe(RECIPE, "second", locked_to=read_lock(first))


@pytest.mark.usefixtures("sources")
def test_other_bytes_name_the_file_the_step_and_the_versions(build_recipe: Build) -> None:
    first, _ = build_recipe(RECIPE)
    lock = read_lock(first)
    outputs = [msgspec.structs.replace(one, sha256="0" * 64) for one in lock.outputs]
    dropped = [msgspec.structs.replace(one, records=0) for one in lock.dropped]
    other = msgspec.structs.replace(
        lock, outputs=outputs, dropped=dropped, libraries={**lock.libraries, "numpy": "1.0"}
    )
    words = r"data/preference/.* has other bytes, .* dedup\.exact .*numpy 1\.0 in the lock"
    with pytest.raises(InputError, match=words):
        build_recipe(RECIPE, "second", locked_to=other)


@pytest.mark.usefixtures("sources")
def test_bit_rot_and_edits_are_found(build_recipe: Build) -> None:
    out, _ = build_recipe(RECIPE)
    engine = LocalEngine(1)
    assert verify(out, engine).is_whole
    (out / "README.md").write_text("mine", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    assert verify(out, engine).is_whole
    data = next((out / "data" / "sft").iterdir())
    data.write_bytes(data.read_bytes()[:-1] + b"\0")
    (out / "ledger.parquet").unlink()
    shutil.copy(out / "recipe.yaml", out / "data" / "sft" / "train-x.parquet")
    found = verify(out, engine)
    assert not found.is_whole
    assert (found.missing, found.changed) == (["ledger.parquet"], [f"data/sft/{data.name}"])
    assert found.added == ["data/sft/train-x.parquet", "notes.txt"]
    assert f"{found.files - 2:,} of {found.files:,} files" in told(found)


@pytest.mark.usefixtures("sources")
def test_what_push_leaves_out_may_be_missing(build_recipe: Build) -> None:
    out, _ = build_recipe(RECIPE + "export: [jsonl, parquet]\n")
    exports = [path for path in (out / "exports").rglob("*") if path.is_file()]
    one = exports.pop()
    one.unlink()
    found = verify(out, LocalEngine(1))
    assert (found.missing, found.is_unharmed) == ([one.relative_to(out).as_posix()], False)
    shutil.rmtree(out / "exports")
    (out / "quarantine.parquet").unlink()
    found = verify(out, LocalEngine(1))
    assert (found.missing, found.is_whole, found.is_unharmed) == ([], False, True)
    assert len(found.not_shared) == len(exports) + 2
    shown = CliRunner().invoke(main, ["verify", str(out)])
    assert shown.exit_code == 0
    assert "not here quarantine.parquet, which `mixer push` leaves out" in shown.stdout
    (out / "ledger.parquet").unlink()
    assert not verify(out, LocalEngine(1)).is_unharmed


NOT_TEXT = b'{"mixer": "\xff"}'
DEEP = b'{"resolved": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[1]", b'{"mixer": 1}', b"\xff", NOT_TEXT, DEEP], ids=range(7)
)
def test_a_lock_edited_by_hand_is_one_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / LOCK).write_bytes(text)
    with pytest.raises(InputError, match="is not a lock that mixer wrote"):
        read_lock(tmp_path)


def test_a_huge_lock_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / LOCK).open("wb") as file:
        file.truncate((256 << 20) + 1)
    with pytest.raises(InputError, match="over 256 MiB"):
        read_lock(tmp_path)


def _locked(folder: Path, *paths: str) -> None:
    """A lock of a mixture that has these files, each of them empty."""
    outputs = [Output(path, 0, sha256(b"").hexdigest()) for path in paths]
    lock = Lock("0", "c", "3", {}, "name: t", {"name": "t"}, [], [], outputs)
    (folder / LOCK).write_bytes(msgspec.json.encode(lock))


def test_only_files_of_the_folder_and_the_lock_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixture = tmp_path / "mixture"
    mixture.mkdir()
    outside = tmp_path / "secret"
    for path in (outside, mixture / "ours", mixture / "blob"):
        path.touch()
    (mixture / "link").symlink_to(outside)
    (mixture / "data").symlink_to(tmp_path, target_is_directory=True)
    (mixture / "ours.link").symlink_to(mixture / "blob")
    _locked(mixture, "ours", "ours.link", "../secret", str(outside), "data/secret")
    read: list[str] = []
    monkeypatch.setattr("mixer.phases.lock.sha256_of", lambda path: read.append(path) or "")
    found = verify(mixture, LocalEngine(1))
    assert read == [str(mixture / "ours"), str(mixture / "ours.link")]
    assert found.missing == sorted(["../secret", str(outside), "data/secret"])
    assert found.added == ["blob", "link"]


def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours").touch()
    _locked(tmp_path, "ours")

    def refuse(path: str) -> str:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("mixer.phases.lock.sha256_of", refuse)
    with pytest.raises(InputError, match=r"cannot read .*ours: Permission denied"):
        verify(tmp_path, LocalEngine(1))


def test_names_cannot_move_the_cursor_and_need_not_be_text(tmp_path: Path) -> None:
    _locked(tmp_path, "a\x1b[2Jb\nadded    c")
    (tmp_path / os.fsdecode(b"no\xfftext")).touch()
    runner = CliRunner()
    printed = runner.invoke(main, ["verify", str(tmp_path)]).stdout
    assert printed.splitlines()[:2] == [
        r"missing  a\x1b[2Jb\nadded    c",
        r"added    no\udcfftext",
    ]
    as_json = runner.invoke(main, ["verify", "--json", str(tmp_path)])
    assert json.loads(as_json.stdout)["added"] == [r"no\udcfftext"]


def test_a_sentence_cannot_move_the_cursor(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(b'{"\\u001b[2J": 1}')
    told = CliRunner().invoke(main, ["verify", str(tmp_path)])
    assert told.exit_code == 1
    assert r"unknown field `\x1b[2J`" in told.stderr


def test_a_folder_without_a_lock_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"cannot read the lock .*{LOCK}"):
        read_lock(tmp_path)


def test_a_lock_can_be_read_back(tmp_path: Path) -> None:
    lock = Lock("0", "c", "3", {}, "name: t", {"name": "t"}, [], [], [])
    (tmp_path / LOCK).write_bytes(msgspec.json.encode(lock))
    assert read_lock(tmp_path / LOCK) == lock
