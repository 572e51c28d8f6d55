"""A hub on 127.0.0.1 in a thread: what it holds, what it was asked, and what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any

from hub_requests import Requests
from hub_store import ATTRIBUTES, Refusal, Repo


class Hub(ThreadingHTTPServer):
    """What the server holds, and what it was asked: `requests` are "METHOD path". `when_asked`: a
    part of one, and what happens when it comes; `loses_answer_to` the end of a path whose work is
    done, but never answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Requests)
        self.repos: dict[str, Repo] = {}
        self.large: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.refusals: list[Refusal] = []
        self.loses_answer_to: str | None = None
        self.card_warnings: list[str] = []
        self.when_asked: tuple[str, Callable[[], object]] = ("nothing", lambda: None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that are broken off are meant to be."""

    def create(self, name: str, private: bool) -> Repo:
        repo = self.repos[name] = Repo(private)
        repo.commit("main", {".gitattributes": ATTRIBUTES}, "initial commit")
        return repo


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
