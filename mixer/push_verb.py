"""`mixer push`: a built mixture → one commit of a dataset repository on the hub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from mixer.cards.licensing import hindrances, plain_verdict
from mixer.cards.summary import Summary
from mixer.engines.local import local_engine
from mixer.errors import InputError, OutputError
from mixer.hub.changes import Changes, changes
from mixer.hub.contents import contents
from mixer.hub.repository import MAIN, Repository, State, check_name
from mixer.phases.accounts import read_summary
from mixer.phases.lock import LOCK, Output

# What the hub itself puts into a repository that a person makes there.
_MADE_BY_THE_HUB = frozenset({".gitattributes", "README.md"})
Say = Callable[[str], None]


class Asked(msgspec.Struct, frozen=True):
    """The options of the command line."""

    private: bool
    may_share: bool
    revision: str | None
    message: str | None
    with_exports: bool
    with_quarantine: bool
    dry_run: bool
    workers: int | None


class Pushed(msgspec.Struct, frozen=True):
    """A whole mixture, and those of its files that go."""

    folder: Path
    summary: Summary
    files: list[Output]


def push(mixture: Path, name: str, asked: Asked, say: Say) -> None:
    """Nothing is made on the hub before everything is checked, the quick things first: hashing a
    large mixture takes long."""
    check_name(name)
    summary = read_summary(mixture)
    _check_licences(mixture, summary, asked, say)
    repository = Repository(name, asked.revision, say)
    state = repository.state()
    _check_state(name, state, asked)
    pushed = Pushed(mixture, summary, _files(mixture, asked, say))
    found = changes(mixture, pushed.files, state.files if state else [])
    if state is not None and found.nothing:
        say(f"nothing to push: {name} holds this mixture")
        _say_where(repository, summary, state.commit, say)
    elif asked.dry_run:
        _say_changes(found, say)
        say(_visibility(name, state, asked.private, "would be"))
    else:
        _push(repository, state, pushed, asked, say)


def _check_licences(mixture: Path, summary: Summary, asked: Asked, say: Say) -> None:
    for config, found in summary.licensing.items():
        for line in plain_verdict(config, found):
            say(f"licence: {line}")
    if not asked.private and not asked.may_share and (why := hindrances(summary)):
        raise InputError(
            f"{mixture} may not be for everybody to see: {'; '.join(why)}. Leave --public away, "
            "or say with --yes-i-may-share that you may"
        )


def _files(mixture: Path, asked: Asked, say: Say) -> list[Output]:
    wanted = {"exports": asked.with_exports, "quarantine": asked.with_quarantine}
    with local_engine(asked.workers) as engine:
        return contents(mixture, wanted, engine, say)


def _check_state(name: str, state: State | None, asked: Asked) -> None:
    if state is None:
        if asked.revision not in (None, MAIN):
            raise InputError(
                f"{name} is not there yet, so it has no branch {asked.revision}: push without "
                "--revision first, or check the name and what the token may see"
            )
        return
    paths = {file.path for file in state.files}
    if LOCK not in paths and (others := sorted(paths - _MADE_BY_THE_HUB)):
        raise OutputError(
            f"{name} holds files that `mixer push` did not put there ({others[0]}): choose "
            "another name, or empty it first"
        )
    if asked.private and not state.private:
        raise OutputError(
            f"{name} is there and public: give --public, or make it private in its settings"
        )


def _push(
    repository: Repository, state: State | None, pushed: Pushed, asked: Asked, say: Say
) -> None:
    onto = state or repository.create(private=asked.private)
    _check_state(repository.name, onto, asked)
    say(_visibility(repository.name, state, asked.private, "is"))
    found = changes(pushed.folder, pushed.files, onto.files)
    message = asked.message or _message(pushed.summary)
    commit = repository.commit(pushed.folder, found, message, onto)
    left = changes(pushed.folder, pushed.files, repository.files(commit))
    if not left.nothing:
        path = [*(file.path for file in left.upload), *left.delete][0]
        raise OutputError(
            f"{repository.name} does not hold the mixture after commit {commit}: {path} differs. "
            "A .gitignore in the repository can do that: delete it, and push again"
        )
    say(
        f"pushed {len(found.upload):,} files ({found.upload_bytes:,} bytes), "
        f"deleted {len(found.delete):,}: commit {commit}"
    )
    _say_where(repository, pushed.summary, commit, say)


def _message(summary: Summary) -> str:
    return f"{summary.name}: {summary.drawn_rows:,} rows, built with mixer {summary.mixer}"


def _visibility(name: str, state: State | None, private: bool, verb: str) -> str:
    if state is None:
        return f"{name} {verb} made, {'private' if private else 'public'}"
    if state.private and not private:
        return f"{name} is there and stays private: its settings on the hub change that"
    return f"{name} is there, {'private' if state.private else 'public'}"


def _say_changes(found: Changes, say: Say) -> None:
    for word, paths in (
        ("add", [file.path for file in found.add]),
        ("replace", [file.path for file in found.replace]),
        ("delete", found.delete),
    ):
        for path in paths:
            say(f"would {word:<7}  {path}")
    say(f"would upload {found.upload_bytes:,} bytes, in one commit")


def _say_where(repository: Repository, summary: Summary, commit: str, say: Say) -> None:
    say(repository.url)
    config = next(iter(summary.configs), None)
    if config is not None:
        say(f'load_dataset("{repository.name}", "{config}", revision="{commit}")')
