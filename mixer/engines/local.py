"""Runs tasks on this machine: in this process for one worker, else in worker processes.

A task is a frozen, picklable struct with `run()`; results come back in the order of the tasks.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import Generic, Protocol, TypeVar

import pyarrow as pa

from mixer.errors import MixerError

Result = TypeVar("Result", covariant=True)
R = TypeVar("R")


class Task(Protocol, Generic[Result]):
    """Work on a part of the data."""

    def run(self) -> Result: ...


class LocalEngine:
    """`workers` processes; started when first needed, shared by all phases of a build."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def map(self, tasks: Sequence[Task[R]], done: Callable[[], None] = lambda: None) -> list[R]:
        """The result of each task, in order; calls `done` after each finished task."""
        pa.default_memory_pool().release_unused()
        if self.workers == 1 or len(tasks) <= 1:
            results = []
            for task in tasks:
                results.append(task.run())
                done()
            return results
        futures = [self._started().submit(_run, task) for task in tasks]
        self._wait(futures, done)
        return [future.result() for future in futures]

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Forking a process that has run Arrow's threads can deadlock; spawned ones start clean.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, context, initializer=_start_worker)
        return self._pool

    def _wait(self, futures: list[Future[R]], done: Callable[[], None]) -> None:
        pending = set(futures)
        try:
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                    done()
        except BrokenProcessPool as error:
            self._pool = None
            sentence = "a worker process was killed (out of memory?): try fewer --workers"
            raise MixerError(f"{sentence}; the next run continues from here") from error
        except BaseException:
            for future in pending:
                future.cancel()
            raise


@contextmanager
def local_engine(workers: int | None) -> Iterator[LocalEngine]:
    """An engine that is closed at the end; None means one worker a processor."""
    engine = LocalEngine(workers or os.cpu_count() or 1)
    try:
        yield engine
    finally:
        engine.close()


def _run(task: Task[R]) -> R:
    try:
        return task.run()
    finally:
        # Arrow's pool keeps what a task freed; with several workers that adds up.
        pa.default_memory_pool().release_unused()


def _start_worker() -> None:
    """Workers of a killed build must not go on writing beside its successor."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=lambda: _exit_after(sentinel), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
