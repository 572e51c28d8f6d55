"""Tests the claim that public instruction collections are 95 % academic tasks with short answers.

    python benchmarks/seed_claim.py --data PATH --labels PATH [--workers N]

Prints for each source the share of rows that call for a short answer and the distance of its use
cases from InstructGPT's Table 1 (total variation and Jensen-Shannon, in bits; Table 1 divided by
its sum, 0.999), twice: from labels read by hand, with 95 % intervals, and from mixer's own labels
of all rows. PATH of the labels is the folder with `task_labels.jsonl`, of which the first 1,530
rows were drawn at random and the others were not, and `task_level.jsonl` (whole tasks); that of
the data is laid out as recipes/three-components.yaml expects. MIXER_DATA and MIXER_LABELS do too.

The draw took about as many rows of each task of a collection, whatever its size, so what was read
speaks of tasks; mixer's share is therefore given by row and with every task alike. Of GPTeacher it
took parts in other proportions than they have, so its parts stand alone.

Intervals are Wilson's for shares, and percentiles of 10,000 bootstrap draws of rows for distances.
A small sample is never at distance 0: `by chance` is the median distance of as many rows drawn from
Table 1 itself.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mixer.engines.local import LocalEngine
from mixer.mixture.presets import INSTRUCTGPT, instructgpt
from mixer.phases.summary import record_frame
from mixer.pipeline import Settings, prepare
from mixer.recipe.load import load_recipe
from mixer.taxonomy import INSTRUCTGPT_USE_CASES

CLAIM = 0.95
RANDOM_ROWS = 1530
DRAWS = 10_000
SEED = 7
FLAN_STYLE = ("super-ni", "t0", "flan-cot")
TREES = "oasst/model/model_eval/manual/data/en_100_tree.jsonl.gz"
USE_CASES = list(INSTRUCTGPT)
TABLE_1 = np.array([instructgpt().shares[name] for name in USE_CASES])

RECIPE = """
name: seed-claim
sources:
  super-ni: {{format: super_ni, path: "{data}/super-natural-instructions/tasks/*.json.gz"}}
  t0: {{format: p3, path: "{data}/self-instruct/data/finetuning/t0_train_50k/data_per_template/*"}}
  flan-cot: {{format: flan_cot, path: "{data}/flan-cot/*.tsv.gz"}}
  self-instruct-seed: {{format: self_instruct, path: "{data}/self-instruct/data/seed*.jsonl.gz"}}
  user-oriented:
    {{format: self_instruct, path: "{data}/self-instruct/human_eval/*instructions.jsonl.gz"}}
  oasst: {{format: columns, path: "{oasst}", license: apache-2.0, map: {{prompt: q, answer: a}}}}
  hh-helpful: {{format: hh_rlhf, path: "{data}/hh-rlhf/helpful-base/*.jsonl.gz"}}
  hh-harmless: {{format: hh_rlhf, path: "{data}/hh-rlhf/harmless-base/*.jsonl.gz"}}
  gpteacher-roleplay: {{path: "{data}/gpteacher/Roleplay/*.json.gz", {gpteacher}}}
  gpteacher-codegen: {{path: "{data}/gpteacher/Codegen/*.json.gz", {gpteacher}}}
  gpteacher-toolformer: {{path: "{data}/gpteacher/Toolformer/*.json.gz", {gpteacher}}}
  alpaca: {{format: alpaca, path: "{data}/alpaca/*.json.gz", card: alpaca}}
annotate: [{{task_type: {{categories: "{data}/flan-cot/flan_collection_info.csv"}}}}]
mix: {{}}
"""

GPTEACHER = "format: columns, license: mit, map: {prompt: [instruction, input], answer: response}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"), metavar="PATH")
    parser.add_argument("--labels", default=os.environ.get("MIXER_LABELS"), metavar="PATH")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    for name, place, file in (
        ("data", given.data, TREES),
        ("labels", given.labels, "task_labels.jsonl"),
    ):
        if not place or not (Path(place) / file).is_file():
            sys.exit(f"No {name}: give --{name} PATH or set MIXER_{name.upper()}.")
    read = with_flan_style(read_by_hand(Path(given.labels) / "task_labels.jsonl"))
    judged = with_flan_style(judged_by_mixer(Path(given.data).resolve(), given.workers))
    sources = [name for name in judged["source"].unique() if name in set(read["source"])]
    print_shares(sources, read, judged)
    print_whole_tasks(Path(given.labels) / "task_level.jsonl", judged)
    print_distances(sources, read, judged)


def read_by_hand(path: Path) -> pd.DataFrame:
    """Source, task type and form of the rows that were drawn at random."""
    rows = pd.read_json(path, lines=True, dtype=False).head(RANDOM_ROWS)
    # `gpteacher/codegen-instruct.json:3101` is of the part `gpteacher-codegen`.
    source = (
        rows["id"].str.replace("gpteacher/", "gpteacher-").str.extract(r"^(gpteacher-\w+|[^/]+)")
    )
    return rows.assign(source=source[0])[["source", "task_type", "form"]]


def judged_by_mixer(data: Path, workers: int) -> pd.DataFrame:
    """The same of all rows, and who judged them."""
    with tempfile.TemporaryDirectory(prefix="mixer-seed-claim-") as temporary:
        folder = Path(temporary)
        write_openings(data / TREES, folder / "oasst.jsonl")
        path = folder / "recipe.yaml"
        places = {"data": data, "oasst": folder / "oasst.jsonl", "gpteacher": GPTEACHER}
        path.write_text(RECIPE.format(**places), encoding="utf-8")
        recipe = load_recipe(path)
        engine = LocalEngine(workers)
        try:
            rows = prepare(recipe, Settings(folder / "work", engine)).rows
        finally:
            engine.close()
        columns = ["source", "subset", "task_type", "form", "task_type_by"]
        frame = record_frame(rows, recipe, rows.kept.astype(np.int64), columns)
        return frame[columns].astype(str)


def write_openings(trees: Path, out: Path) -> None:
    """The first turn of each tree with the reply that people ranked first."""
    with gzip.open(trees, "rt", encoding="utf-8") as file, out.open("w", encoding="utf-8") as rows:
        for line in file:
            opening: dict[str, Any] = json.loads(line)["prompt"]
            ranked = sorted(opening["replies"], key=lambda reply: reply.get("rank", math.inf))
            row = {"q": opening["text"], "a": ranked[0]["text"] if ranked else ""}
            rows.write(json.dumps(row) + "\n")


def with_flan_style(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, and once more those of the Flan-style collections as one source."""
    rows = rows.assign(origin=rows["source"])
    flan = rows[rows["source"].isin(FLAN_STYLE)].assign(source="Flan-style")
    return pd.concat([flan, rows], ignore_index=True)


def wilson(hits: int, rows: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % score interval of a share."""
    share, square = hits / rows, z * z
    middle = (share + square / (2 * rows)) / (1 + square / rows)
    half = z / (1 + square / rows) * math.sqrt(share * (1 - share) / rows + square / (4 * rows**2))
    return middle - half, middle + half


def print_shares(sources: list[str], read: pd.DataFrame, judged: pd.DataFrame) -> None:
    print("share of rows that call for a short answer")
    print(f"  {'':20}  read by hand{'':21}  mixer's labels")
    print(f"  {'source':20}   rows  share  95 % interval  {'0.95?':8}", end="")
    print("      rows  by row  by task  by upstream")
    for source in sources:
        short = read.loc[read["source"] == source, "form"] == "short_answer"
        low, high = wilson(int(short.sum()), len(short))
        verdict = "yes" if low >= CLAIM else "no" if high < CLAIM else "open"
        print(f"  {source:20}  {len(short):5,}  {short.mean():5.3f}", end="")
        print(f"  {low:5.3f} - {high:5.3f}  {verdict:8}", end="")
        mine = judged[judged["source"] == source]
        short = mine["form"] == "short_answer"
        by_task = short.groupby([mine["origin"], mine["subset"]]).mean().mean()
        by_upstream = (mine["task_type_by"] == "upstream").mean()
        print(f"  {len(mine):8,}  {short.mean():6.3f}  {by_task:7.3f}  {by_upstream:11.3f}")


def print_whole_tasks(path: Path, judged: pd.DataFrame) -> None:
    """Short answers by tasks that were read as wholes, each with all of its rows."""
    print("\nshare of short answers, by tasks read as wholes")
    print("  source                tasks  by task      rows  by row")
    tasks = pd.read_json(path, lines=True, dtype=False)
    tasks["short"] = tasks["form"] == "short_answer"
    places = judged["source"] + "/" + judged["subset"]
    tasks["rows"] = tasks["task"].map(places.value_counts()).fillna(0).astype(int)
    for source, mine in tasks.groupby(tasks["task"].str.partition("/")[0], sort=False):
        rows, short = mine["rows"].sum(), (mine["rows"] * mine["short"]).sum()
        print(f"  {source:20}  {len(mine):5}  {mine['short'].mean():7.3f}", end="")
        print(f"  {rows:8,}  {short / rows:6.3f}")


def counts_of(rows: pd.DataFrame) -> np.ndarray:
    """Rows of each use case, in the order of Table 1."""
    cases = rows["task_type"].map(INSTRUCTGPT_USE_CASES)
    return np.asarray(cases.value_counts().reindex(USE_CASES, fill_value=0))


def total_variation(shares: np.ndarray) -> np.ndarray:
    """Half the sum of differences from Table 1: the share that would have to change; [..., 10]."""
    return np.asarray(np.abs(shares - TABLE_1).sum(axis=-1) / 2)


def jensen_shannon(shares: np.ndarray) -> np.ndarray:
    """The Jensen-Shannon divergence from Table 1, in bits; 0 to 1."""
    middle = (shares + TABLE_1) / 2
    both = _relative_entropy(shares, middle) + _relative_entropy(TABLE_1, middle)
    return np.asarray(both / 2)


def _relative_entropy(shares: np.ndarray, other: np.ndarray) -> np.ndarray:
    positive = shares > 0
    logs = np.log2(np.where(positive, shares, 1) / np.where(positive, other, 1))
    return np.asarray((shares * logs).sum(axis=-1))


def print_distances(sources: list[str], read: pd.DataFrame, judged: pd.DataFrame) -> None:
    generator = np.random.default_rng(SEED)
    print("\ndistance of use cases from InstructGPT's Table 1")
    print(f"  {'':20}  read by hand{'':54}  mixer's labels")
    print(f"  {'source':20}  total variation        by chance  Jensen-Shannon", end="")
    print(f"{'':9}  {'largest difference':24}  total variation  Jensen-Shannon")
    for source in sources:
        counts = counts_of(read[read["source"] == source])
        rows = int(counts.sum())
        drawn = generator.multinomial(rows, counts / rows, DRAWS) / rows
        chance = np.median(total_variation(generator.multinomial(rows, TABLE_1, DRAWS) / rows))
        print(f"  {source:20}", end="")
        print(f"  {interval(total_variation, counts / rows, drawn)}  {chance:9.3f}", end="")
        print(f"  {interval(jensen_shannon, counts / rows, drawn)}", end="")
        difference = counts / rows - TABLE_1
        most = int(np.abs(difference).argmax())
        print(f"  {USE_CASES[most]:14} {difference[most]:+.3f}   ", end="")
        mixer = counts_of(judged[judged["source"] == source])
        shares = mixer / mixer.sum()
        print(f"  {total_variation(shares):15.3f}  {jensen_shannon(shares):14.3f}")


def interval(distance: Any, shares: np.ndarray, drawn: np.ndarray) -> str:
    low, high = np.percentile(distance(drawn), [2.5, 97.5])
    return f"{distance(shares):.3f} ({low:.3f} - {high:.3f})"


if __name__ == "__main__":
    main()
