"""The queue that covers the most: each next record of a cell is the one that adds most n-grams.

Greedy maximum coverage (Nemhauser, Wolsey and Fisher 1978: within 1 − 1/e of the best choice of
any size). A record is known by its SKETCH smallest n-gram hashes, an even sample of its n-grams, so
memory does not grow with the length of texts.

The greedy order is found in rounds instead of one record at a time. All records with the highest
gain are looked at together; one that comes first, by priority, at each of its new n-grams would be
taken by the greedy rule whatever else is, so all of those are taken at once. The order is that of
the one-by-one rule.
"""

from __future__ import annotations

import numpy as np

SKETCH = 16
EMPTY = np.uint32(0xFFFF_FFFF)


def diverse(cell: np.ndarray, sketches: np.ndarray, priority: np.ndarray) -> np.ndarray:
    """int64 [records]: each record's place in the queue of its cell; records that add nothing
    come last, by priority. sketches: uint32 [records, SKETCH], EMPTY where there are fewer."""
    order = np.lexsort((np.arange(len(cell)), priority))
    place = np.zeros(len(cell), np.int64)
    grams = _grams(cell[order], sketches[order])
    level = _levels(grams, len(order))
    place[order[np.lexsort((np.arange(len(order)), -level))]] = np.arange(len(order))
    return place


def _grams(cell: np.ndarray, sketches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(record, gram) pairs; the same n-gram in two cells is two grams."""
    record, column = np.nonzero(sketches != EMPTY)
    keyed = (cell[record].astype(np.uint64) << np.uint64(32)) | sketches[record, column]
    return record, np.unique(keyed, return_inverse=True)[1]


def _levels(grams: tuple[np.ndarray, np.ndarray], records: int) -> np.ndarray:
    """The gain with which the greedy rule takes each record, int64 [records]; 0 for none.

    Within a cell the rule takes records by falling gain, and by priority where it is equal.
    """
    record, gram = grams
    taken_at = np.zeros(records, np.int64)
    gain = np.bincount(record, minlength=records)
    for level in range(int(gain.max(initial=0)), 0, -1):
        while True:
            here = gain[record] == level
            if not here.any():
                break
            first = np.full(int(gram.max(initial=-1)) + 1, records, np.int64)
            # The last of several writes stays: backwards, that is the smallest record.
            first[gram[here][::-1]] = record[here][::-1]
            is_first = np.bincount(
                record[here], first[gram[here]] == record[here], minlength=records
            )
            chosen = (gain == level) & (is_first == level)
            taken_at[chosen] = level
            covered = np.zeros(len(first), bool)
            covered[gram[chosen[record]]] = True
            left = ~covered[gram] & ~chosen[record]
            record, gram = record[left], gram[left]
            gain = np.bincount(record, minlength=records)
    return taken_at
