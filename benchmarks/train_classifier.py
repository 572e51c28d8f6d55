"""Trains the classifier of task types and forms, and measures it on sources it was not trained on.

    python benchmarks/train_classifier.py --labels PATH --data PATH [--out weights.npz] [--measure]

PATH of --labels is a `task_labels.jsonl` or its folder (or MIXER_LABELS), of --data the folder of
public collections (or MIXER_DATA); see labelled_rows.py. --measure: each group of sources is left
out in turn; else all rows but those set aside are trained on, and weights are written.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

import numpy as np
from labelled_rows import EVALUATED, Row, labelled_rows, turns
from numba import njit
from softmax_regression import Examples, fitted, logits

from mixer.annotate.classifier.concepts import concept_table
from mixer.annotate.classifier.features import (
    MOST_FEATURES,
    Asked,
    Vocabulary,
    row_features,
    vocabulary,
)
from mixer.annotate.classifier.grams import new_line
from mixer.annotate.classifier.model import PATH
from mixer.annotate.classifier.tokens import MOST_TOKENS, WORD, tokenize
from mixer.taxonomy import FORMS, TASK_TYPES

LABELS = {"task_type": list(TASK_TYPES), "form": list(FORMS)}
FREQUENT_WORDS = 300
# A feature of one source says more about the source than about the task.
LEAST_ROWS, LEAST_GROUPS = 3, 2
UNSURE_WEIGHT = 0.6


def main() -> None:
    arguments = _arguments()
    rows = labelled_rows(arguments.labels, arguments.data)
    counts = Counter(row.source for row in rows)
    print(f"{len(rows):,} rows: " + ", ".join(f"{name} {n:,}" for name, n in counts.most_common()))
    asked = asked_of(rows)
    frequent = _frequent(asked)
    known_words = vocabulary(frequent, *concept_table())
    hashes, ends = _features(asked, known_words)
    groups = np.unique([row.group for row in rows], return_inverse=True)[1]
    known, ids, ends = _pruned(hashes, ends, groups)
    print(f"{len(known):,} features of {len(np.unique(hashes)):,}")
    if arguments.measure:
        measure(rows, ids, ends, len(known))
    else:
        write(rows, (ids, ends, known), frequent, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labels", type=Path, default=os.environ.get("MIXER_LABELS"))
    parser.add_argument("--data", type=Path, default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--out", type=Path, default=PATH)
    parser.add_argument("--measure", action="store_true")
    found = parser.parse_args()
    if not found.labels or not found.data:
        parser.error("give --labels and --data, or set MIXER_LABELS and MIXER_DATA")
    found.labels, found.data = Path(found.labels), Path(found.data)
    if found.labels.is_dir():
        found.labels /= "task_labels.jsonl"
    return found


def asked_of(rows: list[Row]) -> Asked:
    texts: list[bytes] = []
    spans = np.zeros((4, len(rows), 2), np.int64)
    counts = np.zeros(len(rows), np.int64)
    at = 0
    for number, row in enumerate(rows):
        said = turns(row.prompt)
        questions = [place for place, (who, _) in enumerate(said) if who == "user"] or [0]
        parts = [said[questions[-1]][1], row.response, "", ""]
        if len(questions) > 1:
            parts[2] = said[questions[-2]][1]
            parts[3] = said[questions[-1] - 1][1]
        counts[number] = len(questions)
        for kind, text in enumerate(parts):
            data = text.encode(errors="replace")
            spans[kind, number] = at, at + len(data)
            texts.append(data)
            at += len(data)
    question, answer, before, reply = spans
    whole = np.frombuffer(b"".join(texts), np.uint8)
    return Asked(whole, question, answer, before, reply, counts)


def _frequent(asked: Asked) -> np.ndarray:
    """Words in most questions, which keep their shape: uint64, ascending."""
    counts: Counter[int] = Counter()
    hashes, kinds = np.empty(MOST_TOKENS, np.uint64), np.empty(MOST_TOKENS, np.uint8)
    for start, end in asked.question.tolist():
        size = tokenize(asked.data, start, end, hashes, kinds)
        counts.update(set(hashes[:size][kinds[:size] == WORD].tolist()))
    most = sorted(counts, key=lambda word: (-counts[word], word))[:FREQUENT_WORDS]
    return np.array(sorted(most), np.uint64)


@njit(cache=True)
def _features(
    asked: Asked, known: Vocabulary
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    rows = len(asked.turns)
    result, ends = np.empty(1 << 20, np.uint32), np.zeros(rows + 1, np.int64)
    features, room = np.empty(MOST_FEATURES, np.uint32), (new_line(), new_line())
    for row in range(rows):
        count = row_features(asked, row, known, room, features)
        ends[row + 1] = ends[row] + count
        if ends[row + 1] > len(result):
            more = np.empty(2 * len(result), np.uint32)
            more[: ends[row]] = result[: ends[row]]
            result = more
        result[ends[row] : ends[row + 1]] = features[:count]
    return result[: ends[rows]].copy(), ends


def _pruned(
    hashes: np.ndarray, ends: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features that count, ascending; of each row their places among these."""
    row = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    distinct, place = np.unique(hashes, return_inverse=True)
    pairs = np.unique(place.astype(np.int64) * (len(ends)) + row)
    rows = np.bincount(pairs // len(ends), minlength=len(distinct))
    several = np.unique(place.astype(np.int64) * (groups.max() + 1) + groups[row])
    in_groups = np.bincount(several // (groups.max() + 1), minlength=len(distinct))
    stays = (rows >= LEAST_ROWS) & (in_groups >= LEAST_GROUPS) & (distinct != 0)
    number = np.cumsum(stays) - 1
    chosen = stays[place]
    kept_ends = np.concatenate([[0], np.cumsum(chosen)])[ends]
    return distinct[stays], number[place[chosen]], kept_ends


def examples_of(
    rows: list[Row], ids: np.ndarray, ends: np.ndarray, features: int, label: str
) -> Examples:
    labels = np.array([LABELS[label].index(getattr(row, label)) for row in rows])
    weight = np.array([1 if row.sure else UNSURE_WEIGHT for row in rows], np.float32)
    return Examples(ids, ends, labels, weight, features)


def measure(rows: list[Row], ids: np.ndarray, ends: np.ndarray, features: int) -> None:
    """Leaves out each group of sources in turn, and those set aside always."""
    group = np.array([row.group for row in rows])
    aside = np.isin(group, EVALUATED)
    drawn = np.array([row.drawn for row in rows])
    for label, names in LABELS.items():
        examples = examples_of(rows, ids, ends, features, label)
        found = np.zeros((len(rows), len(names)), np.float32)
        for left in sorted(set(group) - {"own"}):
            weights = fitted(examples, len(names), np.flatnonzero((group != left) & ~aside))
            found[group == left] = logits(examples, weights)[group == left]
        tested = group != "own"
        _print_measured(label, (group, found, examples.labels), tested, drawn & tested)


def _print_measured(
    label: str, of: tuple[np.ndarray, np.ndarray, np.ndarray], tested: np.ndarray, drawn: np.ndarray
) -> None:
    group, found, truth = of
    given = found.argmax(axis=1)
    for name, chosen in (("all", tested), ("drawn at random", drawn)):
        right = (given == truth)[chosen].mean()
        print(f"{label}, {name}: {chosen.sum():,} rows, accuracy {right:.3f}, ", end="")
        print(f"macro-F1 {_macro(truth[chosen], given[chosen], found.shape[1]):.3f}")
    for name in sorted(set(group[tested])):
        chosen = group == name
        print(f"  {name:<16} {chosen.sum():>6,} {(given == truth)[chosen].mean():.3f}", end="")
        few = chosen & drawn
        print(f"   drawn {few.sum():>4} {(given == truth)[few].mean():.3f}" if few.any() else "")
    scale = calibrated(found[tested], truth[tested])
    print(
        f"  calibration: scale {scale:.2f}, "
        f"expected error {_error(found[tested], truth[tested], scale):.3f}"
    )


def _macro(truth: np.ndarray, given: np.ndarray, classes: int) -> float:
    scores = []
    for label in range(classes):
        right = ((truth == label) & (given == label)).sum()
        total = (truth == label).sum() + (given == label).sum()
        if (truth == label).any():
            scores.append(2 * right / total)
    return float(np.mean(scores))


def calibrated(found: np.ndarray, truth: np.ndarray) -> float:
    """What logits are multiplied with to be as sure as they are right (Guo et al. 2017)."""
    scales = np.linspace(0.05, 2, 118)
    losses = [
        -np.log(_shares(found, scale)[np.arange(len(truth)), truth]).mean() for scale in scales
    ]
    return float(scales[int(np.argmin(losses))])


def _shares(found: np.ndarray, scale: float) -> np.ndarray:
    powers = np.exp((found - found.max(axis=1, keepdims=True)).astype(float) * scale)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _error(found: np.ndarray, truth: np.ndarray, scale: float) -> float:
    """Expected calibration error over ten bins of confidence."""
    shares = _shares(found, scale)
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    bins = np.minimum(9, (sure * 10).astype(int))
    gaps = [
        abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in set(bins)
    ]
    return float(sum(gaps) / len(truth))


def write(
    rows: list[Row],
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
    frequent: np.ndarray,
    out: Path,
) -> None:
    """Weights of all rows but those set aside, as 8-bit integers; the scale is that of logits of
    rows that were left out."""
    ids, ends, known = found
    group = np.array([row.group for row in rows])
    trained = np.flatnonzero(~np.isin(group, EVALUATED))
    columns, scales = [], []
    for label, names in LABELS.items():
        examples = examples_of(rows, ids, ends, len(known), label)
        weights = fitted(examples, len(names), trained)
        step = float(np.abs(weights).max()) / 127
        columns.append(np.rint(weights / step).astype(np.int8))
        scales.append(step * _left_out_scale(examples, group, len(names)))
    whole = np.concatenate(columns, axis=1)
    useful = whole.any(axis=1)
    np.savez_compressed(
        out,
        features=known[useful],
        weights=whole[useful],
        frequent=frequent,
        scale=scales,
    )
    print(f"{useful.sum():,} features, {out.stat().st_size / 1e6:.1f} MB, written to {out}")


def _left_out_scale(examples: Examples, group: np.ndarray, classes: int) -> float:
    """The calibration of models that did not see the group."""
    found = np.zeros((len(group), classes), np.float32)
    aside = np.isin(group, EVALUATED)
    names = sorted(set(group) - {"own"} - set(EVALUATED))
    for left in names:
        weights = fitted(examples, classes, np.flatnonzero((group != left) & ~aside))
        found[group == left] = logits(examples, weights)[group == left]
    tested = np.isin(group, names)
    return calibrated(found[tested], examples.labels[tested])


if __name__ == "__main__":
    main()
