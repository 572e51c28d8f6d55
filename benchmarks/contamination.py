"""Evaluation sets in instruction data: known leaks found, hits on unrelated data, speed, memory.

    python benchmarks/contamination.py --data PATH [--method any_13gram] [--coverage 0.2] [--show 9]

PATH (or MIXER_DATA) holds the folders that RECIPE names. Two sources are copies of GSM8K's train
part, so each of their rows must be found by it; the others have nothing to do with the sets, so
what they hit is to be read: `--show` prints so many hits of each source and set.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from importlib import metadata
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.corpus import Corpus
from mixer.decontaminate.rules import Rules
from mixer.decontaminate.search import Evaluation, Leaks, leaks, read_items
from mixer.engines.local import LocalEngine
from mixer.phases.dedup import corpus_of
from mixer.phases.evaluations import Evaluations, read_evaluations
from mixer.phases.read_tasks import read_tasks
from mixer.phases.rows import Rows, Shard
from mixer.recipe.load import load_recipe
from mixer.recipe.model import Recipe

RECIPE = """
name: contamination
sources:
  gsm8k-alpaca: {{format: alpaca, path: "{data}/alpaca_cleaned_ext/gsm_8k/*"}}
  gsm8k-flan: {{format: flan_cot, path: "{data}/flan-cot/gsm8k_train.tsv.gz"}}
  alpaca: {{format: alpaca, path: "{data}/alpaca/*.json.gz"}}
  super-ni: {{format: super_ni, path: "{data}/super-natural-instructions/tasks/*.json.gz"}}
  flan-cot: {{format: flan_cot, path: "{data}/flan-cot/[!g]*.tsv.gz"}}
  gpteacher: {{format: columns, path: "{data}/gpteacher/*/*.json.gz", map: {columns}}}
  code-alpaca: {{format: columns, path: "{data}/code_alpaca/data/*.json.gz", map: {columns}}}
decontaminate:
  against:
    gsm8k-train: {{format: gsm8k, calculator: without, path: "{data}/evals/gsm8k/train.jsonl.gz"}}
    gsm8k-test: {{format: gsm8k, calculator: without, path: "{data}/evals/gsm8k/test.jsonl.gz"}}
    humaneval: {{format: humaneval, path: "{data}/evals/humaneval/HumanEval.jsonl.gz"}}
    bbh: {{format: bbh, path: "{data}/evals/bbh/*.json"}}
"""
COLUMNS = "{prompt: [instruction, input], answer: response}"
COPIES = ("gsm8k-alpaca", "gsm8k-flan")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--method", default="ngram", choices=["ngram", "any_13gram"])
    parser.add_argument("--coverage", type=float)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("give --data or set MIXER_DATA")
    rules = Rules(method=arguments.method, coverage=arguments.coverage)
    with tempfile.TemporaryDirectory() as temporary:
        rows, evaluations = _read(Path(temporary), Path(arguments.data).resolve())
        corpus = corpus_of(rows, arguments.threads, Path(temporary))
        start = time.perf_counter()
        items = read_items(evaluations.parts(), rules)
        indexed = time.perf_counter() - start
        before = _peak_mib()
        found, seconds = _timed(corpus, items, rules, arguments.repeat)
        _print_speed(corpus, arguments, (indexed, seconds), _peak_mib() - before)
        _print_counts(rows, evaluations, items, found)
        _print_hits(rows, evaluations, items, found, arguments.show)


def _read(folder: Path, data: Path) -> tuple[Rows, Evaluations]:
    path = folder / "recipe.yaml"
    path.write_text(RECIPE.format(data=data, columns=COLUMNS), encoding="utf-8")
    recipe: Recipe = load_recipe(path)
    engine = LocalEngine(os.cpu_count() or 1)
    try:
        tasks = read_tasks(recipe, dict.fromkeys(recipe.sources, "unknown"), folder, 50_000)
        results = engine.map(tasks)
        evaluations = read_evaluations(recipe, (folder, 50_000), engine)
    finally:
        engine.close()
    shards = [s for task, one in zip(tasks, results, strict=True) for s in task.shards(one)]
    return Rows(shards), evaluations


def _timed(
    corpus: Corpus, items: Evaluation, rules: Rules, repeat: int
) -> tuple[Leaks, list[float]]:
    """Seconds of each run; the first of them is told apart, it compiles."""
    seconds = []
    for _ in range(repeat + 1):
        start = time.perf_counter()
        found = leaks(corpus, items, rules)
        seconds.append(time.perf_counter() - start)
    return found, seconds


def _text_megabytes(corpus: Corpus) -> float:
    total = 0
    for part in corpus.parts:
        batch = part.read(["prompt", "answers"])
        answers = batch.column("answers").values.field("messages").values.field("content")
        for texts in (batch.column("prompt").values.field("content"), answers):
            total += pc.sum(pc.binary_length(texts)).as_py() or 0
    return total / 1e6


def _print_speed(
    corpus: Corpus, arguments: argparse.Namespace, took: tuple[float, list[float]], grown: float
) -> None:
    indexed, (first, *others) = took
    versions = [f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "pyarrow")]
    print(
        f"CPython {platform.python_version()}, {', '.join(versions)}, {arguments.threads} threads"
    )
    megabytes, seconds = _text_megabytes(corpus), statistics.median(others)
    print(f"{corpus.rows:,} records, {megabytes:,.0f} MB of text, method {arguments.method}")
    print(f"index of all items {indexed:.1f} s, first search {first:.1f} s, with compiling")
    print(f"search {seconds:.2f} s, {megabytes / seconds:,.0f} MB/s")
    print(f"memory grown by {grown:,.0f} MiB at the most, to {_peak_mib():,.0f} MiB")


def _print_counts(rows: Rows, evaluations: Evaluations, items: Evaluation, found: Leaks) -> None:
    print(f"{found.ignored_grams:,} n-grams and {int(found.ignored_parts.sum()):,} parts common")
    print(f"{'source':<14}{'set':<14}{'records':>9}{'hit':>8}{'questions':>11}{'answers':>9}")
    for source, name, hits in _crossed(rows, evaluations, items, found):
        records = sum(shard.rows for shard in rows.shards if shard.source == source)
        is_answer = items.parts.is_answer[found.found.part[hits]]
        hit = len(np.unique(found.found.row[hits]))
        if len(hits) or source in COPIES:
            questions, answers = int((~is_answer).sum()), int(is_answer.sum())
            print(f"{source:<14}{name:<14}{records:>9,}{hit:>8,}{questions:>11,}{answers:>9,}")
            if source in COPIES and name == "gsm8k-train":
                print(f"    known positives found: {hit / records:.4f}")


def _crossed(
    rows: Rows, evaluations: Evaluations, items: Evaluation, found: Leaks
) -> list[tuple[str, str, np.ndarray]]:
    """The places of the hits of each source on each set."""
    hits = found.found
    source_of = np.array([shard.source for shard in rows.shards])
    own = source_of[np.searchsorted(rows.starts, hits.row, side="right") - 1]
    set_of = items.parts.set_of[items.parts.item[hits.part]]
    return [
        (source, name, np.flatnonzero((own == source) & (set_of == place)))
        for source in dict.fromkeys(source_of.tolist())
        for place, name in enumerate(evaluations.read)
    ]


def _print_hits(
    rows: Rows, evaluations: Evaluations, items: Evaluation, found: Leaks, most: int
) -> None:
    """Evenly spread hits in full, but for those of copies on what they are copies of."""
    ids, own_ids = evaluations.ids(), rows.column("id")
    read = evaluations.everything_read
    shards = [shard for task, result in read for shard in task.shards(result)]
    for source, name, hits in _crossed(rows, evaluations, items, found) if most else []:
        if source in COPIES and name == "gsm8k-train":
            continue
        for place in hits[:: max(1, len(hits) // most)][:most]:
            row, part = int(found.found.row[place]), int(found.found.part[place])
            item = int(items.parts.item[part])
            kind = "answer" if items.parts.is_answer[part] else "question"
            share = found.found.held[place] / items.grams.sizes[part]
            print(f"\n== {source} {own_ids[row]} holds {share:.2f} of the {kind} {ids[item]}")
            print(f"   item: {_text_of(shards, item)}")
            print(f"   record: {_text_of(rows.shards, row)}")


def _text_of(shards: list[Shard], number: int) -> str:
    """What a record says, as JSON."""
    starts = np.cumsum([0, *(shard.rows for shard in shards)])
    place = int(np.searchsorted(starts, number, side="right")) - 1
    table = pq.read_table(shards[place].path, columns=["prompt", "answers"])
    (row,) = table.slice(number - int(starts[place]), 1).to_pylist()
    said = [turn["content"] for turn in row["prompt"]]
    said += [turn["content"] for one in row["answers"] for turn in one["messages"]]
    return msgspec.json.encode(said).decode()[:1500]


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
