"""Near-duplicate removal, Parquet in and deduplicated Parquet out: mixer beside its peers.

    python benchmarks/similarity.py --corpus corpus.parquet --peers PEERS_PYTHON
        [--tools mixer,rensa,...] [--repeat 3] [--limit 1800]

The corpus is what benchmarks/similarity_corpus.py writes; PEERS_PYTHON is the interpreter that
the tools of benchmarks/similarity_peers.py are installed in. Each run is a process of its own, from
start to written file; tools alternate; figures are medians; memory and CPU are those of all of a
tool's processes. mixer-parts compares prompt and answer apart, all others the column text. The last
columns: of planted pairs whose word triples are at least so alike (Jaccard), the share of which not
both rows stay.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from processes import FailedToolError, Run, measured
from similarity_peers import PEERS, triples

OWN = {
    "mixer": ["--prompt", "text"],
    "mixer-parts": ["--prompt", "prompt", "--answer", "answer"],
}
ALIKE = (0.8, 0.7)
PAIRS = 20_000
WARM_ROWS = 3_000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--tools", default=",".join([*OWN, *PEERS]))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1800, help="seconds a run may take")
    arguments = parser.parse_args()
    tools = arguments.tools.split(",")
    if unknown := set(tools) - {*OWN, *PEERS}:
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    _print_versions(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if OWN.keys() & set(tools):
            seconds = _warm(arguments, folder)
            print(f"mixer ran on {WARM_ROWS:,} rows first, {seconds:.1f} s: numba compiles then")
        runs, failed = _alternating(tools, arguments, folder)
        _print_table(runs, arguments.corpus, folder)
    for tool, error in failed.items():
        print(f"{tool} FAILED: {error}")


def _print_versions(arguments: argparse.Namespace) -> None:
    code = (
        "import importlib.metadata as m; names = {d.metadata['Name'] for d in m.distributions()}; "
        "print(', '.join(f'{n} {m.version(n)}' for n in "
        "('rensa', 'text-dedup', 'datatrove', 'spacy', 'datasketch') if n in names))"
    )
    command = [arguments.peers, "-c", code]
    peers = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    own = ", ".join(f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "pyarrow"))
    print(f"CPython {platform.python_version()}, {own}, {os.cpu_count()} processors")
    print(f"peers: {peers}")
    rows = pq.ParquetFile(arguments.corpus).metadata.num_rows
    size = pc.sum(pc.binary_length(pq.read_table(arguments.corpus, columns=["text"])["text"]))
    print(f"{rows:,} rows, {size.as_py() / 1e6:,.0f} MB of text, {arguments.repeat} runs of each")


def _warm(arguments: argparse.Namespace, folder: Path) -> float:
    few = folder / "few.parquet"
    pq.write_table(pq.read_table(arguments.corpus).slice(0, WARM_ROWS), few)
    outs = {tool: folder / f"warm-{tool}.parquet" for tool in OWN}
    commands = [_command(tool, few, out, arguments.peers) for tool, out in outs.items()]
    return sum(measured(command, folder, arguments.limit).seconds for command in commands)


def _command(tool: str, source: Path, out: Path, peers: str) -> list[str]:
    if tool in OWN:
        start = [sys.executable, "-m", "mixer", "dedup", f"{source}"]
        return [*start, *OWN[tool], "--out", f"{out}"]
    script = Path(__file__).with_name("similarity_peers.py")
    return [peers, f"{script}", tool, f"{source}", f"{out}"]


def _alternating(
    tools: list[str], arguments: argparse.Namespace, folder: Path
) -> tuple[dict[str, list[Run]], dict[str, str]]:
    runs: dict[str, list[Run]] = {tool: [] for tool in tools}
    failed: dict[str, str] = {}
    for number in range(arguments.repeat):
        for tool in [tool for tool in tools if tool not in failed]:
            out = folder / f"{tool}.parquet"
            out.unlink(missing_ok=True)
            command = _command(tool, arguments.corpus.resolve(), out, arguments.peers)
            try:
                run = measured(command, folder, arguments.limit)
            except FailedToolError as error:
                failed[tool] = f"{error}"
                continue
            runs[tool].append(run)
            print(f"run {number + 1}, {tool}: {run.seconds:.1f} s", file=sys.stderr)
    return {tool: found for tool, found in runs.items() if tool not in failed}, failed


def _print_table(runs: dict[str, list[Run]], corpus: Path, folder: Path) -> None:
    table = pq.read_table(corpus, columns=["id", "text", "copy_of"])
    pairs = _pairs(table)
    counts = [f"{sum(pair[2] >= least for pair in pairs):,} pairs >= {least:g}" for least in ALIKE]
    print(f"{len(pairs):,} planted pairs drawn: {', '.join(counts)}; in brackets, times mixer")
    print(f"{'tool':<12}{'seconds':>16}{'CPU s':>16}{'peak MiB':>16}{'removed':>9}", end="")
    print("".join(f"{f'>= {least:g}':>9}" for least in ALIKE))
    medians = {tool: _median(own) for tool, own in runs.items()}
    for tool, run in medians.items():
        base = medians.get("mixer", Run(math.nan, math.nan, math.nan))
        kept = set(pq.read_table(folder / f"{tool}.parquet", columns=["id"])["id"].to_pylist())
        line = f"{tool:<12}{_beside(run.seconds, base.seconds, 1)}{_beside(run.cpu, base.cpu, 1)}"
        line += _beside(run.peak / 2**20, base.peak / 2**20, 0)
        line += f"{table.num_rows - len(kept):>9,}"
        print(line + "".join(f"{_found(pairs, kept, least):>9.4f}" for least in ALIKE))


def _median(runs: list[Run]) -> Run:
    figures = ("seconds", "cpu", "peak")
    return Run(*(statistics.median(getattr(run, figure) for run in runs) for figure in figures))


def _beside(value: float, base: float, digits: int) -> str:
    ratio = "" if math.isnan(base) else f"({value / base:.1f})"
    return f"{value:>9,.{digits}f} {ratio:>6}"


def _pairs(table: pa.Table) -> list[tuple[int, int, float]]:
    text = dict(zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True))
    origins = zip(table["id"].to_pylist(), table["copy_of"].to_pylist(), strict=True)
    planted = [(row, origin) for row, origin in origins if origin >= 0]
    chosen = random.Random(0).sample(planted, min(PAIRS, len(planted)))
    return [(row, origin, _jaccard(text[row], text[origin])) for row, origin in chosen]


def _jaccard(one: str, other: str) -> float:
    first, second = set(triples(one)), set(triples(other))
    return len(first & second) / len(first | second)


def _found(pairs: list[tuple[int, int, float]], kept: set[int], least: float) -> float:
    alike = [pair for pair in pairs if pair[2] >= least]
    return sum(not (one in kept and other in kept) for one, other, _ in alike) / max(1, len(alike))


if __name__ == "__main__":
    main()
