"""Runs each screen over real rows: how many it rejects in each source, rows/s, and random hits to
read, which is how precision was judged.

    python benchmarks/screens.py --data PATH [--screen NAME …] [--settings JSON] [--show 100]

PATH (or MIXER_DATA) is laid out as recipes/three-components.yaml expects; `--settings` are the keys
of the one screen named. `--work` keeps the records that were read for the next run.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mixer import steps
from mixer.conversation import conversations
from mixer.engines.local import LocalEngine
from mixer.phases.read_tasks import read_tasks
from mixer.recipe.license import license_of
from mixer.recipe.load import load_recipe

RECIPE = """
name: screens
sources:
  super-ni: {{format: super_ni, path: "{data}/super-natural-instructions/tasks/*.json.gz"}}
  flan-cot: {{format: flan_cot, path: "{data}/flan-cot/*.tsv.gz"}}
  t0: {{format: p3, path: "{data}/self-instruct/data/finetuning/t0_train_50k/data_per_template/*"}}
  seeds: {{format: self_instruct, path: "{data}/self-instruct/data/seed_tasks.jsonl.gz"}}
  user: {{format: self_instruct, path: "{data}/self-instruct/human_eval/*instructions.jsonl.gz"}}
  stages: {{format: self_instruct, path: "{data}/self-instruct-stages"}}
  alpaca: {{format: alpaca, path: "{data}/alpaca/*.json.gz"}}
  alpaca-zh: {{format: alpaca, path: "{data}/alpaca_zh"}}
  demos: {{format: alpaca, path: "{data}/llamafactory_demos/[ai]*.json*"}}
  gsm8k: {{format: alpaca, path: "{data}/alpaca_cleaned_ext/gsm_8k/*.json.gz"}}
  code-alpaca: {{format: alpaca, path: "{data}/code_alpaca/data/code_alpaca_2k.json.gz"}}
  gpteacher:
    format: columns
    path: ["{data}/gpteacher/Codegen/*", "{data}/gpteacher/Roleplay/*.json.gz",
      "{data}/gpteacher/Toolformer/*0.6*"]
    map: {{prompt: [instruction, input], answer: response}}
  hh: {{format: hh_rlhf, path: "{data}/hh-rlhf/*/*.jsonl.gz"}}
  steamshp: {{format: shp, path: "{data}/steamshp/anthropic_helpful/test.json.gz"}}
annotate: [length]
"""
BATCH_ROWS = 2048
# What a screen needs before it says anything.
SETTINGS: dict[str, dict[str, Any]] = {
    "language": {"keep": ["en"]},
    "length": {"max_answer_words": 400, "max_prompt_characters": 8000},
}
SHOWN_CHARACTERS = 600


def main() -> None:
    arguments = _arguments()
    chosen = arguments.screen or [name for name in steps.names("screen") if name != "language"]
    with tempfile.TemporaryDirectory() as temporary:
        shards = read_shards(arguments.data, Path(arguments.work or temporary))
        rows = Counter[str]()
        for source, batch in batches(shards, ["id"]):
            rows[source] += batch.num_rows
        for name in chosen:
            settings = msgspec.json.decode(arguments.settings or "null") or SETTINGS.get(name, {})
            step = msgspec.convert(settings, steps.step_type("screen", name))
            _measure(name, step, (shards, rows), arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--screen", action="append")
    parser.add_argument("--settings", help="JSON, for the one screen named")
    parser.add_argument("--show", type=int, default=0, help="random hits to print of each screen")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--source", help="hits of this source alone")
    parser.add_argument("--work")
    arguments = parser.parse_args()
    if not arguments.data or not Path(arguments.data).is_dir():
        sys.exit("no data: give --data PATH or set MIXER_DATA")
    return arguments


def read_shards(data: str, work: Path) -> list[tuple[str, str]]:
    """The shards of all sources, each with its source's name."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "recipe.yaml"
    path.write_text(RECIPE.format(data=Path(data).resolve()))
    recipe = load_recipe(path)
    licenses = {name: license_of(source) for name, source in recipe.sources.items()}
    tasks = read_tasks(recipe, licenses, work, 50_000)
    engine = LocalEngine(os.cpu_count() or 1)
    try:
        results = engine.map(tasks)
    finally:
        engine.close()
    found = zip(tasks, results, strict=True)
    return [(shard.source, shard.path) for task, one in found for shard in task.shards(one)]


def batches(
    shards: list[tuple[str, str]], columns: list[str]
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Records that reading kept, as a build hands them to its steps."""
    for source, path in shards:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=[*columns, "dropped_by"]):
                yield source, batch.filter(batch.column("dropped_by").is_null())


def _measure(
    name: str,
    step: Any,
    read: tuple[list[tuple[str, str]], Counter[str]],
    arguments: argparse.Namespace,
) -> None:
    shards, rows = read
    seconds = 0.0
    hits: list[tuple[str, pa.RecordBatch, str]] = []
    by_source, by_reason = Counter[str](), Counter[str]()
    generator = random.Random(arguments.seed)
    seen = 0
    for source, batch in batches(shards, ["id", "prompt", "answers", *_plain_columns(step)]):
        lengths = _with_lengths(batch) if name in ("length", "language") else batch
        if seconds == 0:
            step(lengths)  # kernels are compiled
        started = time.perf_counter()
        reasons = step(lengths)
        seconds += time.perf_counter() - started
        for row in reasons.is_valid().to_numpy(zero_copy_only=False).nonzero()[0].tolist():
            reason = reasons[row].as_py()
            by_source[source] += 1
            by_reason[reason] += 1
            if arguments.source in (None, source):
                seen += 1
                at = len(hits) if len(hits) < arguments.show else generator.randrange(seen)
                hits[at : at + 1] = [(reason, batch.slice(row, 1), source)] * (at < arguments.show)
    total = rows.total()
    print(f"{name}: {by_source.total():,} of {total:,} rows, {total / seconds:,.0f} rows/s")
    print("  " + ", ".join(f"{s} {n:,} of {rows[s]:,}" for s, n in by_source.most_common()))
    for reason, count in by_reason.most_common(20):
        print(f"  {count:>7,}  {reason}")
    for number, (reason, row, _) in enumerate(hits, 1):
        _show(number, reason, row)


def _plain_columns(step: Any) -> list[str]:
    own = ("id", "prompt", "answers", "prompt_tokens", "answer_tokens", "answer_count", "language")
    return [column for column in step.reads if column not in own]


def _with_lengths(batch: pa.RecordBatch) -> pa.RecordBatch:
    length: Any = steps.step_type("annotate", "length")()
    added = length(batch)
    for column, field in zip(added.columns, added.schema, strict=True):
        batch = batch.append_column(field, column)
    return batch


def _show(number: int, reason: str, row: pa.RecordBatch) -> None:
    (one,) = conversations(row.combine_chunks() if hasattr(row, "combine_chunks") else row)
    print(f"\n[{number}] {row.column('id')[0]}: {reason}")
    print(f"  prompt: {_shown(one.turns[-1][1] if one.turns else '')}")
    for answer in one.answers:
        print(f"  answer: {_shown(' / '.join(text for _, text in answer))}")


def _shown(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return repr(text)
    half = SHOWN_CHARACTERS // 2
    return f"{text[:half]!r} … {text[-half:]!r}"


if __name__ == "__main__":
    main()
