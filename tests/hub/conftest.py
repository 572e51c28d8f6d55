"""A mixture, a hub on 127.0.0.1, and `mixer push` to it.

huggingface_hub reads its settings when it is first imported, so they are set in its module. Large
files go by LFS here: xet speaks a protocol of its own to a service that the server is not.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from hub_server import Hub, running_hub
from hub_store import WRITER
from huggingface_hub import constants
from pushed_mixture import NAME, Push, build, run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "small", ["Elbe", "Po", "Loire"])


@pytest.fixture
def mixture(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(built, tmp_path / "small"))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """Running, with nothing on it; huggingface_hub talks to it as someone who may write."""
    monkeypatch.setenv("HF_TOKEN", WRITER)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True, raising=False)
    with running_hub() as running:
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        yield running
        _close_connections()


def _close_connections() -> None:
    """Those that huggingface_hub keeps open for the next request, however it is called."""
    utils = huggingface_hub.utils
    close = getattr(utils, "close_session", None) or utils.reset_sessions
    close()


@pytest.fixture
def push(mixture: Path) -> Push:
    """`mixer push` of the mixture, or of another; `debug` shows the traceback of an error."""

    def pushed(*options: Any, folder: Path = mixture, name: str = NAME, debug: bool = False) -> Any:
        with warnings.catch_warnings():
            # Of huggingface_hub itself, where it hands a file to its HTTP library.
            warnings.filterwarnings("ignore", "Use 'content=", DeprecationWarning)
            return run(
                *(["--debug"] if debug else []), "push", folder, name, "--workers", 1, *options
            )

    return pushed
