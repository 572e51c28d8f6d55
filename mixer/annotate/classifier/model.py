"""The linear model: features → sums of small integers → labels, with how sure it is.

Weights are 8-bit integers, sums of them exact: the same label on any machine. Features that are not
in the model, most of them, count for nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.annotate.classifier.concepts import concept_table
from mixer.annotate.classifier.features import (
    MOST_FEATURES,
    Asked,
    Vocabulary,
    row_features,
    vocabulary,
)
from mixer.annotate.classifier.grams import new_line

PATH = Path(__file__).with_name("weights.npz")
# Columns of the weights: task types, then forms.
TASKS, CLASSES = 13, 16


class Model(NamedTuple):
    """`slots` uint32 [a power of two], features by their lowest bits, 0 where empty; `weights` int8
    [slots, CLASSES]; `frequent` uint64; `scale` float64 [2]: a sum divided by the root of the
    features times it is a logit, of tasks and of forms."""

    slots: np.ndarray
    weights: np.ndarray
    frequent: np.ndarray
    scale: np.ndarray


@cache
def model() -> tuple[Model, Vocabulary]:
    with np.load(PATH, allow_pickle=False) as file:
        features, weights = file["features"], file["weights"]
        frequent, scale = file["frequent"], file["scale"]
    return in_slots(features, weights, frequent, scale), vocabulary(frequent, *concept_table())


def in_slots(
    features: np.ndarray, weights: np.ndarray, frequent: np.ndarray, scale: np.ndarray
) -> Model:
    """features uint32 [n], distinct and not 0; weights int8 [n, CLASSES]."""
    size = 1 << max(4, int(2 * len(features)).bit_length())
    slots, placed = np.zeros(size, np.uint32), np.zeros((size, CLASSES), np.int8)
    _fill(features, weights, slots, placed)
    return Model(slots, placed, frequent, scale)


@njit(cache=True, nogil=True)
def _fill(
    features: np.ndarray, weights: np.ndarray, slots: np.ndarray, placed: np.ndarray
) -> None:  # pragma: no cover - compiled
    mask = np.uint32(len(slots) - 1)
    for i in range(len(features)):
        slot = features[i] & mask
        while slots[slot] != 0:
            slot = (slot + np.uint32(1)) & mask
        slots[slot] = features[i]
        placed[slot] = weights[i]


@njit(cache=True, nogil=True)
def sums(
    asked: Asked, wanted: np.ndarray, known: Vocabulary, trained: Model
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """int32 [rows, CLASSES], sums of weights, and int32 [rows], how many features are known; 0 in
    rows that are not `wanted` (bool)."""
    slots, weights = trained.slots, trained.weights
    rows, mask = len(asked.turns), np.uint32(len(slots) - 1)
    # Not CLASSES: a loop of known length is unrolled by the compiler, and then not vectorised.
    classes = weights.shape[1]
    result, found = np.zeros((rows, classes), np.int32), np.zeros(rows, np.int32)
    features, room = np.empty(MOST_FEATURES, np.uint32), (new_line(), new_line())
    total = np.empty(classes, np.int32)
    for row in range(rows):
        if not wanted[row]:
            continue
        total[:] = 0
        for feature in features[: row_features(asked, row, known, room, features)]:
            slot = feature & mask
            while slots[slot] != 0 and slots[slot] != feature:
                slot = (slot + np.uint32(1)) & mask
            if slots[slot] != 0:
                found[row] += 1
                for label in range(classes):
                    total[label] += weights[slot, label]
        result[row] = total
    return result, found


def shares(total: np.ndarray, found: np.ndarray, scale: float) -> np.ndarray:
    """float64 [rows, labels]: how likely each label is (softmax)."""
    logits = total * (scale / np.sqrt(np.maximum(found, 1)))[:, None]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
