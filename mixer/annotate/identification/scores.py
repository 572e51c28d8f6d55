"""Excerpts → the likeliest label of each and by how much, by naive Bayes: a kernel.

All sums are of integers, so that the same text gives the same label on any machine. An n-gram that
occurs n times counts log(1 + n) times, as in the training of the model.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mixer.annotate.identification.model import Automaton, Table

# 1/1024 of a nat: a weight in 1/64 times a value in 1/16.
STEPS_A_NAT = 1024
_WEIGHTS = np.array([round(64 * math.log1p(n)) for n in range(1024)], np.int32)
# Sums of so many values of at most 255 fit into 16 bits.
_ADDED_AT_ONCE = 256
_NEVER = np.int64(-(1 << 60))
# Steps of the automaton that are remembered, a power of two; of a state and a byte, the number of
# the next state takes STATE_BITS.
_REMEMBERED_BITS, _STATE_BITS = 16, 24
_UNKNOWN = np.uint64((1 << 64) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def best(
    data: np.ndarray, offsets: np.ndarray, automaton: Automaton, table: Table, aside: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # pragma: no cover - compiled
    """By row: the best label, its lead over the next, and its lead over the label `aside`; leads in
    nats."""
    rows = len(offsets) - 1
    label, lead, aside_lead = np.zeros(rows, np.int64), np.zeros(rows), np.zeros(rows)
    counts = np.zeros(len(table.excess), np.int32)
    seen, known = np.empty(1024, np.int32), np.full(1 << _REMEMBERED_BITS, _UNKNOWN)
    sums = np.empty(len(table.label), np.int64)
    of_label = np.empty(int(table.label.max()) + 1, np.int64)
    for row in range(rows):
        text = data[offsets[row] : offsets[row + 1]]
        if len(text) > len(seen):
            seen = np.empty(2 * len(text), np.int32)
        size = _counted(text, (automaton, known), counts, seen)
        _summed(seen[:size], counts, table, sums)
        of_label[:] = _NEVER
        for i in range(len(sums)):
            of_label[table.label[i]] = max(of_label[table.label[i]], sums[i])
        first = int(np.argmax(of_label))
        top, other = of_label[first], of_label[aside]
        of_label[first] = _NEVER
        label[row], lead[row] = first, (top - of_label.max()) / STEPS_A_NAT
        aside_lead[row] = (top - other) / STEPS_A_NAT
    return label, lead, aside_lead


@njit(cache=True, nogil=True)
def _counted(
    text: np.ndarray, remembered: tuple[Automaton, np.ndarray], counts: np.ndarray, seen: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Counts the n-grams of a text; returns how many different ones are in `seen`. Few steps of the
    automaton are most of those of any text, so that the last ones are remembered: a state and a
    byte, above the next state. Not in a function of its own, where counting references to the
    arrays would take longer than the step."""
    automaton, known = remembered
    state, size = np.uint64(0), 0
    for byte in text:
        step = (state << np.uint64(8)) | np.uint64(byte)
        place = (step * _SPREAD) >> np.uint64(64 - _REMEMBERED_BITS)
        if known[place] >> np.uint64(_STATE_BITS) != step:
            after = np.uint64(_next(int(np.int64(state)), byte, automaton))
            known[place] = (step << np.uint64(_STATE_BITS)) | after
        state = known[place] & np.uint64((1 << _STATE_BITS) - 1)
        feature = automaton.feature[state]
        if feature >= 0:
            if counts[feature] == 0:
                seen[size] = feature
                size += 1
            counts[feature] += 1
    return size


@njit(cache=True, nogil=True)
def _next(state: int, byte: int, automaton: Automaton) -> int:  # pragma: no cover - compiled
    while state >= len(automaton.near):
        child, end = automaton.first[state], automaton.first[state + 1]
        while child < end and automaton.byte[child] < byte:
            child += 1
        if child < end and automaton.byte[child] == byte:
            return int(child)
        state = int(automaton.fail[state])
    return int(automaton.near[state, byte])


@njit(cache=True, nogil=True)
def _summed(
    seen: np.ndarray, counts: np.ndarray, table: Table, sums: np.ndarray
) -> None:  # pragma: no cover - compiled
    """Writes the score of each class to `sums`, and sets the counts back to 0."""
    classes = len(sums)
    once, often = np.zeros(classes, np.uint16), np.zeros(classes, np.int32)
    weights, added = np.int64(0), 0
    for feature in seen:
        count = min(counts[feature], len(_WEIGHTS) - 1)
        counts[feature] = 0
        weights += _WEIGHTS[count]
        values = table.excess[feature]
        if count > 1:
            for i in range(classes):
                often[i] += _WEIGHTS[count] * np.int32(values[i])
            continue
        for i in range(classes):
            once[i] += np.uint16(values[i])
        added += 1
        if added == _ADDED_AT_ONCE:
            for i in range(classes):
                often[i] += _WEIGHTS[1] * np.int32(once[i])
            once[:] = 0
            added = 0
    for i in range(classes):
        many = np.int64(often[i]) + np.int64(_WEIGHTS[1]) * np.int64(once[i])
        sums[i] = many + weights * table.floor[i] + table.prior[i]
