"""Time and memory of a command with all processes that it starts.

Memory is the sum of the resident memory of all processes, sampled every 50 ms; pages that processes
share are counted in each.
"""

from __future__ import annotations

import re
import resource
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ERROR = re.compile(r"[\w.]+(Error|Exception|Invalid)\b")


class FailedToolError(Exception):
    pass


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    peak: float


class Watch:
    """Peak memory and CPU seconds of a process and all below it, sampled every 50 ms."""

    def __init__(self, process: psutil.Process) -> None:
        self.peak = 0
        self._cpu: dict[int, float] = {}
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        return sum(self._cpu.values())

    def _watch(self) -> None:
        while True:
            self.peak = max(self.peak, sum(map(self._sample, self._all())))
            if self._stop.wait(0.05):
                return

    def _all(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _sample(self, process: psutil.Process) -> int:
        try:
            times = process.cpu_times()
            self._cpu[process.pid] = times.user + times.system
            return int(process.memory_info().rss)
        except psutil.NoSuchProcess:
            return 0


def measured(command: list[str], folder: Path, limit: float) -> Run:
    before, start = _children(), time.perf_counter()
    with (folder / "said").open("w+b") as said:
        started = psutil.Popen(command, stdout=said, stderr=said)
        with Watch(psutil.Process(started.pid)) as watch:
            try:
                code = started.wait(limit)
            except psutil.TimeoutExpired:
                code = None
                for process in [*started.children(recursive=True), started]:
                    process.kill()
                started.wait()
            seconds = time.perf_counter() - start
        if code != 0:
            said.seek(0)
            error = _error(said.read().decode(errors="replace"))
            raise FailedToolError(f"stopped after {limit:g} s" if code is None else error)
    # The sampled time has also those processes that nobody waited for, the other the last 50 ms.
    return Run(seconds, max(watch.cpu, _children() - before), watch.peak)


def _error(said: str) -> str:
    lines = said.strip().splitlines() or ["no word"]
    return next((line for line in reversed(lines) if ERROR.match(line)), lines[-1])


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
