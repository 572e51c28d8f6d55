"""mixer remove: exactly what was asked for goes, everywhere, and all else stays as it was."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixer.cards.mixture_card import mixture_card
from mixer.certificate import Certificate, read_certificate
from mixer.cli import main
from mixer.engines.local import LocalEngine
from mixer.errors import InputError, MixerError, OutputError
from mixer.phases import arrange
from mixer.phases.accounts import read_summary
from mixer.phases.lock import Lock, read_lock
from mixer.phases.recount import recounted
from mixer.phases.removal import Request
from mixer.phases.verify import verify
from mixer.phases.why import story
from mixer.phases.write import write_rows
from mixer.pipeline import Settings, build
from mixer.recipe.load import load_recipe
from mixer.remove import plan, remove
from mixer.report.progress import Progress

RECIPE = """
name: small
seed: 3
sources:
  chat: {format: messages, path: "data/chat/*.jsonl", license: mit, collection: talk}
  pairs: {format: hh_rlhf, path: "data/pairs/*.jsonl", use: [sft, preference]}
  tasks: {format: alpaca, path: "data/tasks/*.jsonl", license: cc-by-4.0}
  asked: {format: alpaca, path: "data/asked.jsonl", license: mit}
annotate: [task_type, length]
dedup: [exact]
decontaminate: {against: {test: {format: alpaca, path: data/test.jsonl}}, on_hit: report}
mix:
  rows: 140
  max_epochs: 2
  shares: {source: {pairs: 0.25}, collection: natural, length_band: natural, use_case: natural}
  split: {validation: 0.1}
export: [jsonl, huggingface]
"""
WORDS = ("amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "kelp")
ENGINE = LocalEngine(1)


def _text(number: int, words: int) -> str:
    generator = random.Random(number)
    return " ".join(generator.choices(WORDS, k=words)) + f" {number}"


def _chat(number: int) -> dict[str, Any]:
    call = {"name": "tide", "arguments": {"harbour": f"Caf\u00e9 {number}"}}
    turns = [
        {"role": "user", "content": _text(number, 9)},
        {"role": "tool_call", "content": json.dumps(call)},
        {"role": "tool", "content": f"low at {number}"},
        {"role": "assistant", "content": _text(number + 500, 7)},
    ]
    return {"messages": turns if number % 5 == 0 else [turns[0], turns[3]]}


def _task(number: int) -> dict[str, Any]:
    return {"instruction": _text(number + 1000, 11), "output": _text(number + 1500, 8)}


def _pair(number: int) -> dict[str, Any]:
    start = f"\n\nHuman: {_text(number + 2000, 12)}?\n\nAssistant: "
    return {"chosen": start + _text(number, 9), "rejected": start + _text(number, 4)}


def _rows() -> dict[str, list[Any]]:
    bad = [{"messages": "Jos\u00e9 none"}, {"messages": "harmless"}, 5]
    near = {"instruction": _task(3)["instruction"], "output": _task(3)["output"] + " kelp"}
    return {
        "chat/a.jsonl": [_chat(n) for n in range(30)],
        "chat/b.jsonl": [*bad, *(_chat(n) for n in range(25, 50))],
        "pairs/p.jsonl": [_pair(n) for n in range(18)],
        "tasks/t.jsonl": [*(_task(n) for n in range(40)), near, _task(5)],
        "asked.jsonl": [{"instruction": _text(n, 6), "output": ""} for n in range(9000, 9003)]
        + [{"instruction": f"Say {n}, please.", "output": "Yes."} for n in range(3)],
        "test.jsonl": [_task(7), {"instruction": "x" * 40, "output": 3}],
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mixture of several configurations, splits and files, with all that may stand in one."""
    folder = tmp_path_factory.mktemp("remove")
    for name, rows in _rows().items():
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrange, "_FILE_ROWS", 30)
        _build(folder, RECIPE, "mixture")
    return folder / "mixture"


def _build(folder: Path, text: str, out: str, locked_to: Lock | None = None) -> Path:
    recipe = folder / "recipe.yaml"
    recipe.write_text(text, encoding="utf-8")
    with open(os.devnull, "w") as silent:
        how = Settings(folder / f"{out}.work", ENGINE, Progress(silent), locked_to=locked_to)
        build(load_recipe(recipe), folder / out, how)
    return folder / out


@pytest.fixture
def mixture(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "mixture"))


def _ids(*ids: str, near: float | None = None) -> Request:
    return Request("ids", "", list(ids), near)


def _ledger(mixture: Path) -> dict[str, dict[str, Any]]:
    rows = pq.read_table(mixture / "ledger.parquet").to_pylist()
    return {row["id"]: row for row in rows}


def _data(mixture: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all data files, each file in its order."""
    paths = sorted(mixture.glob("data/*/*.parquet"))
    return {
        path.relative_to(mixture).as_posix(): pq.read_table(path, partitioning=None).to_pylist()
        for path in paths
    }


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _without(data: dict[str, list[Any]], ids: set[str]) -> dict[str, list[Any]]:
    """What is left, row by row; files of which nothing is left are gone."""
    left = {path: [row for row in rows if row["id"] not in ids] for path, rows in data.items()}
    return {path: rows for path, rows in left.items() if rows}


def _certificate(mixture: Path, number: int = 1) -> Certificate:
    return read_certificate(str(mixture / "removals" / f"{number:04d}.json"))


def _check_whole(before: Path, after: Path, ids: set[str], quarantined: set[str]) -> None:
    """All that must hold after any removal of these."""
    was, now = _ledger(before), _ledger(after)
    assert _data(after) == _without(_data(before), ids)
    assert list(was) == list(now)
    gone = {each for each in now if now[each]["fate"] == "removed"}
    assert gone == (ids | quarantined) & set(was)
    assert all(was[each] == now[each] for each in was if each not in gone)
    kept = pq.read_table(before / "quarantine.parquet").to_pylist()
    left = pq.read_table(after / "quarantine.parquet").to_pylist()
    assert left == [row for row in kept if row["id"] not in quarantined]
    _check_files(before, after)
    _check_counts(after, now)
    assert verify(after, ENGINE).is_whole
    assert read_lock(after).removed == ["removals/0001.json"]


def _check_files(before: Path, after: Path) -> None:
    """Files are as they were, or what filtering their rows gives; exports are of what is left."""
    old, new = _hashes(before), _hashes(after)
    data, left = _data(before), _data(after)
    for path, rows in left.items():
        assert (new[path] == old[path]) == (rows == data[path])
        if new[path] != old[path]:
            table = pq.read_table(before / path, partitioning=None)
            ids = {row["id"] for row in rows}
            mask = [row in ids for row in table.column("id").to_pylist()]
            filtered = table.filter(pa.array(mask)).combine_chunks()
            write_rows(filtered, str(after.parent / "filtered.parquet"))
            assert (after.parent / "filtered.parquet").read_bytes() == (after / path).read_bytes()
    exported = [json.loads(line)["id"] for line in _lines(after / "exports" / "jsonl")]
    assert Counter(exported) == Counter(row["id"] for rows in left.values() for row in rows)
    changes = _certificate(after).outputs
    assert {each.path: each.before for each in changes if each.before} == {
        each.path: each.sha256 for each in read_lock(before).outputs
    }
    told = {each.path: each.after for each in changes if each.after}
    assert told == {path: new[path] for path in told}


def _lines(folder: Path) -> list[str]:
    return [line for path in folder.iterdir() for line in path.read_text("utf-8").splitlines()]


def _check_counts(after: Path, ledger: dict[str, dict[str, Any]]) -> None:
    """Conservation, and the card's numbers as sums over the ledger and the files."""
    summary = read_summary(after)
    fates = Counter(row["fate"] for row in ledger.values())
    dropped = sum(sum(whys.values()) for whys in summary.dropped.values())
    counts = (summary.quarantined, dropped, summary.not_drawn, summary.drawn)
    assert sum(counts) + sum(summary.removed.values()) == summary.read == len(ledger)
    names = ("quarantined", "dropped", "not_drawn", "drawn")
    assert counts == tuple(fates[name] for name in names)
    assert sum(summary.removed.values()) == fates["removed"]
    for source in summary.sources:
        own = (sum(source.quarantined.values()), sum(source.dropped.values()), source.removed)
        assert source.read == sum(own) + source.not_drawn + source.drawn
    assert summary.drawn_rows == sum(row["repeat"] for row in ledger.values())
    by_config = Counter[str]()
    for path, rows in _data(after).items():
        by_config[path.split("/")[1]] += len(rows)
    assert summary.configs == {name: rows for name, rows in by_config.items() if rows}
    for rows_of in summary.composition.values():
        assert sum(row.rows for row in rows_of) == summary.drawn_rows
    card = (after / "README.md").read_text(encoding="utf-8")
    assert card == mixture_card(summary)
    assert "[removals/0001.json](removals/0001.json)" in card
    for why, records in summary.removed.items():
        assert f"| removed afterwards | {why} | {records:,} |" in card


def test_what_is_counted_from_the_files_is_what_the_build_counted(built: Path) -> None:
    summary = read_summary(built)
    named = {source.name: source.name for source in summary.sources} | {"chat": "talk"}
    assert recounted(summary, built, named) == summary
    assert {"use_case", "collection", "length_band"} <= set(summary.composition)
    assert set(summary.configs) == {"sft", "preference"}
    assert summary.by_model
    assert len(_data(built)) > 6
    assert max(row["repeat"] for row in _ledger(built).values()) == 2


@settings(max_examples=12)
@example(seed=732, share=0.95)
@given(seed=st.integers(0, 1000), share=st.sampled_from([0.01, 0.1, 0.5, 0.95]))
def test_ids_take_exactly_their_rows_away(built: Path, seed: int, share: float) -> None:
    chosen = random.Random(seed)
    ledger = _ledger(built)
    asked = [each for each in ledger if chosen.random() < share]
    drawn = {each for each in asked if ledger[each]["fate"] == "drawn"}
    bad = {each for each in asked if ledger[each]["fate"] == "quarantined"}
    if not drawn and not bad:
        return
    if len(drawn) == sum(row["fate"] == "drawn" for row in ledger.values()):
        with pytest.raises(MixerError, match=r"all rows of .* would go"):
            remove(built, _ids(*asked), None, ENGINE)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        before = _hashes(built)
        remove(built, _ids(*asked), out, ENGINE)
        assert _hashes(built) == before
        _check_whole(built, out, drawn, bad)
        certificate = _certificate(out)
        assert {each.id for each in certificate.removed} == drawn
        assert set(certificate.quarantined) == bad
        absent = {each.id: each.fate for each in certificate.not_in_mixture}
        assert absent == {each: ledger[each]["fate"] for each in set(asked) - drawn - bad}
        rows = Counter(row["id"] for each in _data(built).values() for row in each)
        assert {each.id: each.rows for each in certificate.removed} == {i: rows[i] for i in drawn}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value.startswith(("[", "{")):
            yield from _texts(json.loads(value))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "role":
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


TEXT_COLUMNS = ("messages", "prompt", "chosen", "rejected", "completion", "tools")


@pytest.mark.parametrize(
    "pattern", ["(?i)AMBER basil", r"\bfjord \w+ 20\d\d", "Café 1?0", "José", "low at 4", "^kelp"]
)
def test_a_pattern_finds_all_text_that_a_plain_search_finds(
    built: Path, tmp_path: Path, pattern: str
) -> None:
    found = {
        row["id"]
        for rows in _data(built).values()
        for row in rows
        for name in TEXT_COLUMNS
        if any(re.search(pattern, text) for text in _texts(row.get(name)))
    }
    quarantine = pq.read_table(built / "quarantine.parquet").to_pylist()
    bad = {
        row["id"]
        for row in quarantine
        if any(re.search(pattern, text) for text in (*_texts(row["raw"]), row["reason"]))
    }
    assert found or bad
    remove(built, Request("match", pattern, [], None), tmp_path / "out", ENGINE)
    _check_whole(built, tmp_path / "out", found, bad)
    assert pattern not in (tmp_path / "out" / "removals" / "0001.json").read_text("utf-8")


def test_a_source_goes_and_a_configuration_with_it(built: Path, tmp_path: Path) -> None:
    ledger = _ledger(built)
    mine = {each for each in ledger if each.startswith("pairs/")}
    drawn = {each for each in mine if ledger[each]["fate"] == "drawn"}
    remove(built, Request("source", "pairs", [], None), tmp_path / "out", ENGINE)
    _check_whole(built, tmp_path / "out", drawn, set())
    assert not (tmp_path / "out" / "data" / "preference").exists()
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "config_name: sft" in card
    assert "config_name: preference" not in card


def test_what_is_left_is_loaded_although_a_file_is_gone(built: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    data = _data(built)
    path = next(path for path in data if path.startswith("data/sft/train-00001"))
    asked = {row["id"] for row in data[path]}
    remove(built, _ids(*asked), tmp_path / "out", ENGINE)
    _check_whole(built, tmp_path / "out", asked, set())
    assert path not in _data(tmp_path / "out")
    loaded = load_dataset(str(tmp_path / "out"), "sft", cache_dir=str(tmp_path / "cache"))
    left = _without(data, asked)
    for split in ("train", "validation"):
        own = [each["id"] for p in left if f"sft/{split}" in p for each in left[p]]
        assert list(loaded[split]["id"]) == own


def test_in_place_a_second_removal_counts_on(mixture: Path, built: Path) -> None:
    (mixture / "notes.txt").write_text("mine")
    (mixture / "README.md").write_text("# My own words\n")
    drawn = [each for each, row in _ledger(built).items() if row["fate"] == "drawn"]
    remove(mixture, _ids(drawn[0]), None, ENGINE)
    second = remove(mixture, _ids(drawn[0], drawn[1]), None, ENGINE)
    assert (second.number, second.edited_card) == (2, None)
    assert _data(mixture) == _without(_data(built), set(drawn[:2]))
    assert (mixture / "notes.txt").read_text() == "mine"
    assert (mixture / "removals" / "0001.README.md").read_text() == "# My own words\n"
    assert read_lock(mixture).removed == ["removals/0001.json", "removals/0002.json"]
    assert verify(mixture, ENGINE).added == ["notes.txt"]
    (absent,) = _certificate(mixture, 2).not_in_mixture
    assert (absent.id, absent.fate, absent.step) == (drawn[0], "removed", "remove")
    summary = read_summary(mixture)
    assert summary.removed == {"asked for by id": 2}
    assert len(summary.mix.notes) == 2
    told = story(mixture, drawn[0])
    assert (told.fate, told.step, told.why, told.repeat) == (
        "removed",
        "remove",
        "asked for by id",
        0,
    )


def test_near_duplicates_go_along_with_their_witness(built: Path, tmp_path: Path) -> None:
    first, near = "tasks/tasks/t.jsonl:4", "tasks/tasks/t.jsonl:41"
    copy, original = "tasks/tasks/t.jsonl:42", "tasks/tasks/t.jsonl:6"
    ledger = _ledger(built)
    assert [ledger[each]["fate"] for each in (first, near, original)] == ["drawn"] * 3
    assert ledger[copy]["duplicate_of"] == original
    remove(built, _ids(first, original, near=0.7), tmp_path / "out", ENGINE)
    _check_whole(built, tmp_path / "out", {first, original, near}, set())
    entry = _ledger(tmp_path / "out")[near]
    assert (entry["duplicate_of"], entry["why"]) == (first, "near-duplicate of a removed record")
    assert 0.7 <= entry["similarity"] < 1
    certificate = _certificate(tmp_path / "out")
    assert [each.id for each in certificate.not_in_mixture] == [copy]
    assert {each.id: each.like for each in certificate.removed}[near] == first
    assert certificate.asked.near == 0.7


def test_asking_for_a_dropped_copy_names_the_record_that_stays(built: Path) -> None:
    found = plan(built, _ids("tasks/tasks/t.jsonl:42", "tasks/tasks/t.jsonl:1"), ENGINE)
    assert found.originals == ["tasks/tasks/t.jsonl:6"]


def test_contamination_tells_the_new_fate(built: Path, tmp_path: Path) -> None:
    held = pq.read_table(built / "contamination.parquet").to_pylist()
    assert [row["fate"] for row in held] == ["drawn", "drawn"]
    remove(built, _ids(held[0]["id"]), tmp_path / "out", ENGINE)
    after = pq.read_table(tmp_path / "out" / "contamination.parquet").to_pylist()
    assert after == [
        row | ({"fate": "removed"} if row["id"] == held[0]["id"] else {}) for row in held
    ]


def test_the_next_build_keeps_them_out(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built.parent / "data", folder / "data")
    out = shutil.copytree(built, folder / "mixture")
    gone, bad = "tasks/tasks/t.jsonl:6", "chat/chat/b.jsonl:1"
    remove(out, _ids(gone, bad), None, ENGINE)
    with pytest.raises(InputError, match=r"removed .* removals/0001\.json, so no build gives"):
        _build(folder, RECIPE, "locked", read_lock(out))
    with pytest.raises(OutputError, match="certifies that rows were removed"):
        _build(folder, RECIPE, "mixture")
    (folder / "kept").mkdir()
    shutil.copy(out / "removals" / "0001.json", folder / "kept" / "a.json")
    screened = RECIPE.replace("dedup:", "screen: [{removed: {certificates: kept/*.json}}]\ndedup:")
    again = _build(folder, screened, "mixture")
    ledger = _ledger(again)
    assert (ledger[gone]["fate"], ledger[gone]["step"]) == ("dropped", "screen.removed")
    # The copy has the fingerprint.
    assert ledger["tasks/tasks/t.jsonl:42"]["step"] == "screen.removed"
    assert ledger[bad]["fate"] == "quarantined"
    kept = pq.read_table(again / "quarantine.parquet").column("id").to_pylist()
    assert bad not in kept
    assert len(kept) == 3
    # A certificate more is noticed, although settings and records are the same.
    second = folder / "second"
    remove(again, _ids("tasks/tasks/t.jsonl:1"), second, ENGINE)
    shutil.copy(second / "removals" / "0001.json", folder / "kept" / "b.json")
    assert _ledger(_build(folder, screened, "mixture"))["tasks/tasks/t.jsonl:1"]["step"] == (
        "screen.removed"
    )


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (_ids("tasks/tasks/t.jsonl:1", "no/such:1", "x"), r"know 'no/such:1' and 1 more ids"),
        (_ids("tasks/tasks/t.jsonl:42"), r"has no row in .*\(dropped by dedup\.exact\)"),
        (Request("match", "(", [], None), r"'\(' is no regular expression \(RE2\): missing \)"),
        (Request("match", r"(a)\1", [], None), "is no regular expression"),
        (Request("match", "a*", [], None), "matches the empty text"),
        (Request("match", "zebra", [], None), "no text in .* matches 'zebra'"),
        (Request("match", ".", [], None), "all rows of .* would go"),
        (Request("source", "chats", [], None), "no source 'chats' in .*'chat'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    mixture: Path, request_: Request, words: str
) -> None:
    before = _hashes(mixture)
    with pytest.raises(MixerError, match=words):
        remove(mixture, request_, None, ENGINE)
    assert _hashes(mixture) == before
    assert not list(mixture.parent.glob(".*.partial"))


def test_a_mixture_that_was_changed_is_refused(mixture: Path) -> None:
    path = next(mixture.glob("data/sft/*.parquet"))
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(InputError, match="not as it was written: `mixer verify`"):
        remove(mixture, _ids("tasks/tasks/t.jsonl:1"), None, ENGINE)


def test_out_never_overwrites(mixture: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("a")
    for out, words in ((tmp_path / "full", "exists"), (mixture / "x", "lies in the mixture")):
        with pytest.raises(OutputError, match=words):
            remove(mixture, _ids("tasks/tasks/t.jsonl:1"), out, ENGINE)


def test_workers_do_not_change_a_byte(built: Path, tmp_path: Path) -> None:
    asked = _ids(*[each for each, row in _ledger(built).items() if row["fate"] == "drawn"][::3])
    remove(built, asked, tmp_path / "one", ENGINE)
    engine = LocalEngine(2)
    try:
        remove(built, asked, tmp_path / "two", engine)
    finally:
        engine.close()
    assert _hashes(tmp_path / "one") == _hashes(tmp_path / "two")


def test_killed_anywhere_it_leaves_the_old_or_the_new(mixture: Path, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("\ufefftasks/tasks/t.jsonl:1\r\n\n tasks/tasks/t.jsonl:2\n", encoding="utf-8")
    old = _hashes(mixture)
    command = [sys.executable, "-m", "mixer", "remove", str(mixture), "--ids", str(ids)]
    subprocess.run([*command, "--out", str(tmp_path / "new")], check=True, capture_output=True)
    new = _hashes(tmp_path / "new")
    generator = random.Random(2)
    for _ in range(6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=generator.uniform(0.5, 3))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        assert _hashes(mixture) in (old, new)
    subprocess.run(command, check=_hashes(mixture) == old, capture_output=True)
    assert _hashes(mixture) == new


def test_a_swap_that_was_killed_half_way_is_undone(mixture: Path) -> None:
    before = _hashes(mixture)
    mixture.rename(mixture.with_name(f".{mixture.name}.old"))
    plan(mixture, _ids("tasks/tasks/t.jsonl:1"), ENGINE)
    assert _hashes(mixture) == before


def _mixer(*arguments: str, **how: Any) -> Result:
    return CliRunner().invoke(main, [*arguments, "--workers", "1"], **how)


def test_the_command_says_what_goes_and_what_is_left_to_do(mixture: Path) -> None:
    mixture.with_name("mixture.work").mkdir()
    asked = {"input": "tasks/tasks/t.jsonl:1\ntasks/tasks/t.jsonl:42\nchat/chat/b.jsonl:1\n"}
    before = _hashes(mixture)
    dry = _mixer("remove", str(mixture), "--ids", "-", "--dry-run", **asked)
    assert dry.exit_code == 0, dry.output
    assert _hashes(mixture) == before
    assert "1 records and 1 rows of the quarantine" in dry.stdout
    done = _mixer("remove", str(mixture), "--ids", "-", **asked)
    assert done.exit_code == 0, done.output
    assert "1 more records have no row in the mixture: 1 dropped by dedup.exact" in done.stdout
    assert "repeats of records that stay: tasks/tasks/t.jsonl:6" in done.stdout
    assert "mixture.work still holds the text" in done.stdout
    assert "screen: [{removed: {certificates: PATH}}]" in done.stdout
    assert _mixer("verify", str(mixture)).exit_code == 0
    for wrong in ((), ("--source", "a", "--match", "b")):
        assert _mixer("remove", str(mixture), *wrong).exit_code == 2
    none = _mixer("remove", str(mixture), "--ids", "-", input="\n")
    assert (none.exit_code, none.stderr.count("\n")) == (1, 1)


def test_a_file_that_is_no_certificate_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    for content in (b"", b"[]", b'{"removed": 3}', b"\xff"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="is no certificate that `mixer remove` wrote"):
            read_certificate(str(path))
