"""`mixer push` to a hub that answers: what it holds afterwards, and what is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hub_server import Hub
from pushed_mixture import NAME, Push, build


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def pushed_files(mixture: Path) -> dict[str, bytes]:
    """All but those that stay; with what the hub puts there."""
    found = files_of(mixture)
    stay = {"quarantine.parquet", *(path for path in found if path.startswith("exports/"))}
    return {path: data for path, data in found.items() if path not in stay}


def without_the_hubs(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path != ".gitattributes"}


def test_the_repository_holds_the_mixture_in_one_private_commit(
    hub: Hub, push: Push, mixture: Path
) -> None:
    result = push()
    assert result.exit_code == 0, result.output
    repo = hub.repos[NAME]
    assert without_the_hubs(repo.files) == pushed_files(mixture)
    assert repo.private
    messages = [message for _, message in repo.log]
    assert re.fullmatch(r"small: 4 rows, built with mixer \S+", messages[1])
    assert len(messages) == 2
    commit = repo.branches["main"]
    assert f'load_dataset("{NAME}", "sft", revision="{commit}")' in result.stdout
    assert f"{hub.url}/datasets/{NAME}\n" in result.stdout
    assert "licence: sft: commercial use is allowed (because of mit)" in result.stdout
    assert "stays here: exports/" in result.stdout
    assert "stays here: quarantine.parquet" in result.stdout


def run(arguments: list[str], hub: Hub, folder: Path) -> str:
    """Python in a process of its own, where huggingface_hub reads its settings when it starts."""
    settings = {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(folder / "hf"),
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_printed_loads_what_was_pushed(hub: Hub, mixture: Path, tmp_path: Path) -> None:
    told = run(["-m", "mixer", "push", str(mixture), NAME, "--workers", "1"], hub, tmp_path)
    load = told.splitlines()[-1]
    rows = f"[row['messages'][0]['content'] for row in {load}['train']]"
    code = f"from datasets import load_dataset; print(*sorted({rows}), sep='\\n')"
    asked = [f"Where does the {river} rise?" for river in ("Elbe", "Loire", "Po")]
    assert run(["-c", code], hub, tmp_path).splitlines() == asked


def test_a_download_is_what_was_pushed(hub: Hub, push: Push, mixture: Path, tmp_path: Path) -> None:
    assert push().exit_code == 0
    target = tmp_path / "download"
    how = f"{NAME!r}, repo_type='dataset', local_dir={str(target)!r}"
    code = f"from huggingface_hub import snapshot_download; snapshot_download({how})"
    run(["-c", code], hub, tmp_path)
    shutil.rmtree(target / ".cache")
    assert without_the_hubs(files_of(target)) == pushed_files(mixture)


def test_the_same_mixture_again_is_no_commit(hub: Hub, push: Push) -> None:
    assert push().exit_code == 0
    commit = hub.repos[NAME].branches["main"]
    hub.requests.clear()
    result = push()
    assert result.exit_code == 0, result.output
    assert f"nothing to push: {NAME} holds this mixture" in result.stdout
    assert f'revision="{commit}")' in result.stdout
    assert hub.repos[NAME].branches["main"] == commit
    assert all(request.startswith("GET ") for request in hub.requests)


def test_a_card_that_somebody_wrote_in_is_pushed_alone(hub: Hub, push: Push, mixture: Path) -> None:
    assert push().exit_code == 0
    with (mixture / "README.md").open("a") as card:
        card.write("\nRivers were chosen by length.\n")
    hub.requests.clear()
    result = push("--message", "Says how rivers were chosen")
    assert "pushed 1 files" in result.stdout
    assert hub.repos[NAME].log[-1][1] == "Says how rivers were chosen"
    assert hub.repos[NAME].files["README.md"].endswith(b"chosen by length.\n")
    assert not [request for request in hub.requests if request.startswith("PUT ")]


def test_files_of_an_earlier_mixture_go_in_the_same_commit(
    hub: Hub, push: Push, mixture: Path
) -> None:
    assert push("--with-quarantine", "--with-exports").exit_code == 0
    repo = hub.repos[NAME]
    assert without_the_hubs(repo.files) == files_of(mixture)
    old = "data/sft/train-00001-of-00002.parquet"
    repo.commit("main", {**repo.files, old: b"PAR1", "figures/a.png": b"PNG"}, "by hand")
    result = push()
    assert result.exit_code == 0, result.output
    held = without_the_hubs(repo.files)
    assert held.pop("figures/a.png") == b"PNG"
    assert held == pushed_files(mixture)
    assert len(repo.log) == 4


def test_another_mixture_takes_the_place_of_the_one_before(
    hub: Hub, push: Push, tmp_path: Path
) -> None:
    assert push().exit_code == 0
    other = build(tmp_path / "other", ["Rhine", "Tagus"])
    result = push(folder=other)
    assert result.exit_code == 0, result.output
    assert without_the_hubs(hub.repos[NAME].files) == pushed_files(other)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(hub: Hub, push: Push) -> None:
    result = push("--dry-run")
    assert result.exit_code == 0, result.output
    assert f"{NAME} would be made, private" in result.stdout
    assert "would add      data/sft/train-00000-of-00001.parquet" in result.stdout
    assert "would add      exports" not in result.stdout
    assert not hub.repos
    assert push().exit_code == 0
    repo = hub.repos[NAME]
    repo.commit("main", {**repo.files, "data/old.parquet": b"PAR1", "recipe.yaml": b""}, "by hand")
    result = push("--dry-run")
    assert "would delete   data/old.parquet" in result.stdout
    assert "would replace  recipe.yaml" in result.stdout
    assert len(repo.log) == 3


def test_a_branch_is_pushed_to_and_main_stays(hub: Hub, push: Push, mixture: Path) -> None:
    repo = hub.create(NAME, private=True)
    repo.branches["next"] = repo.branches["main"]
    result = push("--revision", "next")
    assert result.exit_code == 0, result.output
    assert set(repo.files) == {".gitattributes"}
    assert without_the_hubs(repo.commits[repo.branches["next"]]) == pushed_files(mixture)
    assert f"{hub.url}/datasets/{NAME}/tree/next\n" in result.stdout


def test_files_put_beside_the_mixture_stay_here(hub: Hub, push: Push, mixture: Path) -> None:
    (mixture / "notes.txt").write_text("the password of the cluster")
    result = push()
    assert "stays here: notes.txt" in result.stdout
    assert "notes.txt" not in hub.repos[NAME].files


def test_what_the_hub_says_of_the_card_is_said(hub: Hub, push: Push) -> None:
    hub.card_warnings = ["language tags are deprecated"]
    result = push()
    assert result.exit_code == 0, result.output
    assert "language tags are deprecated" in result.stdout


def test_public_where_the_licences_allow_it(hub: Hub, push: Push) -> None:
    result = push("--public")
    assert result.exit_code == 0, result.output
    assert not hub.repos[NAME].private
    assert f"{NAME} is made, public" in result.stdout


@pytest.mark.parametrize(
    ("license", "why"),
    [
        ("unknown", r"sft: no permission can be read from what is stated \(unknown\)"),
        ("cc-by-nd-4.0", r"sft: pass it on unchanged only \(cc-by-nd-4.0\)"),
    ],
)
def test_public_needs_a_word_where_licences_do_not_allow_it(
    hub: Hub, push: Push, tmp_path: Path, license: str, why: str
) -> None:
    unclear = build(tmp_path / "unclear", ["Elbe"], license)
    result = push("--public", folder=unclear)
    assert result.exit_code == 1
    assert re.search(rf"may not be for everybody to see: {why}.*--yes-i-may-share", result.stderr)
    assert not hub.requests
    assert push(folder=unclear).exit_code == 0
    assert hub.repos[NAME].private
    assert push("--public", "--yes-i-may-share", folder=unclear, name="me/open").exit_code == 0
    assert not hub.repos["me/open"].private


def test_a_private_push_never_goes_to_a_public_repository(hub: Hub, push: Push) -> None:
    hub.create(NAME, private=False)
    result = push()
    assert result.exit_code == 1
    assert "is there and public: give --public" in result.stderr
    assert len(hub.repos[NAME].log) == 1


def test_nothing_is_uploaded_where_the_hub_makes_it_public_unasked(
    hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = hub.create
    monkeypatch.setattr(hub, "create", lambda name, private: create(name, private=False))
    result = push()
    assert result.exit_code == 1
    assert f"{NAME} is there and public" in result.stderr
    assert len(hub.repos[NAME].log) == 1
    assert not hub.large


def test_public_does_not_open_a_private_repository(hub: Hub, push: Push) -> None:
    assert push().exit_code == 0
    hub.repos[NAME].commit("main", {**hub.repos[NAME].files, "data/old.parquet": b""}, "by hand")
    result = push("--public")
    assert f"{NAME} is there and stays private" in result.stdout
    assert hub.repos[NAME].private
