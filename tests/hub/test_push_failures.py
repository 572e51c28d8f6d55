"""`mixer push` where something is wrong: one sentence, no commit, no token; the next one works."""

from __future__ import annotations

import re
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hub_server import Hub
from hub_store import READER, WRITER, Refusal
from huggingface_hub import constants
from pushed_mixture import NAME, Push

UNKNOWN = "hf_UnknownTokenThatMustNotBeTold"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """huggingface_hub waits longer and longer between its tries."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def refused(result: Result, words: str) -> None:
    """One sentence that says `words`, exit code 1, and no token anywhere."""
    assert result.exit_code == 1, result.output
    lines = result.stderr.splitlines()
    assert re.search(words, lines[-1]), result.stderr
    assert lines[-1].startswith("mixer: ")
    assert not [token for token in (WRITER, READER, UNKNOWN) if token in result.output]


def commits(hub: Hub) -> int:
    return sum(len(repo.log) for repo in hub.repos.values())


@pytest.mark.parametrize(
    "name",
    ["small", "datasets/me/small", "me/", "/small", "me/sm all", "me/..", "me/a--b", "me/a.git"],
)
def test_a_name_that_is_none(hub: Hub, push: Push, name: str) -> None:
    result = push(name=name)
    refused(result, f"{re.escape(repr(name))} is no name of a repository: it must be owner/name")
    assert not hub.requests


def test_a_mixture_that_is_not_as_it_was_written(hub: Hub, push: Push, mixture: Path) -> None:
    (mixture / "recipe.yaml").write_text("name: other\n")
    refused(push(), r"not as it was written \(1 files, the first: recipe.yaml\): `mixer verify`")
    (mixture / "mixture.lock.json").unlink()
    refused(push(), "cannot read the lock")
    assert not hub.repos


def test_a_shard_that_is_not_of_the_mixture(hub: Hub, push: Push, mixture: Path) -> None:
    shard = mixture / "data" / "sft" / "train-00000-of-00001.parquet"
    shutil.copy(shard, shard.with_name("train-00001-of-00002.parquet"))
    refused(push(), "the first: data/sft/train-00001-of-00002.parquet")
    assert not hub.repos


def test_a_card_that_is_a_link_to_a_private_file(
    hub: Hub, push: Push, mixture: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("private")
    (mixture / "README.md").unlink()
    refused(push(), "has no README.md")
    (mixture / "README.md").symlink_to(tmp_path / "secret")
    refused(push(), "README.md is a link to a file elsewhere")
    assert not hub.repos


def test_without_a_token(hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    refused(push(), "no token for the hub: run `hf auth login`, or set HF_TOKEN")
    assert not hub.requests


def test_a_stored_token_is_used(
    hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    (tmp_path / "token").write_text(WRITER)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    assert push().exit_code == 0
    assert commits(hub) == 2


def test_a_token_that_no_header_can_hold(
    hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_a\x07b")
    result = push(debug=True)
    refused(result, "holds characters that no token has")
    assert "x07" not in result.output


def test_a_token_that_the_hub_does_not_know(
    hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", UNKNOWN)
    refused(push(debug=True), f"does not accept the token for {NAME}: run `hf auth login`")
    assert not hub.repos


def test_a_token_that_may_only_read(hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", READER)
    said = f"may not write to {NAME}: You don't have the rights to write to {NAME}. Use a token"
    refused(push(), said)
    assert not hub.repos
    hub.create(NAME, private=True)
    refused(push(debug=True), said)
    assert commits(hub) == 1


def test_somebody_elses_name(hub: Hub, push: Push) -> None:
    refused(push(name="you/small"), "may not write to you/small: .*or a name of your own")
    assert not hub.repos


def test_a_branch_that_is_not_there(hub: Hub, push: Push) -> None:
    refused(push("--revision", "next"), "is not there yet, so it has no branch next")
    assert not hub.repos
    assert push().exit_code == 0
    refused(push("--revision", "next"), f"{NAME} has no branch next: make it on the hub")
    assert commits(hub) == 2


def test_a_data_set_that_mixer_did_not_push(hub: Hub, push: Push) -> None:
    repo = hub.create(NAME, private=True)
    repo.commit("main", {**repo.files, "data/train.parquet": b"PAR1"}, "by hand")
    refused(push(), r"holds files that `mixer push` did not put there \(data/train.parquet\)")
    assert commits(hub) == 2


def test_no_connection(hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
    said = rf"cannot push to {NAME} at http://127.0.0.1:{port}: .*[Cc]onnection refused"
    refused(push(debug=True), said + ".*Check the network and push again")
    assert not hub.requests


def test_offline(hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    refused(push(), "the hub is switched off: unset HF_HUB_OFFLINE to push")
    assert not hub.requests


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal("PUT /lfs/", 0, after=1), "cannot push to .*whole or not at all"),
        (Refusal("PUT /lfs/", 403, "expired", after=1), "may not write to .*expired"),
        (Refusal("POST /api/datasets/me/small/preupload", 0), "cannot push to .*"),
        (Refusal("POST /datasets/me/small.git/info/lfs", 500, "out of disk"), r"\(500\): out of"),
        (Refusal("POST /api/datasets/me/small/commit", 0), "cannot push to .*"),
        (Refusal("POST /api/datasets/me/small/commit", 413, "too large"), r"\(413\): too large"),
        (Refusal("POST /api/validate-yaml", 400, "no such licence"), r"\(400\): no such licence"),
        (Refusal("GET /api/datasets", 429), "the hub asks to wait"),
    ],
    ids=lambda value: getattr(value, "part", ""),
)
def test_a_push_that_breaks_off_leaves_no_commit_and_the_next_goes_on(
    hub: Hub, push: Push, refusal: Refusal, words: str
) -> None:
    hub.create(NAME, private=True)
    hub.refusals = [refusal]
    refused(push(debug=True), words)
    assert commits(hub) == 1
    hub.refusals, sent = [], set(hub.large)
    hub.requests.clear()
    assert push().exit_code == 0
    assert commits(hub) == 2
    again = {request.removeprefix("PUT /lfs/") for request in hub.requests if "PUT" in request}
    assert not again & sent


def test_a_commit_whose_answer_is_lost_is_found_by_the_next_push(hub: Hub, push: Push) -> None:
    hub.create(NAME, private=True)
    hub.loses_answer_to = "/commit/main"
    refused(push(), "cannot push to .*Check the network and push again")
    assert commits(hub) == 2
    hub.loses_answer_to = None
    assert f"nothing to push: {NAME} holds this mixture" in push().stdout
    assert commits(hub) == 2


def test_somebody_else_pushes_meanwhile(
    hub: Hub, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = hub.create(NAME, private=True)
    monkeypatch.setattr(
        hub, "when_asked", ("preupload", lambda: repo.commit("main", {"README.md": b"x"}, "theirs"))
    )
    refused(push(), f"{NAME} was changed by someone else meanwhile: push again")
    assert repo.files == {"README.md": b"x"}


def test_a_gitignore_on_the_hub_that_keeps_files_out_is_told(hub: Hub, push: Push) -> None:
    assert push().exit_code == 0
    repo = hub.repos[NAME]
    files = {**repo.files, ".gitignore": b"*.jsonl\n"}
    del files["files.jsonl"]
    repo.commit("main", files, "by hand")
    refused(push(), r"files.jsonl differs. A .gitignore in the repository can do that")


def test_the_token_is_not_told_where_the_hub_tells_it(hub: Hub, push: Push) -> None:
    hub.create(NAME, private=True)
    hub.refusals = [Refusal("commit", 418, f"I know {WRITER}")]
    result = push(debug=True)
    refused(result, r"\(418\): I know <token>")
    assert "Traceback" in result.stderr


def test_debug_shows_the_cause(hub: Hub, push: Push) -> None:
    hub.create(NAME, private=True)
    hub.refusals = [Refusal("commit", 418, "a teapot")]
    result = push(debug=True)
    refused(result, "a teapot")
    assert "HfHubHTTPError" in result.stderr


def test_no_file_holds_the_token(
    hub: Hub, push: Push, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert push().exit_code == 0
    hub.refusals = [Refusal("GET", 500)]
    assert push(debug=True).exit_code == 1
    held: list[Any] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert held
    assert not [path for path in held if WRITER.encode() in path.read_bytes()]
