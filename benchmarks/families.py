"""Families of near-duplicate prompts: time and memory on the inputs of Super-Natural Instructions.

    python benchmarks/families.py --data PATH [--rows 400000] [--threshold 0.8]

PATH (or MIXER_DATA) holds super-natural-instructions/tasks/*.json.gz.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa

from mixer.phases.prompts import WHOLE_BELOW
from mixer.similarity.families import families
from mixer.similarity.shingles import shingles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"), required=False)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("give --data or set MIXER_DATA")
    texts = _inputs(Path(arguments.data), arguments.rows)
    # Compiled before the clock starts.
    families(shingles(texts.slice(0, 100), whole_below=WHOLE_BELOW), arguments.threshold)
    before = psutil.Process().memory_info().rss
    times = [_run(texts, arguments.threshold) for _ in range(arguments.repeat)]
    shingled = statistics.median(each[0] for each in times)
    joined = statistics.median(each[1] for each in times)
    megabytes = texts.nbytes / 1e6
    versions = [f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "pyarrow")]
    print(f"CPython {platform.python_version()}, {', '.join(versions)}, one core")
    print(f"{len(texts):,} texts, {megabytes:.0f} MB, similarity {arguments.threshold:g}")
    print(f"shingles  {shingled:6.2f} s  {megabytes / shingled:,.0f} MB/s")
    print(f"families  {joined:6.2f} s  {len(texts) / joined:,.0f} rows/s")
    sizes = np.unique(times[0][2], return_counts=True)[1]
    print(f"{int(sizes[sizes > 1].sum()):,} texts in {int((sizes > 1).sum()):,} families")
    print(f"of more than one, the largest of {int(sizes.max()):,}")
    grown = psutil.Process().memory_info().rss - before
    print(f"memory grown by {grown / 2**20:,.0f} MiB")


def _inputs(data: Path, rows: int) -> pa.Array:
    found: list[str] = []
    for path in sorted((data / "super-natural-instructions" / "tasks").glob("*.json.gz")):
        with gzip.open(path) as file:
            found += [instance["input"] for instance in json.load(file)["Instances"]]
        if len(found) >= rows:
            break
    return pa.array(found[:rows], pa.large_string())


def _run(texts: pa.Array, threshold: float) -> tuple[float, float, np.ndarray]:
    start = time.perf_counter()
    made = shingles(texts, whole_below=WHOLE_BELOW)
    middle = time.perf_counter()
    labels = families(made, threshold)
    return middle - start, time.perf_counter() - middle, labels


if __name__ == "__main__":
    main()
