"""Reading of JSON files into records, beside `datasets` and pandas, each in a process of its own.

    python benchmarks/reading.py [--mb 1000] [--repeat 3] [--cases NAME ...] [--tools NAME ...]

The files are made up: `lines` (JSON lines of the size of Alpaca's), `list` (the same as one JSON
list), `long` (8 KB a row) and `gz` (the first, compressed). `mixer` reads them with the format
alpaca into records in Parquet, `mixer-parse` goes as far as the format's parse, `mixer-rows` cuts
and decodes the rows alone; `datasets` writes its cache to a temporary folder; pandas holds
everything in memory. The tools alternate; medians.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from processes import FailedToolError, Run, measured

WORDS = [
    "amber",
    "basil",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "kelp",
    "lichen",
    "moss",
    "otter",
]
CASES = ("lines", "list", "long", "gz")
TOOLS = ("mixer", "mixer-parse", "mixer-rows", "datasets", "pandas")
LIMIT_SECONDS = 3600
_DIFFERENT_ROWS = 2000


class Case(NamedTuple):
    path: Path
    rows: int
    text_bytes: int


def mixer(path: Path) -> None:
    from mixer.formats import options_type
    from mixer.phases.read import ReadTask
    from mixer.recipe.model import Source
    from mixer.sources.files import find_files

    files = find_files([str(path)], "s")
    source = Source(format="alpaca", path=(str(path),), options=options_type("alpaca")())
    with tempfile.TemporaryDirectory() as folder:
        task = ReadTask(f"{folder}/read", "s", source, None, files, None, True, 50_000)
        print(sum(task.run().shard_rows))


def mixer_parse(path: Path) -> None:
    import msgspec

    from mixer.formats import alpaca
    from mixer.schema import Place
    from mixer.sources.containers import raw_rows
    from mixer.sources.raw_row import Layout

    count = 0
    for raw in raw_rows(str(path), Layout()):
        place = Place("s", path.name, raw.member_row)
        alpaca.parse(msgspec.convert(raw.value, alpaca.Row), place, None)
        count += 1
    print(count)


def mixer_rows(path: Path) -> None:
    from mixer.sources.containers import raw_rows
    from mixer.sources.raw_row import Layout

    print(sum(row.reason is None for row in raw_rows(str(path), Layout())))


def datasets(path: Path) -> None:
    from datasets import load_dataset

    with tempfile.TemporaryDirectory() as folder:
        rows = load_dataset("json", data_files=str(path), split="train", cache_dir=folder)
        print(len(rows))


def pandas(path: Path) -> None:
    from pandas import read_json

    print(len(read_json(path, lines=path.name != "list.json")))


RUN = {
    "mixer": mixer,
    "mixer-parse": mixer_parse,
    "mixer-rows": mixer_rows,
    "datasets": datasets,
    "pandas": pandas,
}


def rows_of(output_words: int) -> Iterator[str]:
    """Without an end; the text of a row differs from others by its number."""
    generator = random.Random(7)

    def words(count: int) -> str:
        return " ".join(generator.choices(WORDS, k=count))

    some = [
        (words(9), words(generator.choice((0, 0, 9))), f'{words(output_words)}\n"{words(5)}"\n')
        for _ in range(_DIFFERENT_ROWS)
    ]
    number = 0
    while True:
        for instruction, given, output in some:
            number += 1
            row = {"instruction": f"{instruction} {number}?", "input": given, "output": output}
            yield json.dumps(row)


def make(name: str, folder: Path, size: int) -> Case:
    path = folder / {"list": "list.json", "gz": "gz.jsonl.gz"}.get(name, f"{name}.jsonl")
    writing = gzip.open if name == "gz" else open
    before, between, after = ("[\n", ",\n", "\n]") if name == "list" else ("", "\n", "\n")
    count = text_bytes = 0
    with writing(path, "wt", encoding="utf-8") as file:
        for row in rows_of(1300 if name == "long" else 40):
            text_bytes += file.write((between if count else before) + row)
            count += 1
            if text_bytes >= size:
                break
        file.write(after)
    return Case(path, count, text_bytes)


def compare(name: str, case: Case, tools: list[str], repeat: int, folder: Path) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    runs: dict[str, list[Run]] = {tool: [] for tool in tools}
    for _ in range(repeat):
        for tool in tools:
            command = [sys.executable, __file__, "--run", tool, str(case.path)]
            try:
                runs[tool].append(measured(command, folder, LIMIT_SECONDS))
            except FailedToolError as error:
                print(f"{tool}: {error}")
    print(f"{name}: {case.rows:,} rows, {case.text_bytes / 1e6:,.0f} MB of text")
    head = f"{'tool':12}{'seconds':>9}{'CPU s':>8}{'rows / CPU s':>15}{'MB / CPU s':>12}"
    print(f"{head}{'peak MiB':>10}")
    first = statistics.median(run.cpu for run in runs[tools[0]])
    for tool, own in runs.items():
        if own:
            cpu = statistics.median(run.cpu for run in own)
            seconds = statistics.median(run.seconds for run in own)
            speed = f"{case.rows / cpu:>15,.0f}{case.text_bytes / cpu / 1e6:>12,.0f}"
            peak = max(run.peak for run in own) / (1 << 20)
            print(f"{tool:12}{seconds:>9.1f}{cpu:>8.1f}{speed}{peak:>10,.0f}  ({cpu / first:.1f})")
    print()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=CASES)
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS)
    parser.add_argument("--run", nargs=2, metavar=("TOOL", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        RUN[asked.run[0]](Path(asked.run[1]))
        return
    libraries = ("msgspec", "pyarrow", "isal", "datasets", "pandas")
    print(
        f"CPython {platform.python_version()}, " + ", ".join(f"{n} {version(n)}" for n in libraries)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case_name in asked.cases:
            case = make(case_name, folder, asked.mb * 1_000_000)
            compare(case_name, case, list(asked.tools), asked.repeat, folder)
            case.path.unlink()


if __name__ == "__main__":
    main()
