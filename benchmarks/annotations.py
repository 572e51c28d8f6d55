"""What all labels together cost over real rows, run as a build runs them.

    python benchmarks/annotations.py --data PATH [--workers 2] [--steps "language, length"]

PATH (or MIXER_DATA) is laid out as recipes/three-components.yaml expects. The rows are about
`--most` of each source, evenly spaced. One shard is run first so that kernels are compiled; then
all rows `--repeat` times, and several copies of them, as memory that grows with rows would show
there. Seconds hold loading the compiled kernels, and reading and writing Parquet; worker processes
have been started, as reading does in a build. Memory is of all processes together (processes.py).
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from processes import Watch
from screens import read_shards

from mixer.engines.local import LocalEngine
from mixer.phases import annotate
from mixer.phases.rows import Rows, Shard
from mixer.pipeline import SHARD_ROWS
from mixer.recipe.load import load_recipe

STEPS = "language, task_type, length, component"
RECIPE = """
name: annotations
sources: {{none: {{format: messages, path: none.jsonl}}}}
annotate: [{steps}]
"""
MIB = 1 << 20


class Idle(msgspec.Struct, frozen=True):
    """A task that only starts a process."""

    def run(self) -> int:
        return os.getpid()


class Cost(NamedTuple):
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        read = read_shards(arguments.data, Path(arguments.work or temporary))
        shards = mixed(read, arguments.most, work)
        bytes_each = sum(map(text_bytes, shards)) / sum(shard.rows for shard in shards)
        print(f"{platform.python_implementation()} {platform.python_version()}, ", end="")
        print(f"{arguments.workers} workers, {os.cpu_count()} processors, ", end="")
        print(f"load {os.getloadavg()[0]:.1f}")
        print(f"{arguments.steps}: {bytes_each:,.0f} bytes of text a row")
        report(shards, arguments, work)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--steps", default=STEPS)
    parser.add_argument("--most", type=int, default=50_000, help="rows of a source")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--copies", type=int, default=4, help="of the rows, for memory")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--work", help="keeps what was read for the next run")
    arguments = parser.parse_args()
    if not arguments.data or not Path(arguments.data).is_dir():
        parser.error("no data: give --data PATH or set MIXER_DATA")
    return arguments


def mixed(read: list[tuple[str, str]], most: int, folder: Path) -> list[Shard]:
    """Shards of about `most` rows of each source, evenly spaced, or all where there are fewer."""
    shards = []
    for source in dict.fromkeys(source for source, _ in read):
        paths = [path for name, path in read if name == source]
        every = max(1, -(-sum(map(rows_of, paths)) // most))
        table = pa.concat_tables(spaced(path, every) for path in paths)
        for start in range(0, table.num_rows, SHARD_ROWS):
            path = folder / f"{source}-{start}.parquet"
            part = table.slice(start, SHARD_ROWS)
            pq.write_table(part, path, compression="lz4", row_group_size=4096)
            shards.append(Shard(str(path), path.stem, source, part.num_rows))
    return shards


def rows_of(path: str) -> int:
    with pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def spaced(path: str, every: int) -> pa.Table:
    """One in `every` rows, of those that reading kept."""
    table = pq.read_table(path)
    table = table.filter(table.column("dropped_by").is_null())
    return table.take(np.arange(0, table.num_rows, every))


def text_bytes(shard: Shard) -> int:
    table = pq.read_table(shard.path, columns=["prompt", "answers"])
    return sum(chunk.nbytes for column in table.columns for chunk in column.chunks)


def report(shards: list[Shard], arguments: argparse.Namespace, work: Path) -> None:
    run(shards[:1], arguments, work / "compiled")
    pa.default_memory_pool().release_unused()
    print(f"{'rows':>10}{'seconds':>9}{'CPU s':>8}{'rows/s':>9}{'a CPU s':>9}{'peak MiB':>10}")
    copies = [
        msgspec.structs.replace(shard, name=f"{shard.name}-{number}")
        for number in range(arguments.copies)
        for shard in shards
    ]
    for number, some in enumerate([*[shards] * arguments.repeat, copies]):
        rows = sum(shard.rows for shard in some)
        one = run(some, arguments, work / str(number))
        rates = f"{rows / one.seconds:>9,.0f}{rows / one.cpu_seconds:>9,.0f}"
        peak = f"{one.peak_bytes / MIB:>10,.0f}"
        print(f"{rows:>10,}{one.seconds:>9.1f}{one.cpu_seconds:>8.1f}{rates}{peak}", flush=True)


def run(shards: list[Shard], arguments: argparse.Namespace, work: Path) -> Cost:
    """The annotate phase of a build."""
    work.mkdir()
    recipe = work / "recipe.yaml"
    recipe.write_text(RECIPE.format(steps=arguments.steps))
    tasks = annotate.annotate_tasks(Rows(shards), load_recipe(recipe), work)
    engine = LocalEngine(arguments.workers)
    try:
        engine.map([Idle()] * (4 * arguments.workers))
        with Watch(psutil.Process()) as watch:
            time.sleep(0.1)
            idle, started = watch.cpu, time.perf_counter()
            engine.map(tasks)
            seconds = time.perf_counter() - started
            time.sleep(0.1)
            return Cost(seconds, watch.cpu - idle, watch.peak)
    finally:
        engine.close()


if __name__ == "__main__":
    main()
