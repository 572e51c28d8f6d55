"""Preference pairs that repeat or contradict one another, and what other parts share with them.

Texts are the same where they differ in case, white space and punctuation alone. Of a ranking, the
best and the last answer count. Everything found is reported in the card; what is dropped is the
recipe's choice. Sorting marks: O(n log n) time, about 100 bytes a row.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from mixer.corpus import Corpus, Found
from mixer.similarity.compiling import saying_when_compiling
from mixer.similarity.conversation_marks import ConversationMarks, conversation_marks
from mixer.steps import DedupStep

_WHY = {
    "same": "both answers say the same",
    "conflict": "the same two answers stand the other way round elsewhere",
    "repeat": "repeats a kept pair",
    "both": "its chosen answer is rejected in another pair of the prompt",
    "shared": "its prompt is also one of a preference pair",
    "prefix": "the whole conversation begins another one",
}
_CODES = {name: code for code, name in enumerate(_WHY)}


class Step(DedupStep, frozen=True):
    """`repeats`: pairs of the same prompt, chosen and rejected. `same_answers`: chosen and rejected
    say the same. `conflicts`: A over B here, B over A there; `majority` keeps the side with more
    pairs, and none where they are equal. `chosen_and_rejected`: an answer is chosen in one pair and
    rejected in another of the same prompt. `shared_prompts`: a supervised record has the prompt of
    a pair. `prefixes`: prompt and best answer begin another record's prompt."""

    repeats: Literal["drop", "report"] = "drop"
    same_answers: Literal["drop", "report"] = "drop"
    conflicts: Literal["majority", "first", "drop", "report"] = "majority"
    chosen_and_rejected: Literal["drop", "report"] = "report"
    shared_prompts: Literal["drop_supervised", "report"] = "report"
    prefixes: Literal["drop", "report"] = "report"

    @saying_when_compiling()
    def find(self, corpus: Corpus) -> Found:
        marks = conversation_marks(corpus)
        finding = _Finding(marks)
        finding.same_answers(self.same_answers == "drop")
        finding.conflicts(self.conflicts)
        finding.repeats(self.repeats == "drop")
        finding.chosen_and_rejected(self.chosen_and_rejected == "drop")
        finding.shared_prompts(self.shared_prompts == "drop_supervised")
        finding.prefixes(self.prefixes == "drop")
        return finding.found()


class _Finding:
    """What goes so far: a later rule looks only at what the earlier ones left."""

    def __init__(self, marks: ConversationMarks) -> None:
        rows = len(marks.prompt)
        self.marks = marks
        self.reason = np.full(rows, -1, np.int8)
        self.witness = np.full(rows, -1, np.int64)
        self.notes: list[str] = []

    def found(self) -> Found:
        similarity = np.where(self.witness >= 0, 1.0, np.nan)
        return Found(
            self.witness,
            similarity,
            reason=self.reason,
            reasons=tuple(_WHY.values()),
            notes=tuple(self.notes),
        )

    def same_answers(self, drop: bool) -> None:
        pairs = self._pairs()
        same = pairs[self.marks.chosen[pairs] == self.marks.rejected[pairs]]
        self._note(len(same), "pairs whose chosen and rejected answers say the same")
        self._drop(same if drop else same[:0], "same")

    def conflicts(self, how: str) -> None:
        pairs = self._pairs()
        prompt, chosen, rejected = (column[pairs] for column in self.marks[:3])
        straight = chosen < rejected
        low, high = np.minimum(chosen, rejected), np.maximum(chosen, rejected)
        group = _groups(prompt, low, high)
        for_low = np.bincount(group, straight)
        for_high = np.bincount(group, ~straight)
        contradicted = (for_low > 0) & (for_high > 0)
        self._note(int(contradicted.sum()), "pairs of answers of which each is preferred somewhere")
        if how == "report" or not contradicted.any():
            return
        side = np.zeros(len(for_low), np.int64)  # 1: low over high stays, -1: the other, 0: none
        if how == "majority":
            side = np.sign(for_low - for_high).astype(np.int64)
        elif how == "first":
            first = np.full(len(for_low), len(pairs))
            np.minimum.at(first, group, np.arange(len(pairs)))
            side = np.where(straight[first], 1, -1)
        goes = contradicted[group] & (np.where(straight, 1, -1) != side[group])
        self._drop(pairs[goes], "conflict")

    def repeats(self, drop: bool) -> None:
        pairs = self._pairs()
        group = _groups(*(column[pairs] for column in self.marks[:3]))
        first = pairs[_first_of(group)[group]]
        again = pairs[first != pairs]
        self._note(len(again), "pairs that repeat another pair")
        if drop:
            self._drop(again, "repeat", first[first != pairs])

    def chosen_and_rejected(self, drop: bool) -> None:
        pairs = self._pairs()
        prompt, chosen, rejected = (column[pairs] for column in self.marks[:3])
        won, lost = _joined(prompt, chosen), _joined(prompt, rejected)
        both = np.isin(won, lost)
        answers = len(np.unique(won[both]))
        self._note(answers, "answers that are chosen in one pair and rejected in another")
        self._drop(pairs[both] if drop else pairs[:0], "both")

    def shared_prompts(self, drop: bool) -> None:
        supervised = np.flatnonzero((self.marks.answers == 1) & (self.reason < 0))
        pairs = self._pairs()
        order = pairs[np.argsort(self.marks.prompt[pairs], kind="stable")]
        place, shared = _looked_up(self.marks.prompt[order], self.marks.prompt[supervised])
        rows = supervised[shared]
        self._note(len(rows), "supervised records with the prompt of a preference pair")
        if drop:
            self._drop(rows, "shared", order[place[shared]])

    def prefixes(self, drop: bool) -> None:
        rows = np.flatnonzero((self.marks.answers > 0) & (self.reason < 0))
        order = np.argsort(self.marks.begin, kind="stable")
        begin, owner = self.marks.begin[order], self.marks.owner[order]
        stays = self.reason[owner] < 0
        begin, owner = begin[stays], owner[stays]
        shorter = begin != self.marks.prompt[owner]
        _, prompts = _looked_up(begin[shorter], self.marks.prompt[rows])
        self._note(int(prompts.sum()), "records whose prompt begins the prompt of another")
        place, wholes = _looked_up(begin, self.marks.whole[rows])
        self._note(int(wholes.sum()), "records whose whole conversation begins another")
        if drop:
            self._drop(rows[wholes], "prefix", owner[place[wholes]])
            self._follow(rows[wholes])

    def _follow(self, rows: np.ndarray) -> None:
        """What begins a record that goes for a longer one goes for that one."""
        while True:
            further = self.witness[self.witness[rows]]
            goes_on = further >= 0
            if not goes_on.any():
                return
            self.witness[rows[goes_on]] = further[goes_on]

    def _pairs(self) -> np.ndarray:
        return np.flatnonzero((self.marks.answers > 1) & (self.reason < 0))

    def _drop(self, rows: np.ndarray, why: str, witness: np.ndarray | None = None) -> None:
        self.reason[rows] = _CODES[why]
        if witness is not None:
            self.witness[rows] = witness

    def _note(self, count: int, what: str) -> None:
        if count:
            self.notes.append(f"{count:,} {what}")


def _groups(*columns: np.ndarray) -> np.ndarray:
    """int64: a number for each combination of values."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    order = np.lexsort(columns)
    starts = np.zeros(len(order), bool)
    for column in columns:
        starts[1:] |= column[order[1:]] != column[order[:-1]]
    result = np.empty(len(order), np.int64)
    result[order] = np.cumsum(starts)
    return result


def _first_of(group: np.ndarray) -> np.ndarray:
    """The first place of each group."""
    return np.asarray(np.unique(group, return_index=True)[1])


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A mark of two marks."""
    return np.asarray(one * np.uint64(0x9E3779B97F4A7C15) ^ other)


def _looked_up(ordered: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each of `wanted` first stands in sorted marks, and whether it does."""
    place = np.searchsorted(ordered, wanted)
    found = place < len(ordered)
    found[found] = ordered[place[found]] == wanted[found]
    return place, found
