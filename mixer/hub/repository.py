"""One branch of a dataset repository: what it holds, and a commit to it.

The commit is one request that the server takes or leaves as a whole. `upload_folder` is not used:
from huggingface_hub 2 on it cuts a folder into several commits, so that an upload that breaks off
would leave shards of two mixtures side by side, and `upload_large_folder` always did.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from mixer.errors import InputError
from mixer.hub.changes import Changes, RemoteFile
from mixer.hub.failures import Place, failures_told, find_token

MAIN = "main"
_NAME = re.compile(r"(?!.*(--|\.\.))[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)
_DATASET = "dataset"
_NAME_CHARACTERS = 96


class State(msgspec.Struct, frozen=True):
    """A branch as it is; `commit` is its last."""

    private: bool
    commit: str
    files: list[RemoteFile]


class Repository:
    """`name` is owner/name; InputError where there is no token."""

    def __init__(self, name: str, branch: str | None, note: Callable[[str], None]) -> None:
        from huggingface_hub import HfApi

        token = find_token()
        self._api = HfApi(token=token, library_name="mixer")
        self._place = Place(name, branch or MAIN, self._api.endpoint, token)
        self._note = note

    @property
    def name(self) -> str:
        return self._place.repository

    @property
    def url(self) -> str:
        page = f"{self._place.endpoint}/datasets/{self.name}"
        return page if self._place.branch == MAIN else f"{page}/tree/{self._place.branch}"

    def state(self) -> State | None:
        """None where the hub has no such repository that the token may see."""
        from huggingface_hub.errors import RepositoryNotFoundError

        with failures_told(self._place):
            try:
                info: Any = self._api.repo_info(
                    self.name, repo_type=_DATASET, revision=self._place.branch
                )
            except RepositoryNotFoundError as error:
                if error.response is None or error.response.status_code != 404:
                    raise
                return None
            return State(bool(info.private), info.sha, self._files(info.sha))

    def create(self, *, private: bool) -> State:
        """Empty but for what the hub puts into it."""
        with failures_told(self._place):
            self._api.create_repo(self.name, repo_type=_DATASET, private=private, exist_ok=True)
        state = self.state()
        if state is None:
            raise InputError(f"the hub made {self.name} but does not show it")
        return state

    def commit(self, folder: Path, changes: Changes, message: str, onto: State) -> str:
        """The new commit; refused by the server if `onto` is not the branch's last any more."""
        from huggingface_hub import CommitInfo, CommitOperationAdd, CommitOperationDelete

        with failures_told(self._place), self._warnings_noted():
            _show_bars_on_a_terminal_alone()
            adds = [CommitOperationAdd(file.path, folder / file.path) for file in changes.upload]
            deletes = [CommitOperationDelete(path, is_folder=False) for path in changes.delete]
            made: CommitInfo = self._api.create_commit(
                self.name,
                [*adds, *deletes],
                repo_type=_DATASET,
                commit_message=message,
                revision=self._place.branch,
                parent_commit=onto.commit,
            )
        return made.oid

    def files(self, commit: str) -> list[RemoteFile]:
        with failures_told(self._place):
            return self._files(commit)

    def _files(self, commit: str) -> list[RemoteFile]:
        from huggingface_hub.hf_api import RepoFile

        found = self._api.list_repo_tree(
            self.name, repo_type=_DATASET, revision=commit, recursive=True
        )
        return [
            RemoteFile(each.path, each.blob_id, each.lfs.sha256 if each.lfs else None)
            for each in found
            if isinstance(each, RepoFile)
        ]

    @contextmanager
    def _warnings_noted(self) -> Iterator[None]:
        """huggingface_hub tells by Python warnings what the hub thinks of the card."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.filterwarnings("always", category=UserWarning)
            yield
        for each in caught:
            self._note(" ".join(str(each.message).split()))


def _show_bars_on_a_terminal_alone() -> None:
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if not sys.stderr.isatty() and "HF_HUB_DISABLE_PROGRESS_BARS" not in os.environ:
        disable_progress_bars()


def check_name(name: str) -> None:
    """InputError where it is not owner/name as the hub allows it."""
    longest = max(len(part) for part in name.split("/"))
    if not _NAME.fullmatch(name) or name.endswith(".git") or longest > _NAME_CHARACTERS:
        raise InputError(
            f"{name!r} is no name of a repository: it must be owner/name, such as me/my-mixture "
            f"(letters, digits, `-`, `_`, `.`; each part at most {_NAME_CHARACTERS} long)"
        )
