"""Measures the task rules against rows labelled by reading.

    python benchmarks/labels.py --labels PATH

PATH is a `task_labels.jsonl` (id, prompt, response, task_type, form …) or the folder that holds
it; without `--labels` the environment variable MIXER_LABELS says where. About half of the rows is
held back, by source and task and never by row: the rules were written while reading the
development half only, so the held-back figures are the honest ones.
"""

import argparse
import hashlib
import os
import re
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a plain checkout

from mixer.annotate.rules.task_rules import Turn, classify, component

from mixer.taxonomy import COMPONENTS, FORMS, TASK_TYPES

FILE_NAME = "task_labels.jsonl"
# Of six letters tried before any prompt was read, the one that gives the most even halves.
SPLIT_SALT = "d"
TURN_MARK = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")
ROLES = {"Human": "user", "Assistant": "assistant"}
SHARDED_SOURCES = ("alpaca", "self-instruct-stage")
FEEDBACK_SOURCES = ("hh-", "shp")
TIMED_RUNS = 3
CLASSES = {"task_type": TASK_TYPES, "form": FORMS, "component": COMPONENTS}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--labels", default=os.environ.get("MIXER_LABELS"), metavar="PATH")
    rows = read_rows(find_labels(arguments.parse_args().labels))
    rate = add_predictions(rows)
    print(f"{len(rows):,} rows, {rate:,.0f} rows a second ({1e6 / rate:.1f} microseconds a row)")
    for part in ("development", "held-back"):
        report_part(part, rows[rows["part"] == part])


def find_labels(place: str | None) -> Path:
    if not place:
        sys.exit("No labels: give --labels PATH or set MIXER_LABELS.")
    path = Path(place)
    path = path / FILE_NAME if path.is_dir() else path
    if not path.is_file():
        sys.exit(f"No labels: {path} is not a file; give --labels PATH or set MIXER_LABELS.")
    return path


def read_rows(path: Path) -> pd.DataFrame:
    rows = pd.read_json(path, lines=True, dtype=False)
    rows["source"] = rows["id"].str.partition("/")[0]
    rows["part"] = rows["id"].map(task_of).map(part_of)
    rows["turns"] = rows["prompt"].map(split_turns)
    rows["is_feedback"] = rows["source"].str.startswith(FEEDBACK_SOURCES)
    rows["component"] = components(rows["form"], rows["is_feedback"])
    return rows


def components(forms: "pd.Series[str]", is_feedback: "pd.Series[bool]") -> list[str]:
    return [component(*pair) for pair in zip(forms, is_feedback, strict=True)]


def task_of(row_id: str) -> str:
    """Source and task of a row; files that are shards or variants of one task count as one."""
    source, _, rest = row_id.partition("/")
    if source in SHARDED_SOURCES:
        return source
    task = re.sub(r"-(?:similarity-[\d.]+|dedupe-only)-dataset", "", rest.partition(":")[0])
    return f"{source}/{task}"


def part_of(task: str) -> str:
    digest = hashlib.sha256(f"{SPLIT_SALT}{task}".encode()).digest()
    return "held-back" if digest[0] % 2 else "development"


def split_turns(prompt: str) -> list[Turn]:
    """A flattened conversation back into turns; any other prompt is one human turn."""
    if not TURN_MARK.match(prompt):
        return [("user", prompt)]
    _, *pieces = TURN_MARK.split(prompt)
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return [(ROLES[speaker], text.strip()) for speaker, text in pairs]


def add_predictions(rows: pd.DataFrame) -> float:
    """Add the predicted columns and return rows per second, the best of a few runs."""
    pairs = list(zip(rows["turns"], rows["response"], strict=True))
    seconds = []
    for _ in range(TIMED_RUNS):
        start = time.perf_counter()
        labels = [classify(turns, response) for turns, response in pairs]
        seconds.append(time.perf_counter() - start)
    rows["predicted_task_type"] = [label.task_type for label in labels]
    rows["predicted_form"] = [label.form for label in labels]
    rows["predicted_component"] = components(rows["predicted_form"], rows["is_feedback"])
    return len(rows) / min(seconds)


def report_part(part: str, rows: pd.DataFrame) -> None:
    print(f"\n=== {part}: {len(rows):,} rows")
    for column, classes in CLASSES.items():
        report_column(rows, column, list(classes))
    hits = {column: rows[column] == rows[f"predicted_{column}"] for column in CLASSES}
    by_source = pd.DataFrame(hits).groupby(rows["source"]).mean().round(3)
    by_source.insert(0, "rows", rows["source"].value_counts())
    print(f"\n{part}: accuracy by source\n{by_source.to_string()}")


def report_column(rows: pd.DataFrame, column: str, classes: list[str]) -> None:
    truth, predicted = rows[column], rows[f"predicted_{column}"]
    scores = score(truth, predicted, classes)
    macro = scores.loc[scores["rows"] > 0, "f1"].mean()
    majority = truth.value_counts(normalize=True).max()
    print(f"\n{column}: accuracy {(truth == predicted).mean():.3f}, macro-F1 {macro:.3f}", end="")
    print(f" (always the commonest class: {majority:.3f})")
    print(scores.round(2).to_string())
    table = pd.crosstab(truth, predicted).reindex(index=classes, columns=classes, fill_value=0)
    table.columns = [name[:10] for name in classes]
    print(f"rows are the truth, columns the prediction\n{table.to_string()}")


def score(truth: "pd.Series[str]", predicted: "pd.Series[str]", classes: list[str]) -> pd.DataFrame:
    """Precision, recall and F1 of each class; a class with nothing to divide by scores 0."""
    right = truth[truth == predicted].value_counts().reindex(classes, fill_value=0)
    wanted = truth.value_counts().reindex(classes, fill_value=0)
    given = predicted.value_counts().reindex(classes, fill_value=0)
    return pd.DataFrame(
        {
            "rows": wanted,
            "precision": right / given.clip(lower=1),
            "recall": right / wanted.clip(lower=1),
            "f1": 2 * right / (wanted + given).clip(lower=1),
        }
    )


if __name__ == "__main__":
    main()
