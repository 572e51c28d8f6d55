"""The lock: the same bytes again, anywhere, or what differs first; and whether files changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.phases.lock import LOCK, Lock, read_lock
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
        ("dedup: [exact]\n", "", "at dedup: "),
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


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"mixer": 1}', b"\xff"])
def test_a_lock_edited_by_hand_is_one_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / LOCK).write_bytes(text)
    with pytest.raises(InputError, match="is not a lock that mixer wrote"):
        read_lock(tmp_path)


def test_a_folder_without_a_lock_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"cannot read the lock .*{LOCK}"):
        read_lock(tmp_path)


def test_a_lock_can_be_read_back(tmp_path: Path) -> None:
    lock = Lock("0", "c", "3", {}, "name: t", {"name": "t"}, [], [], [])
    (tmp_path / LOCK).write_bytes(msgspec.json.encode(lock))
    assert read_lock(tmp_path / LOCK) == lock
