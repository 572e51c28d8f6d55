"""Novelty: time, memory and kept set of `dedup: [novelty]` beside the package rouge_score.

    pip install rouge_score
    python benchmarks/novelty.py --data PATH [--repeat 3] [--threads 2] [--pairs 20000]
    python benchmarks/novelty.py --data PATH --check 5000

PATH (or MIXER_DATA) holds alpaca/alpaca_data.json.gz and code_alpaca/data/new_codealpaca.json.gz.
mixer is measured on all of alpaca, from Parquet to the decision on each row; rouge_score on random
pairs, from which its time for all pairs is extrapolated. `--check` compares the kept sets on so
many instructions, half of each file, by calling rouge_score for every pair: minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np
import psutil
from rouge_score.rouge_scorer import RougeScorer

from mixer.corpus import Corpus, parts_of
from mixer.dedup.novelty import Step
from mixer.formats import alpaca
from mixer.phases.record_files import RecordFiles
from mixer.record_builder import RecordBuilder
from mixer.schema import Place

ALPACA = "alpaca/alpaca_data.json.gz"
CODE = "code_alpaca/data/new_codealpaca.json.gz"
THRESHOLD = 0.7
Score = Callable[[str, str], float]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--check", type=int, default=0)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("give --data or set MIXER_DATA")
    versions = [f"{name} {metadata.version(name)}" for name in ("numba", "pyarrow", "rouge_score")]
    print(f"CPython {platform.python_version()}, {', '.join(versions)}")
    data = Path(arguments.data)
    if arguments.check:
        _check(data, arguments.check, arguments.threads)
    else:
        _measure(_instructions(data / ALPACA), arguments)


def _instructions(path: Path) -> list[str]:
    with gzip.open(path) as file:
        return [row["instruction"] for row in json.load(file)]


def _measure(texts: list[str], arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Compiled before the clock starts.
        _kept(texts[:100], Path(folder) / "first", arguments.threads)
        corpus = _corpus(texts, Path(folder) / "all", arguments.threads)
        runs = [_timed(corpus) for _ in range(arguments.repeat)]
    wall, cpu = (statistics.median(run[i] for run in runs) for i in range(2))
    print(f"{len(texts):,} instructions, ROUGE-L {THRESHOLD:g}, {arguments.threads} threads")
    print(f"mixer        {wall:10.2f} s  CPU {cpu:.2f} s, {runs[0][3]:,} kept")
    print(f"             memory grown by {max(run[2] for run in runs) / 2**20:,.0f} MiB")
    seconds = _seconds_a_pair(texts, arguments.pairs)
    pairs = len(texts) * (len(texts) - 1) / 2
    print(f"rouge_score  {seconds * 1e6:10.1f} µs a pair, measured on {arguments.pairs:,} pairs")
    print(f"             {seconds * pairs:,.0f} s for {pairs:,.0f} pairs on one core: extrapolated")
    ratios = [f"{seconds * pairs / each:,.0f}" for each in (wall, cpu)]
    print(f"ratio        {ratios[0]} by wall clock, {ratios[1]} by CPU")


def _timed(corpus: Corpus) -> tuple[float, float, int, int]:
    """Wall and CPU seconds, bytes by which memory grew at most, rows kept."""
    process, done = psutil.Process(), threading.Event()
    before = highest = process.memory_info().rss

    def watch() -> None:
        nonlocal highest
        while not done.wait(0.005):
            highest = max(highest, process.memory_info().rss)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    start = time.perf_counter(), time.process_time()
    witness = Step(rouge_l=THRESHOLD).find(corpus).witness
    end = time.perf_counter(), time.process_time()
    done.set()
    watching.join()
    return end[0] - start[0], end[1] - start[1], highest - before, int((witness < 0).sum())


def _seconds_a_pair(texts: list[str], pairs: int) -> float:
    score, draw = _scorer(), random.Random(0)
    chosen = [draw.sample(texts, 2) for _ in range(pairs)]
    start = time.perf_counter()
    for one, other in chosen:
        score(one, other)
    return (time.perf_counter() - start) / pairs


def _scorer() -> Score:
    scorer = RougeScorer(["rougeL"], use_stemmer=False)
    return lambda one, other: float(scorer.score(one, other)["rougeL"].fmeasure)


def _check(data: Path, count: int, threads: int) -> None:
    texts = [*_instructions(data / ALPACA)[: count - count // 2]]
    texts += _instructions(data / CODE)[: count // 2]
    start = time.perf_counter()
    score = _scorer()
    expected: list[int] = []
    for row, text in enumerate(texts):
        if all(score(text, texts[kept]) <= THRESHOLD for kept in expected):
            expected.append(row)
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        found = _kept(texts, Path(folder) / "all", threads)
    print(f"{len(texts):,} instructions, every pair by rouge_score: {seconds:,.0f} s")
    print(f"kept by rouge_score {len(expected):,}, by mixer {len(found):,}: ", end="")
    print("the same" if found == expected else "NOT THE SAME")


def _kept(texts: list[str], folder: Path, threads: int) -> list[int]:
    witness = Step(rouge_l=THRESHOLD).find(_corpus(texts, folder, threads)).witness
    found: list[int] = np.flatnonzero(witness < 0).tolist()
    return found


def _corpus(texts: list[str], folder: Path, threads: int) -> Corpus:
    """The texts as records of a build."""
    folder.mkdir()
    with RecordFiles(folder, RecordBuilder("s", None), 50_000) as records:
        for row, text in enumerate(texts, 1):
            place = Place("s", "f.json", row)
            record = alpaca.parse(alpaca.Row(instruction=text, output="x"), place, None)
            records.add(f"s/f.json:{row}", record)
    one_source = np.zeros(len(texts), np.int64)
    return Corpus(
        parts=parts_of([str(path) for path in sorted(folder.glob("*.parquet"))]),
        keys=np.zeros((len(texts), 2), np.uint64),
        kept=np.ones(len(texts), bool),
        source=one_source,
        source_names=["s"],
        subset=one_source,
        number=lambda name: np.full(len(texts), np.nan),
        threads=threads,
        scratch=folder,
    )


if __name__ == "__main__":
    main()
