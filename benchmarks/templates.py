"""Near-duplicates among rows of one task: how many go that should stay, and planted copies found.

    python benchmarks/templates.py --data PATH [--rows 430]

PATH (or MIXER_DATA) holds super-natural-instructions/tasks/*.json.gz. Of each task so many rows
with distinct inputs (by their words) are compared, definition, input and output: none of them
should go. Then near-copies of inputs are planted, alone and in clusters of 50: case, white space,
punctuation, one word, truncation. A copy counts where the word triples of the two inputs, without
the definition, are at 0.8 or above; it is found if not both rows stay.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from mixer.similarity.column_segments import column_segments
from mixer.similarity.near_search import find_leaders
from mixer.similarity.sketches import Piece, Texts

THRESHOLD, WORDS, CLUSTER = 0.8, 3, 50
_PIECE_ROWS = 4096


class Row(NamedTuple):
    task: int
    definition: str
    given: str
    output: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--rows", type=int, default=430)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("give --data or set MIXER_DATA")
    rows = list(distinct_rows(Path(arguments.data), arguments.rows))
    print(f"{len(rows):,} rows with distinct inputs in {rows[-1].task + 1} tasks")
    gone = int((removed(rows, whole=True) >= 0).sum())
    print(f"the whole text as it is: {gone:,} go, {gone / len(rows):.2%}")
    for declared in (True, False):
        start = time.perf_counter()
        gone = int((removed(rows, declared) >= 0).sum())
        name = "declared template" if declared else "no declared template"
        print(f"{name}: {gone:,} go, {gone / len(rows):.2%}; {time.perf_counter() - start:.1f} s")
    for copies in (1, CLUSTER):
        planted, origin = with_copies(rows, copies)
        found = removed(planted, declared=False)
        pairs = [(row, of) for row, of in origin if alike(planted[row], planted[of])]
        caught = sum(found[row] >= 0 or found[of] >= 0 for row, of in pairs)
        print(
            f"copies in clusters of {copies}: {caught:,} of {len(pairs):,} at {THRESHOLD} found, "
            f"recall {caught / len(pairs):.4f}"
        )


def distinct_rows(data: Path, most_rows: int) -> Iterator[Row]:
    chance = random.Random(7)
    tasks = sorted((data / "super-natural-instructions" / "tasks").glob("*.json.gz"))
    for number, path in enumerate(tasks):
        with gzip.open(path) as file:
            task = json.load(file)
        instances = task["Instances"]
        chance.shuffle(instances)
        seen: set[str] = set()
        for instance in instances:
            words = " ".join(re.findall(r"\w+", instance["input"].lower()))
            if words not in seen and len(seen) < most_rows:
                seen.add(words)
                yield Row(number, task["Definition"][0], instance["input"], instance["output"][0])


def removed(rows: list[Row], declared: bool = False, whole: bool = False) -> np.ndarray:
    """int64: the row that each row repeats, or -1. `whole`: prompt and answer as one text, with no
    thought of templates, as other tools compare."""
    prompts = [f"{row.definition}\n\n{row.given}" for row in rows]
    columns = [pa.array(prompts, pa.large_string()), pa.array([r.output for r in rows])]
    if whole:
        texts_as_one = [
            f"{prompt}\n\n{row.output}" for prompt, row in zip(prompts, rows, strict=True)
        ]
        columns = [pa.array(texts_as_one, pa.large_string())]
    templates = sorted({row.definition for row in rows}) if declared else []

    def piece(first: int) -> Piece:
        here = [[column.slice(first, _PIECE_ROWS)] for column in columns]
        return Piece(first, len(here[0][0]), lambda: column_segments(here))

    with TemporaryDirectory() as folder:
        # No subset has enough rows to share a wording where each row is one.
        subset = np.array([row.task for row in rows]) if not whole else np.arange(len(rows))
        pieces = map(piece, range(0, len(rows), _PIECE_ROWS))
        texts = Texts(pieces, subset, templates, os.cpu_count() or 1, Path(folder))
        fixed = np.zeros(len(rows), bool)
        return find_leaders(texts, WORDS, THRESHOLD, lambda: np.arange(len(rows)), fixed).witness


def with_copies(rows: list[Row], copies: int) -> tuple[list[Row], list[tuple[int, int]]]:
    """2,000 copies at the end, in clusters of that many; and of each copy what it was made from."""
    chance = random.Random(11)
    planted, origin = list(rows), []
    for _ in range(2000 // copies):
        of = chance.randrange(len(rows))
        for _ in range(copies):
            origin.append((len(planted), of))
            planted.append(rows[of]._replace(given=_changed(rows[of].given, chance)))
    return planted, origin


def _changed(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    kind = chance.randrange(5)
    if kind == 0:
        return text.upper()
    if kind == 1:
        return "  ".join(words)
    if kind == 2:
        return text.replace(".", " !") + " ..."
    if kind == 3:
        words[chance.randrange(len(words))] = f"w{chance.randrange(10**9)}"
        return " ".join(words)
    return " ".join(words[: len(words) - len(words) // 10])


def alike(one: Row, other: Row) -> bool:
    a, b = _triples(one.given), _triples(other.given)
    return len(a & b) >= THRESHOLD * len(a | b)


def _triples(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


if __name__ == "__main__":
    main()
