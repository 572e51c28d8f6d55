"""The guarantees of DESIGN: conservation, determinism, resumption, lineage, bounded memory."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from mixer.cards.summary import Summary
from mixer.phases.why import story

RECIPE = """
name: small
seed: 3
sources:
  chat: {format: messages, path: "data/chat/*.jsonl", license: mit, max_rows_per_subset: 55}
  pairs: {format: hh_rlhf, path: "data/pairs/*.jsonl", use: [sft, preference]}
  tasks: {format: alpaca, path: "data/tasks/*.jsonl", license: cc-by-4.0}
annotate: [task_type, length]
screen: [{length: {max_prompt_tokens: 60}}]
dedup: [exact]
mix: {rows: 60, max_epochs: 3, shares: {form: {short_answer: 0.7}}}
export: [huggingface, jsonl]
"""
WORDS = ("amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "kelp")


def _text(number: int, words: int) -> str:
    generator = random.Random(number)
    return " ".join(generator.choices(WORDS, k=words)) + f" {number}"


@pytest.fixture
def sources(write_rows: Callable[[str, list[Any]], Path]) -> None:
    """Three sources with duplicates inside and across, empty answers, long prompts and bad rows."""

    def chat(number: int) -> dict[str, Any]:
        return {
            "messages": [
                {"role": "user", "content": f"Tell me about {_text(number, 3 + number % 70)}"},
                {"role": "assistant", "content": _text(number + 1000, 1 + number % 40)},
            ],
            "extra": number,
        }

    def task(number: int) -> dict[str, Any]:
        asked = f"Tell me about {_text(number, 3 + number % 70)}"
        answer = "" if number == 9 else _text(number + 1000, 1 + number % 40)
        return {"instruction": asked, "input": "", "output": answer}

    def pair(number: int) -> dict[str, Any]:
        start = f"\n\nHuman: {_text(number, 5)}?\n\nAssistant: "
        return {"chosen": start + _text(number, 9), "rejected": start + _text(number, 4)}

    write_rows("chat/a.jsonl", [chat(n) for n in range(40)])
    write_rows("chat/b.jsonl", [chat(n) for n in range(20, 60)] + [{"messages": "none"}, 5])
    write_rows("tasks/t.jsonl", [task(n) for n in range(30)] + [{"instruction": 1}])
    write_rows("pairs/p.jsonl", [pair(n) for n in range(25)] + [pair(3)])


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _ledger(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / "ledger.parquet").to_pylist()
    return rows


@pytest.mark.usefixtures("sources")
def test_every_row_read_has_exactly_one_fate(build_recipe: Callable[..., Any]) -> None:
    out, summary = build_recipe(RECIPE)
    ledger = _ledger(out)
    assert len({row["id"] for row in ledger}) == len(ledger) == summary.read == 40 + 42 + 31 + 26
    fates = Counter(row["fate"] for row in ledger)
    dropped = sum(sum(whys.values()) for whys in summary.dropped.values())
    assert fates == {
        "quarantined": summary.quarantined,
        "dropped": dropped,
        "not_drawn": summary.not_drawn,
        "drawn": summary.drawn,
    }
    assert summary.quarantined == 3
    assert all(fates.values())
    assert {"read", "cap.max_rows_per_subset", "screen.length", "dedup.exact"} <= set(
        summary.dropped
    )
    _check_data(out, ledger, summary)


def _check_data(out: Path, ledger: list[dict[str, Any]], summary: Summary) -> None:
    """The data files hold each drawn record as often as the ledger says, and nothing else."""
    written: Counter[str] = Counter()
    for config in summary.configs:
        rows = pq.read_table(out / "data" / config, columns=["id"]).column("id").to_pylist()
        assert len(rows) == summary.configs[config]
        if config == "sft":
            written.update(rows)
    drawn = {row["id"]: row["repeat"] for row in ledger if row["fate"] == "drawn"}
    assert written == drawn
    assert summary.drawn_rows == sum(drawn.values())


@pytest.mark.usefixtures("sources")
def test_workers_shard_sizes_and_file_order_do_not_change_a_byte(
    build_recipe: Callable[..., Any], tmp_path: Path
) -> None:
    first, _ = build_recipe(RECIPE, out="one")
    expected = _hashes(first)
    assert len(expected) > 8
    for name, settings in (
        ("workers", {"workers": 2}),
        ("shards", {"shard_rows": 7}),
        ("both", {"workers": 2, "shard_rows": 1}),
    ):
        out, _ = build_recipe(RECIPE, out=name, **settings)
        assert _hashes(out) == expected
    # The same files, created in another order and with other times.
    data, copy = tmp_path / "data", tmp_path / "copy"
    for path in sorted(data.rglob("*.jsonl"), reverse=True):
        target = copy / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, (1, 1))
    shutil.rmtree(data)
    copy.rename(data)
    out, _ = build_recipe(RECIPE, out="reordered")
    assert _hashes(out) == expected


def _command(tmp_path: Path, out: str, *more: str) -> list[str]:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE, encoding="utf-8")
    target = str(tmp_path / out)
    return [sys.executable, "-m", "mixer", "build", str(recipe), "--out", target, *more]


@pytest.mark.usefixtures("sources")
def test_the_hash_seed_of_the_interpreter_does_not_change_a_byte(tmp_path: Path) -> None:
    results = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = _command(tmp_path, f"seed-{seed}", "--workers", "2")
        subprocess.run(command, env=environment, check=True, capture_output=True)
        results.append(_hashes(tmp_path / f"seed-{seed}"))
    assert results[0] == results[1]


@pytest.mark.usefixtures("sources")
def test_a_build_killed_at_any_moment_ends_with_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(_command(tmp_path, "whole"), check=True, capture_output=True)
    expected = _hashes(tmp_path / "whole")
    generator = random.Random(5)
    command = _command(tmp_path, "killed", "--workers", "2")
    for _ in range(6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=generator.uniform(0.1, 1.6))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        out = tmp_path / "killed"
        assert not out.exists() or _hashes(out) == expected
    subprocess.run(command, check=True, capture_output=True)
    assert _hashes(tmp_path / "killed") == expected


@pytest.mark.usefixtures("sources")
def test_a_damaged_note_of_a_finished_part_is_made_again(
    build_recipe: Callable[..., Any], tmp_path: Path
) -> None:
    out, _ = build_recipe(RECIPE)
    expected = _hashes(out)
    notes = sorted((tmp_path / "out.work").glob("read/*/done.json"))
    for note, text in zip(notes, ("{", '{"shard_rows": 3}', ""), strict=True):
        note.write_text(text)
    again, _ = build_recipe(RECIPE)
    assert _hashes(again) == expected


@pytest.mark.usefixtures("sources")
def test_workers_end_when_their_build_is_killed(tmp_path: Path) -> None:
    command = _command(tmp_path, "killed", "--workers", "2")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children: list[psutil.Process] = []
    while process.poll() is None and len(children) < 2:
        children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


@pytest.mark.usefixtures("sources")
def test_a_row_can_be_traced_to_the_very_upstream_line(
    build_recipe: Callable[..., Any], tmp_path: Path
) -> None:
    out, _ = build_recipe(RECIPE)
    traced = 0
    for row in pq.read_table(out / "data" / "sft").to_pylist():
        found = story(out, row["id"])
        path = tmp_path / "data" / found.file
        upstream = json.loads(path.read_text(encoding="utf-8").splitlines()[found.row - 1])
        if found.source == "chat":
            assert upstream["messages"] == row["messages"]
            traced += 1
        assert found.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert found.fate == "drawn"
    assert traced


@pytest.mark.usefixtures("sources")
def test_a_dropped_duplicate_names_the_record_that_was_kept(
    build_recipe: Callable[..., Any],
) -> None:
    out, _ = build_recipe(RECIPE)
    duplicates = [row for row in _ledger(out) if row["duplicate_of"]]
    assert len(duplicates) > 20
    for row in duplicates:
        assert row["step"] == "dedup.exact"
        kept = story(out, row["duplicate_of"])
        assert kept.fate in ("drawn", "not_drawn")
        assert row["id"] in kept.duplicates


def test_a_source_that_comes_or_goes_moves_no_other_record(
    build_recipe: Callable[..., Any], write_rows: Callable[[str, list[Any]], Path]
) -> None:
    def rows(start: int) -> list[Any]:
        return [
            {"instruction": _text(n, 6), "input": "", "output": _text(n, 5)}
            for n in range(start, start + 300)
        ]

    write_rows("a.jsonl", rows(0))
    write_rows("b.jsonl", rows(5000))
    one = "name: t\nsources:\n  a: {format: alpaca, path: data/a.jsonl}\n"
    two = one + "  b: {format: alpaca, path: data/b.jsonl}\n"
    half = "mix: {shares: {source: {a: 0.5}}, rows: 200}\n"
    alone, _ = build_recipe(one + "mix: {rows: 100}\n", out="alone")
    together, _ = build_recipe(two + half, out="together")

    def drawn(out: Path) -> set[str]:
        ids = pq.read_table(out / "data" / "sft", columns=["id"]).column("id").to_pylist()
        return {each for each in ids if each.startswith("a/")}

    assert drawn(alone) == drawn(together)


def test_memory_does_not_grow_with_text(
    tmp_path: Path, write_rows: Callable[[str, list[Any]], Path]
) -> None:
    """300 MB of text through the whole flow in one process needs far less than that above a tiny
    build's peak."""
    filler = "lorem ipsum dolor sit amet " * 110
    for part in range(4):
        rows = (
            {"instruction": f"{part}-{n} {filler}", "input": "", "output": f"{n} {filler[:60]}"}
            for n in range(25_000)
        )
        path = tmp_path / "data" / "big" / f"{part}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    write_rows("small/s.jsonl", [{"instruction": "a", "input": "", "output": "b"}])
    peaks = {}
    for name in ("small", "big"):
        recipe = tmp_path / f"{name}.yaml"
        text = f"name: {name}\nsources: {{s: {{format: alpaca, path: 'data/{name}/*.jsonl'}}}}\n"
        recipe.write_text(text, encoding="utf-8")
        peaks[name] = _peak_bytes(recipe, tmp_path / name)
    assert peaks["big"] - peaks["small"] < 600 << 20


def _peak_bytes(recipe: Path, out: Path) -> int:
    code = (
        "import resource, sys; from mixer.cli import main\n"
        "try: main()\n"
        "finally: print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "build",
        str(recipe),
        "--out",
        str(out),
        "--workers",
        "1",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.rsplit("PEAK", 1)[1]) * 1024
