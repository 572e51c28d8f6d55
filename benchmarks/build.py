"""Builds a mixture from every suitable folder of real data and prints rows/s of each phase and the
peak memory of all processes together.

    python benchmarks/build.py --data PATH [--workers N] [--no-language]

PATH (or MIXER_DATA) is a folder laid out as recipes/three-components.yaml expects.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from processes import Watch

from mixer.engines.local import LocalEngine
from mixer.pipeline import Settings, build
from mixer.recipe.load import load_recipe
from mixer.report.progress import Phase, Progress

RECIPE = """
name: everything
seed: 7
sources:
  super-ni: {{format: super_ni, path: "{data}/super-natural-instructions/tasks/*.json.gz"}}
  flan-cot: {{format: flan_cot, path: "{data}/flan-cot/*.tsv.gz"}}
  t0: {{format: p3, path: "{data}/self-instruct/data/finetuning/t0_train_50k/data_per_template/*"}}
  seeds: {{format: self_instruct, path: "{data}/self-instruct/data/seed_tasks.jsonl.gz"}}
  user: {{format: self_instruct, path: "{data}/self-instruct/human_eval/*instructions.jsonl.gz"}}
  stages: {{format: self_instruct, path: "{data}/self-instruct-stages"}}
  alpaca: {{format: alpaca, path: "{data}/alpaca/*.json.gz", card: alpaca}}
  alpaca-zh: {{format: alpaca, path: "{data}/alpaca_zh"}}
  gsm8k: {{format: alpaca, path: "{data}/alpaca_cleaned_ext/gsm_8k/*.json.gz"}}
  hh: {{format: hh_rlhf, path: "{data}/hh-rlhf/*/*.jsonl.gz"}}
  steamshp: {{format: shp, path: "{data}/steamshp/anthropic_helpful/test.json.gz", card: hh_rlhf}}
  shp: {{format: shp, path: "{data}/shp/one_row_from_card.json"}}
annotate: [{language}task_type, length]
screen: [{{length: {{max_prompt_tokens: 2048}}}}]
dedup: [exact]
mix: {{}}
"""


class MeasuredProgress(Progress):
    """Notes the peak memory of each phase beside its time."""

    def __init__(self, memory: Watch) -> None:
        super().__init__()
        self._memory = memory
        self.peaks: dict[str, int] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        self._memory.peak = 0
        with super().phase(name) as phase:
            yield phase
        self.peaks[name] = self._memory.peak


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-language", action="store_true")
    arguments = parser.parse_args()
    if not arguments.data or not Path(arguments.data).is_dir():
        sys.exit("no data: give --data PATH or set MIXER_DATA")
    with tempfile.TemporaryDirectory() as temporary, Watch(psutil.Process()) as memory:
        progress = MeasuredProgress(memory)
        read = _run(Path(temporary), arguments, progress)
    print(f"{platform.python_implementation()} {platform.python_version()}, ", end="")
    print(f"{arguments.workers} workers, {os.cpu_count()} processors")
    print(f"{'phase':<18}{'rows':>10}{'seconds':>9}{'rows/s':>10}{'peak MiB':>10}")
    for phase in progress.finished:
        rows = phase.rows_before or read
        speed = rows / max(phase.seconds, 1e-9)
        peak = progress.peaks[phase.name] / (1 << 20)
        print(f"{phase.name:<18}{rows:>10,}{phase.seconds:>9.1f}{speed:>10,.0f}{peak:>10,.0f}")
    seconds = sum(phase.seconds for phase in progress.finished)
    print(f"{'all':<18}{read:>10,}{seconds:>9.1f}{read / seconds:>10,.0f}")
    peak = max(progress.peaks.values()) / (1 << 20)
    print(f"peak memory of all processes together: {peak:,.0f} MiB")


def _run(folder: Path, arguments: argparse.Namespace, progress: Progress) -> int:
    recipe = folder / "recipe.yaml"
    language = "" if arguments.no_language else "language, "
    recipe.write_text(RECIPE.format(data=Path(arguments.data).resolve(), language=language))
    engine = LocalEngine(arguments.workers)
    try:
        settings = Settings(folder / "work", engine, progress)
        summary = build(load_recipe(recipe), folder / "out", settings)
    finally:
        engine.close()
    return summary.read


if __name__ == "__main__":
    main()
