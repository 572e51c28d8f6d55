"""Says on stderr, once, that kernels are compiled: at their first use on a machine, for seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.event import Listener, install_listener


class _Sayer(Listener):
    said = False

    def on_start(self, event: Any) -> None:
        if not _Sayer.said:
            _Sayer.said = True
            print("compiling, once on this machine: about ten seconds", file=sys.stderr, flush=True)

    def on_end(self, event: Any) -> None:
        """Nothing to say: what was waited for goes on."""


# As a decorator or in a `with`.
@contextmanager
def saying_when_compiling() -> Iterator[None]:
    """Within it, the first compilation is said; kernels from the cache are not."""
    with install_listener("numba:compile", _Sayer()):
        yield
