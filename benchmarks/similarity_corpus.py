"""A corpus with planted copies at known similarity: real rows, some of them changed and repeated.

    python benchmarks/similarity_corpus.py --data PATH --rows 125000 --out corpus.parquet

PATH (or MIXER_DATA) holds alpaca/, gpteacher/, flan-cot/ and super-natural-instructions/tasks/.
Columns: id; prompt and answer; text, the two together; copy_of, the id of the row that a planted
copy was made from, else -1; kind, how it was changed. Where real rows run out they come again with
every word changed, so that they resemble nothing but one another.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

KINDS = ("exact", "case", "space", "punctuation", "word", "words", "truncated")
# Of a hundred rows, so many are planted copies; every two-thousandth copied row has a cluster.
COPIES_SHARE = 0.2
CLUSTER_ROWS = 50
CLUSTER_EVERY = 200

Text = tuple[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--rows", type=int, default=125_000)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("give --data or set MIXER_DATA")
    table = corpus(Path(arguments.data), arguments.rows)
    pq.write_table(table, arguments.out)
    size = sum(len(text) for text in table.column("text").to_pylist())
    print(f"{table.num_rows:,} rows, {size / 1e6:,.0f} MB of text, written to {arguments.out}")


def corpus(data: Path, rows: int) -> pa.Table:
    chance = random.Random(7)
    base = _base(data, rows - int(rows * COPIES_SHARE), chance)
    planted: list[tuple[Text, int, str]] = []
    while len(base) + len(planted) < rows:
        origin = chance.randrange(len(base))
        kind = chance.choice(KINDS)
        many = CLUSTER_ROWS if len(planted) % CLUSTER_EVERY == 0 else 1
        for _ in range(min(many, rows - len(base) - len(planted))):
            planted.append((_changed(base[origin], kind, chance), origin, kind))
    entries = [(text, -1, "") for text in base] + planted
    order = list(range(len(entries)))
    chance.shuffle(order)
    place = {entry: number for number, entry in enumerate(order)}
    return pa.table(
        {
            "id": pa.array(range(len(order)), pa.int64()),
            "prompt": [entries[i][0][0] for i in order],
            "answer": [entries[i][0][1] for i in order],
            "text": ["\n\n".join(entries[i][0]) for i in order],
            "copy_of": pa.array([place.get(entries[i][1], -1) for i in order], pa.int64()),
            "kind": [entries[i][2] for i in order],
        }
    )


def _base(data: Path, rows: int, chance: random.Random) -> list[Text]:
    found = list(dict.fromkeys(_real(data)))
    chance.shuffle(found)
    result: list[Text] = []
    for cycle in count():
        for prompt, answer in found[: rows - len(result)]:
            result.append((_other(prompt, cycle), _other(answer, cycle)))
        if len(result) == rows:
            return result
    raise AssertionError


def _other(text: str, cycle: int) -> str:
    """Every word with another ending in each cycle."""
    return re.sub(r"\b(\w+)\b", rf"\1{chr(96 + cycle)}", text) if cycle else text


def _changed(text: Text, kind: str, chance: random.Random) -> Text:
    prompt, answer = text
    if kind == "case":
        return prompt.upper(), answer.lower()
    if kind == "space":
        return prompt.replace(" ", "  "), f" {answer}\n"
    if kind == "punctuation":
        return prompt.replace(".", " !"), f"{answer} ..."
    if kind == "truncated":
        words = prompt.split(" ")
        return " ".join(words[: len(words) - len(words) // 10]), answer
    words = prompt.split(" ")
    changes = {"exact": 0, "word": 1}.get(kind, max(1, len(words) // 30))
    for _ in range(changes):
        words[chance.randrange(len(words))] = f"w{chance.randrange(10**9)}"
    return " ".join(words), answer


def _real(data: Path) -> Iterator[Text]:
    for path in [
        *sorted(data.glob("alpaca/*.json.gz")),
        *sorted(data.glob("gpteacher/*/*.json*")),
    ]:
        for row in json.loads(_opened(path)):
            prompt = "\n\n".join(filter(None, (row.get("instruction"), row.get("input"))))
            yield prompt, str(row.get("output") or row.get("response") or "")
    for path in sorted(data.glob("flan-cot/*.tsv*")):
        for line in _opened(path).split("\n"):
            if line.count("\t") == 2:
                prompt, _, rationale = line.split("\t")
                yield prompt, rationale
    for path in sorted(data.glob("super-natural-instructions/tasks/*.json.gz")):
        task = json.loads(_opened(path))
        for instance in task["Instances"]:
            yield f"{task['Definition'][0]}\n\n{instance['input']}", instance["output"][0]


def _opened(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


if __name__ == "__main__":
    main()
