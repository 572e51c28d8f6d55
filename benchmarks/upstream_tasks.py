"""Measures what upstream states of a task against labels given by reading.

    python benchmarks/upstream_tasks.py --data PATH --labels PATH

PATH of the labels is the folder with `task_level.jsonl` (whole tasks) and `task_labels.jsonl`
(rows); that of the data is laid out as recipes/three-components.yaml expects. Without them the
environment variables MIXER_LABELS and MIXER_DATA say where. Prints the agreement of each map, what
it leaves to the model, and every task and row on which the two differ.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a plain checkout

from mixer.annotate.upstream.catalogues import label_of
from mixer.annotate.upstream.stated import Stated

TABLE = "flan-cot/flan_collection_info.csv"
SEEDS = "self-instruct/data/seed_tasks.jsonl.gz"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"), metavar="PATH")
    parser.add_argument("--labels", default=os.environ.get("MIXER_LABELS"), metavar="PATH")
    given = parser.parse_args()
    for name, place, file in (("data", given.data, TABLE), ("labels", given.labels, "")):
        if not place or not (Path(place) / file).exists():
            sys.exit(f"No {name}: give --{name} PATH or set MIXER_{name.upper()}.")
    maps = Maps(Path(given.data))
    tasks = pd.read_json(Path(given.labels) / "task_level.jsonl", lines=True, dtype=False)
    rows = pd.read_json(Path(given.labels) / "task_labels.jsonl", lines=True, dtype=False)
    report("whole tasks", tasks, tasks["task"].map(maps.label))
    rows = rows[rows["id"].str.partition("/")[0].isin(maps.sources)].reset_index(drop=True)
    report("rows", rows.rename(columns={"id": "task"}), rows["id"].map(maps.label))


class Maps:
    """The label that upstream gives to `source/task` or `source/task:row`."""

    sources = ("super-ni", "t0", "flan-cot", "self-instruct-seed")

    def __init__(self, data: Path) -> None:
        self._table = str(data / TABLE)
        self._categories = {
            path.name.partition(".json")[0]: _categories(path)
            for path in (data / "super-natural-instructions" / "tasks").glob("*.json.gz")
        }
        with gzip.open(data / SEEDS, "rt", encoding="utf-8") as file:
            seeds = [json.loads(line) for line in file]
        self._classifying = {seed["id"] for seed in seeds if seed["is_classification"]}

    def label(self, place: str) -> Stated | None:
        source, _, rest = place.partition("/")
        task = rest.partition(":")[0].removesuffix(".tsv")
        if source == "super-ni":
            (category,) = self._categories[task]
            return label_of("super_ni", category, task, self._table)
        if source == "t0":
            return label_of("p3", task, task)
        if source == "flan-cot":
            return label_of("cot", task, task)
        return (
            label_of("self_instruct", "classification", "") if rest in self._classifying else None
        )


def _categories(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        categories: list[str] = json.load(file)["Categories"]
    return categories


def report(title: str, labelled: pd.DataFrame, stated: pd.Series[Any]) -> None:
    """Agreement by source, then every disagreement."""
    frame = labelled.assign(source=labelled["task"].str.partition("/")[0])
    frame["by_upstream"] = [label.task_type if label else None for label in stated]
    frame["form_by_upstream"] = [label.form if label else None for label in stated]
    frame["stated"] = frame["by_upstream"].notna()
    frame["right"] = frame["by_upstream"] == frame["task_type"]
    frame["form_stated"] = frame["form_by_upstream"].notna()
    frame["form_right"] = frame["form_by_upstream"] == frame["form"]
    counts = ["stated", "right", "form_stated", "form_right"]
    table = frame.groupby("source")[counts].sum()
    table.insert(0, "all", frame["source"].value_counts())
    table.loc["together"] = table.sum()
    table["agreement"] = (table["right"] / table["stated"]).round(3)
    table["form_agreement"] = (table["form_right"] / table["form_stated"]).round(3)
    print(f"\n{title}\n{table.to_string()}")
    differ = (frame["stated"] & ~frame["right"]) | (frame["form_stated"] & ~frame["form_right"])
    rows: Any = frame[differ].itertuples()
    for row in rows:
        doubt = "" if row.sure else ", in doubt"
        form = row.form_by_upstream if row.form_stated else "(form open)"
        ours = f"{row.by_upstream} {form}"
        print(f"  {row.task}: upstream {ours}, read as {row.task_type} {row.form}{doubt}")


if __name__ == "__main__":
    main()
