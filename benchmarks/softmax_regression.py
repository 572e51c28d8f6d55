"""Softmax regression on hashed features, by AdaGrad: the same weights from the same rows, anywhere.

A row's value for each of its n known features is 1 / √n (Duchi, Hazan, Singer 2011 for the steps).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

EPOCHS = 8
STEP = 0.1
PENALTY = 1e-3


class Examples(NamedTuple):
    """Features of row r are ids ends[r]:ends[r + 1] of `ids`, int64, below `features`; `labels`
    int64; `weight` float32 [rows]."""

    ids: np.ndarray
    ends: np.ndarray
    labels: np.ndarray
    weight: np.ndarray
    features: int


def fitted(examples: Examples, classes: int, rows: np.ndarray) -> np.ndarray:
    """float32 [features, classes], from those rows (int64)."""
    weights = np.zeros((examples.features, classes), np.float32)
    squares = np.full((examples.features, classes), 1e-3, np.float32)
    chance = np.random.default_rng(0)
    for _ in range(EPOCHS):
        _epoch(examples, chance.permutation(rows), weights, squares)
    return weights


@njit(cache=True)
def logits(examples: Examples, weights: np.ndarray) -> np.ndarray:  # pragma: no cover - compiled
    """float32 [rows, classes]."""
    result = np.zeros((len(examples.ends) - 1, weights.shape[1]), np.float32)
    for row in range(len(result)):
        first, last = examples.ends[row], examples.ends[row + 1]
        for feature in examples.ids[first:last]:
            result[row] += weights[feature]
        result[row] /= np.sqrt(max(1, last - first))
    return result


@njit(cache=True)
def _epoch(
    examples: Examples, order: np.ndarray, weights: np.ndarray, squares: np.ndarray
) -> None:  # pragma: no cover - compiled
    classes = weights.shape[1]
    for row in order:
        first, last = examples.ends[row], examples.ends[row + 1]
        value = np.float32(1 / np.sqrt(max(1, last - first)))
        scores = np.zeros(classes, np.float32)
        for feature in examples.ids[first:last]:
            for label in range(classes):
                scores[label] += weights[feature, label] * value
        scores = np.exp(scores - scores.max())
        scores /= scores.sum()
        scores[examples.labels[row]] -= np.float32(1)
        scores *= examples.weight[row] * value
        for feature in examples.ids[first:last]:
            for label in range(classes):
                slope = scores[label] + np.float32(PENALTY) * weights[feature, label]
                squares[feature, label] += slope * slope
                weights[feature, label] -= (
                    np.float32(STEP) * slope / np.sqrt(squares[feature, label])
                )
