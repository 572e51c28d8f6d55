"""What a row asks, and how, as hashed features: n-grams of words, of their shapes and concepts.

A shape is the word itself where it is a frequent one, else a mark: "write a _ about _". A concept
(concepts.py) stands for words of one meaning. Where a request may stand, n-grams are marked: at the
start, at the end, at the start of a sentence; with layout, and what the answer looks like.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.annotate.classifier.grams import Line, put, put_bits, put_grams
from mixer.annotate.classifier.layout import put_layout
from mixer.annotate.classifier.tokens import LINE, NUMBER, SIGN, WORD, followed, tokenize

# Tokens looked at from either end of a question, and of an answer and of earlier messages.
_WINDOW, _FEW = 64, 32
_MOST_STARTS = 64
# More features than any row can have.
MOST_FEATURES = 1 << 14
_RARE = np.uint64(5)
_SENTENCE_ENDS = np.array([33, 46, 58, 63], np.uint64)  # ! . : ?


class Vocabulary(NamedTuple):
    """A hash table: `words` uint64 [a power of two], by their lowest bits, 0 where empty; of each
    its `concepts` uint64, and whether it is `frequent` and keeps its shape, bool."""

    words: np.ndarray
    concepts: np.ndarray
    frequent: np.ndarray


class Asked(NamedTuple):
    """Rows as spans of bytes of `data` uint8, int64 [rows, 2] each: the last question, the best
    answer, the question before and the reply to it; `turns` int64 [rows]: how many questions."""

    data: np.ndarray
    question: np.ndarray
    answer: np.ndarray
    question_before: np.ndarray
    reply_before: np.ndarray
    turns: np.ndarray


def vocabulary(frequent: np.ndarray, words: np.ndarray, concepts: np.ndarray) -> Vocabulary:
    """`frequent` uint64, distinct; `words` uint64, distinct, and the concepts of each, uint64."""
    size = 1 << int(4 * (len(frequent) + len(words)) + 16).bit_length()
    table = Vocabulary(np.zeros(size, np.uint64), np.zeros(size, np.uint64), np.zeros(size, bool))
    _fill(table, frequent, words, concepts)
    return table


@njit(cache=True, nogil=True)
def _fill(
    table: Vocabulary, frequent: np.ndarray, words: np.ndarray, concepts: np.ndarray
) -> None:  # pragma: no cover - compiled
    for word in frequent:
        place = _place(table.words, word)
        table.words[place], table.frequent[place] = word, True
    for i in range(len(words)):
        place = _place(table.words, words[i])
        table.words[place], table.concepts[place] = words[i], concepts[i]


@njit(cache=True, nogil=True)
def _place(table: np.ndarray, word: np.uint64) -> int:  # pragma: no cover - compiled
    """Where a word stands, or the empty place where it would."""
    mask = np.uint64(len(table) - 1)
    place = word & mask
    while table[place] != 0 and table[place] != word:
        place = (place + np.uint64(1)) & mask
    return int(np.int64(place))


@njit(cache=True, nogil=True)
def row_features(
    asked: Asked, row: int, known: Vocabulary, room: tuple[Line, Line], to: np.ndarray
) -> int:  # pragma: no cover - compiled
    """Writes the features of a row, uint32, to `to` [MOST_FEATURES]; returns how many."""
    question, answer = room
    asked_tokens = _read(asked.data, asked.question[row], known, question)
    said_tokens = _read(asked.data, asked.answer[row], known, answer)
    count = put(to, 0, 0, np.uint64(1))
    count = _put_question(question, asked_tokens, to, count)
    count = _put_starts(question, asked_tokens, to, count)
    count = _put_concepts(question, asked_tokens, to, count)
    count = _put_answer(answer, said_tokens, to, count)
    sizes = asked_tokens, said_tokens
    count = put_layout(room, sizes, asked.turns[row], to, count)
    before = _read(asked.data, asked.question_before[row], known, answer)
    count = put_grams(answer.words[0 : min(before, _FEW)], 2, 60, to, count)
    count = put_grams(answer.ideas[0 : min(before, _FEW)], 2, 62, to, count)
    replied = _read(asked.data, asked.reply_before[row], known, answer)
    if replied > 0:
        last = answer.words[replied - 1] if answer.kinds[replied - 1] != WORD else _RARE
        count = put(to, count, 64, last)
    return count


@njit(cache=True, nogil=True)
def _read(
    data: np.ndarray, span: np.ndarray, known: Vocabulary, line: Line
) -> int:  # pragma: no cover - compiled
    count = tokenize(data, span[0], span[1], line.words, line.kinds)
    for i in range(count):
        word = line.words[i]
        line.bits[i] = 0
        line.shapes[i] = word
        if line.kinds[i] == WORD:
            place = _place(known.words, word)
            line.bits[i] = known.concepts[place]
            if not known.frequent[place]:
                line.shapes[i] = _RARE
        line.ideas[i] = line.bits[i] if line.bits[i] else line.shapes[i]
    return count


@njit(cache=True, nogil=True)
def _put_question(
    line: Line, size: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    head = min(size, _WINDOW)
    tail = max(head, size - _WINDOW)
    for first, last in ((0, head), (tail, size)):
        count = put_grams(line.words[first:last], 3, 1, to, count)
        count = put_grams(line.shapes[first:last], 4, 4, to, count)
        count = put_grams(line.ideas[first:last], 3, 8, to, count)
    count = put_grams(line.words[0 : min(size, 24)], 1, 11, to, count)
    count = put_grams(line.words[max(0, size - 24) : size], 1, 12, to, count)
    words = ideas = np.uint64(0)
    for i in range(min(size, 6)):
        words, ideas = followed(words, line.words[i]), followed(ideas, line.ideas[i])
        count = put(to, count, 13 + i, words)
        count = put(to, count, 19 + i, ideas)
    return count


@njit(cache=True, nogil=True)
def _put_starts(
    line: Line, size: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    """The first three tokens of sentences and lines, since a request may stand anywhere."""
    starts = 0
    begins = True
    for i in range(size):
        kind = line.kinds[i]
        if begins and kind in (WORD, NUMBER) and starts < _MOST_STARTS:
            words = ideas = np.uint64(0)
            for length in range(min(3, size - i)):
                words = followed(words, line.words[i + length])
                ideas = followed(ideas, line.ideas[i + length])
                count = put(to, count, 25 + length, words)
                count = put(to, count, 28 + length, ideas)
            starts += 1
            begins = False
        elif kind >= LINE or (kind == SIGN and line.words[i] in _SENTENCE_ENDS):
            begins = True
    return count


@njit(cache=True, nogil=True)
def _put_concepts(
    line: Line, size: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    """Concepts anywhere, near either end, and in pairs a few words apart."""
    head = min(size, _WINDOW)
    for i in range(head):
        count = put_bits(line.bits[i], 31, to, count)
        if i < 8:
            count = put_bits(line.bits[i], 32, to, count)
        if line.bits[i] and i < 40:
            for j in range(max(0, i - 6), i):
                if line.bits[j]:
                    count = _put_pairs(line.bits[j], line.bits[i], to, count)
    for i in range(max(0, size - 12), size):
        count = put_bits(line.bits[i], 33, to, count)
    return count


@njit(cache=True, nogil=True)
def _put_pairs(
    one: np.uint64, other: np.uint64, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    bit = 0
    while one:
        if one & np.uint64(1):
            count = put_bits(other, 256 + bit, to, count)
        one >>= np.uint64(1)
        bit += 1
    return count


@njit(cache=True, nogil=True)
def _put_answer(
    line: Line, size: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    few = min(size, _FEW)
    count = put_grams(line.words[0:few], 2, 40, to, count)
    count = put_grams(line.shapes[0:few], 2, 42, to, count)
    words = np.uint64(0)
    for i in range(min(size, 4)):
        words = followed(words, line.words[i])
        count = put(to, count, 44 + i, words)
    if size > 0:
        count = put(to, count, 48, line.words[size - 1] if line.kinds[size - 1] != WORD else _RARE)
    return count
