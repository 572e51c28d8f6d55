"""Measures the shipped labels of task type, form and component on rows that were set aside.

    python benchmarks/labels.py --labels PATH --data PATH

The paths are those of train_classifier.py, which also measures models that did not see a source
(--measure). Rows of the sources set aside (labelled_rows.py) were labelled by reading and are never
trained on: that no prompt of theirs is among the training rows is checked. Prints accuracy,
macro-F1, precision and recall, confusion, by source, by language, a reliability table, and rows/s.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from labelled_rows import EVALUATED, Row, labelled_rows, turns

from mixer.annotate.component import Step as ComponentStep
from mixer.annotate.language import Step as LanguageStep
from mixer.annotate.task_type import Step as TaskTypeStep
from mixer.record_builder import RecordBuilder
from mixer.schema import Message, Record, assistant
from mixer.taxonomy import COMPONENTS, FORMS, TASK_TYPES

CLASSES = {"task_type": TASK_TYPES, "form": FORMS, "component": COMPONENTS}
TIMED_RUNS = 3
BINS = (0, 0.3, 0.5, 0.7, 0.9, 1.001)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labels", default=os.environ.get("MIXER_LABELS"))
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    found = parser.parse_args()
    if not found.labels or not found.data:
        parser.error("give --labels and --data, or set MIXER_LABELS and MIXER_DATA")
    place = Path(found.labels)
    rows = labelled_rows(place / "task_labels.jsonl" if place.is_dir() else place, Path(found.data))
    aside = [row for row in rows if row.source in EVALUATED]
    _check_never_trained([row for row in rows if row.source not in EVALUATED], aside)
    frame = labelled(aside)
    for column, names in CLASSES.items():
        report_column(frame, column, list(names))
    report_groups(frame)
    report_reliability(frame)
    report_speed(rows)


def _check_never_trained(trained: list[Row], aside: list[Row]) -> None:
    """A prompt in both would be answered from memory."""
    known = {row.prompt.strip().lower() for row in trained}
    again = [row.id for row in aside if row.prompt.strip().lower() in known]
    print(f"{len(aside):,} rows set aside, {len(again)} of their prompts among the training rows")
    if again:
        sys.exit(f"trained on what is evaluated: {', '.join(again[:5])}")


def batch_of(rows: list[Row]) -> pa.RecordBatch:
    builder = RecordBuilder("s", None)
    for number, row in enumerate(rows):
        said = [Message(who, text) for who, text in turns(row.prompt)]
        builder.add(
            f"s/f:{number}", Record(said, [assistant(row.response)] if row.response else [])
        )
    return builder.take()


def labelled(rows: list[Row]) -> pd.DataFrame:
    batch = batch_of(rows)
    given = TaskTypeStep()(batch).to_pandas().add_prefix("given_")
    frame = pd.DataFrame([row._asdict() for row in rows])
    forms = pa.RecordBatch.from_arrays(
        [*batch.columns, pa.array(given["given_form"])], names=[*batch.schema.names, "form"]
    )
    frame["given_component"] = ComponentStep()(forms).column(0).to_pylist()
    short = frame["form"] == "short_answer"
    frame["component"] = np.where(short, "instruction", "open_ended")
    frame["language"] = LanguageStep()(batch).column("language").to_pylist()
    return frame.join(given)


def report_column(frame: pd.DataFrame, column: str, classes: list[str]) -> None:
    truth, given = frame[column], frame[f"given_{column}"]
    scores = score(truth, given, classes)
    macro = scores.loc[scores["rows"] > 0, "f1"].mean()
    most = truth.value_counts(normalize=True).max()
    print(f"\n{column}: accuracy {(truth == given).mean():.3f}, macro-F1 {macro:.3f}", end="")
    print(f" (always the commonest class: {most:.3f})")
    print(scores.round(2).to_string())
    table = pd.crosstab(truth, given).reindex(index=classes, columns=classes, fill_value=0)
    table.columns = pd.Index([name[:10] for name in classes])
    print(f"rows are the truth, columns the label given\n{table.to_string()}")


def score(truth: pd.Series[str], given: pd.Series[str], classes: list[str]) -> pd.DataFrame:
    """Precision, recall and F1 of each class; a class with nothing to divide by scores 0."""
    right = truth[truth == given].value_counts().reindex(classes, fill_value=0)
    wanted = truth.value_counts().reindex(classes, fill_value=0)
    labels = given.value_counts().reindex(classes, fill_value=0)
    return pd.DataFrame(
        {
            "rows": wanted,
            "precision": right / labels.clip(lower=1),
            "recall": right / wanted.clip(lower=1),
            "f1": 2 * right / (wanted + labels).clip(lower=1),
        }
    )


def report_groups(frame: pd.DataFrame) -> None:
    hits = pd.DataFrame({name: frame[name] == frame[f"given_{name}"] for name in CLASSES})
    for name in ("source", "language", "sure"):
        table = hits.groupby(frame[name]).mean().round(3)
        table.insert(0, "rows", frame[name].value_counts())
        print(f"\naccuracy by {name}\n{table.to_string()}")


def report_reliability(frame: pd.DataFrame) -> None:
    print("\nhow sure, and how often right")
    for name in ("task_type", "form"):
        sure = frame[f"given_{name}_confidence"]
        right = frame[name] == frame[f"given_{name}"]
        bins = pd.cut(sure, list(BINS), right=False)
        table = pd.DataFrame({"rows": 1, "said": sure, "right": right}).groupby(bins, observed=True)
        means = table.agg({"rows": "sum", "said": "mean", "right": "mean"})
        gap = ((means["said"] - means["right"]).abs() * means["rows"]).sum() / len(frame)
        print(f"{name}, expected calibration error {gap:.3f}\n{means.round(3).to_string()}")


def report_speed(rows: list[Row]) -> None:
    batch = batch_of(rows)
    seconds = []
    for _ in range(TIMED_RUNS):
        start = time.perf_counter()
        TaskTypeStep()(batch)
        seconds.append(time.perf_counter() - start)
    rate = len(rows) / min(seconds)
    print(f"\n{rate:,.0f} rows/s on one core, {batch.nbytes / len(rows):,.0f} bytes a row")


if __name__ == "__main__":
    main()
