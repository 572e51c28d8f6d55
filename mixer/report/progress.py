"""Progress on standard error: bars on a terminal, one line a finished phase otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO


@dataclass
class Phase:
    """A running phase; set the row counts before it ends. `advance` moves the bar by one task."""

    name: str
    rows_before: int | None = None
    rows_after: int | None = None
    note: str = ""
    seconds: float = 0.0
    _bar: Any = field(default=None, repr=False)
    _bar_task: Any = field(default=None, repr=False)

    def expect(self, tasks: int) -> None:
        if self._bar is not None:
            self._bar.update(self._bar_task, total=tasks)

    def advance(self) -> None:
        if self._bar is not None:
            self._bar.advance(self._bar_task)

    def line(self) -> str:
        """`dedup.exact  200,000 → 181,330 kept (18,670 dropped)  0.5 s`."""
        parts = [f"{self.name:<16}"]
        if self.rows_after is not None:
            before, after = self.rows_before, self.rows_after
            if before is None:
                parts.append(f"{after:,} rows")
            else:
                parts.append(f"{before:,} → {after:,} kept ({before - after:,} dropped)")
        if self.note:
            parts.append(self.note)
        return "  ".join([*parts, f"{self.seconds:.1f} s"])


class Progress:
    """Prints to `stream`; keeps the finished phases for benchmarks."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self.finished: list[Phase] = []

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        started = time.perf_counter()
        phase = Phase(name)
        with self._bar(phase):
            yield phase
        phase.seconds = time.perf_counter() - started
        self.finished.append(phase)
        print(phase.line(), file=self._stream, flush=True)

    @contextmanager
    def _bar(self, phase: Phase) -> Iterator[None]:
        if not self._stream.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bars(*columns, console=Console(file=self._stream), transient=True) as bars:
            phase._bar, phase._bar_task = bars, bars.add_task(phase.name, total=None)
            yield
