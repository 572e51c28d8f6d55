"""The table of language_table.py (benchmarks) as arrays: naive Bayes over byte n-grams.

The n-grams are those of py3langid 0.4.0 (BSD-3-Clause, see model.LICENSE), found by its automaton
(Aho and Corasick 1975). States are numbered breadth first, so the children of a state are a range.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

NOT_LANGUAGE = "zxx"
_PATH = Path(__file__).with_name("model.npz")


class Automaton(NamedTuple):
    """State s has the children first[s]:first[s + 1], sorted by `byte`; where none fits, state
    fail[s] is asked instead. `near` is the next state of the first states, for every byte.
    feature[s] is the longest n-gram that ends in s, -1 for none."""

    first: np.ndarray
    byte: np.ndarray
    fail: np.ndarray
    near: np.ndarray
    feature: np.ndarray


class Table(NamedTuple):
    """`excess` uint8 [features, classes]: how far a value is above the class's `floor`, in 1/16 of
    a nat; `prior` int64 [classes] in 1/1024; `label` int64 [classes], places in Model.labels."""

    excess: np.ndarray
    floor: np.ndarray
    prior: np.ndarray
    label: np.ndarray


class Model(NamedTuple):
    """`labels` are sorted; several classes may have the same one."""

    labels: tuple[str, ...]
    automaton: Automaton
    table: Table


@cache
def model() -> Model:
    """Read once a process: 15 MiB."""
    with np.load(_PATH, allow_pickle=False) as arrays:
        labels, label = np.unique(arrays["labels"], return_inverse=True)
        table = Table(
            np.ascontiguousarray(arrays["excess"].T),
            arrays["floor"].astype(np.int64),
            arrays["prior"].astype(np.int64),
            label.astype(np.int64),
        )
        automaton = _automaton(arrays["byte"], arrays["children"], arrays["own"])
    return Model(tuple(labels.tolist()), automaton, table)


def _automaton(byte: np.ndarray, children: np.ndarray, own: np.ndarray) -> Automaton:
    first = np.concatenate([[1], 1 + np.cumsum(children, dtype=np.int64)])
    parent = np.concatenate([[0], np.repeat(np.arange(len(byte)), children)])
    near = _near(byte, first, parent)
    # Sorted, since states are numbered breadth first and children by byte.
    edges = parent[1:] * 256 + byte[1:]
    fail = np.zeros(len(byte), np.int64)
    feature = np.where(own, np.cumsum(own) - 1, -1)
    begin, end = int(first[1]), int(first[first[1]])
    while begin < end:
        # One level: what its states fall back on is shorter, so known.
        level = np.arange(begin, end)
        fail[level] = _next(fail[parent[level]], byte[level], edges, (near, fail))
        feature[level] = np.where(own[level], feature[level], feature[fail[level]])
        begin, end = end, int(first[end])
    arrays = (first, byte, fail, near, feature)
    kinds = (np.int32, np.uint8, np.int32, np.int32, np.int32)
    return Automaton(*(one.astype(kind) for one, kind in zip(arrays, kinds, strict=True)))


def _near(byte: np.ndarray, first: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """int64 [states of no or one byte, 256]"""
    begin = int(first[1])
    near = np.zeros((begin, 256), np.int64)
    near[:, byte[1:begin]] = np.arange(1, begin)
    pairs = np.arange(begin, first[begin])
    near[parent[pairs], byte[pairs]] = pairs
    return near


def _next(
    state: np.ndarray, byte: np.ndarray, edges: np.ndarray, known: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The state behind each of `state` for the byte beside it."""
    near, fail = known
    result = np.full(len(state), -1)
    while True:
        (todo,) = np.nonzero(result < 0)
        if not len(todo):
            return result
        wanted = state[todo] * 256 + byte[todo]
        place = np.minimum(np.searchsorted(edges, wanted), len(edges) - 1)
        found = edges[place] == wanted
        close = state[todo] < len(near)
        result[todo[found]] = place[found] + 1
        result[todo[close]] = near[state[todo[close]], byte[todo[close]]]
        state[todo] = fail[state[todo]]
