"""How question and answer look: lengths, lines, a passage, code, lists, how much is copied."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixer.annotate.classifier.grams import Line, put
from mixer.annotate.classifier.tokens import CHARACTER, LINE, NUMBER, SIGN, WORD

_CODE_SIGNS = np.array([ord(sign) for sign in "{};=<>[]\\`_"], np.uint64)
_ITEM_SIGNS = np.array([ord(sign) for sign in "-*#"], np.uint64)
_QUESTION_MARK, _QUOTE = np.uint64(ord("?")), np.uint64(ord('"'))
# A set of words by so many bits of their hashes, to see what of a question an answer repeats.
_SET_SIZE = np.uint64(8192)


class _Looks(NamedTuple):
    """Counts of one text; `longest_line` in tokens, and where it ends; `last`: its last sign."""

    lines: int
    items: int
    code: int
    questions: int
    quotes: int
    numbers: int
    characters: int
    longest_line: int
    longest_end: int
    last: int


@njit(cache=True, nogil=True)
def put_layout(
    both: tuple[Line, Line], sizes: tuple[int, int], turns: int, to: np.ndarray, count: int
) -> int:  # pragma: no cover - compiled
    """`both`: question and answer, of so many tokens."""
    question, answer = both
    asked, said = sizes
    one, other = _looks(question, asked), _looks(answer, said)
    asked_bin, said_bin = _bin(asked), _bin(said)
    passage, copied = _bin(one.longest_line), _copied(question, asked, answer, said)
    ratio = 0 if said == 0 or asked == 0 else 1 + _bin(said * 16 // asked)
    first = question.words[0] if asked > 0 else np.uint64(0)
    items, answer_lines = min(5, _bin(other.items)), min(6, _bin(other.lines))
    code, answer_code = min(6, _bin(one.code)), min(6, _bin(other.code))
    turns = min(4, turns)
    facts = (
        asked_bin,
        said_bin,
        passage,
        one.longest_end * 4 // (asked + 1),
        one.last,
        code,
        answer_code,
        items,
        answer_lines,
        min(6, _bin(one.lines)),
        turns,
        ratio,
        copied,
        min(4, one.questions),
        min(6, _bin(one.quotes)),
        min(5, _bin(one.numbers)),
        min(3, other.questions),
        min(5, _bin(one.characters)),
        said_bin * 16 + copied,
        asked_bin * 16 + said_bin,
        passage * 16 + said_bin,
        passage * 16 + copied,
        said_bin * 64 + items * 8 + answer_lines,
        turns * 16 + asked_bin,
        answer_code * 8 + code,
        one.last * 16 + said_bin,
        one.last * 16 + passage,
        (turns * 128 + one.last) * 8 + min(7, asked_bin // 2),
        ratio * 16 + copied,
        ratio * 16 + passage,
    )
    for i in range(len(facts)):
        count = put(to, count, 80 + i, np.uint64(facts[i]))
    count = put(to, count, 120, first + np.uint64(passage))
    return put(to, count, 121, first + np.uint64(said_bin))


@njit(cache=True, nogil=True)
def _looks(line: Line, size: int) -> _Looks:  # pragma: no cover - compiled
    lines = items = code = questions = quotes = numbers = characters = 0
    longest = longest_end = run = 0
    for i in range(size):
        word, kind = line.words[i], line.kinds[i]
        numbers += kind == NUMBER
        characters += kind == CHARACTER
        if kind == SIGN:
            questions += word == _QUESTION_MARK
            quotes += word == _QUOTE
            code += word in _CODE_SIGNS
        run += 1
        if LINE <= kind < CHARACTER:
            lines += 1
            run = 0
            if i + 1 < size:
                items += line.words[i + 1] in _ITEM_SIGNS or line.kinds[i + 1] == NUMBER
        elif run > longest:
            longest, longest_end = run, i
    last = 0
    if size > 0 and line.kinds[size - 1] == SIGN:
        last = min(127, int(np.int64(line.words[size - 1])))
    return _Looks(
        lines, items, code, questions, quotes, numbers, characters, longest, longest_end, last
    )


@njit(cache=True, nogil=True)
def _copied(
    question: Line, asked: int, answer: Line, said: int
) -> int:  # pragma: no cover - compiled
    """Of the rarer words of an answer, how many tenths the question has, plus 1; 0 without any."""
    seen = np.zeros(_SET_SIZE, np.bool_)
    for i in range(asked):
        seen[question.words[i] % _SET_SIZE] = True
    words = both = 0
    for i in range(said):
        rare = answer.kinds[i] == WORD and answer.shapes[i] != answer.words[i]
        if rare or answer.kinds[i] == CHARACTER:
            words += 1
            both += seen[answer.words[i] % _SET_SIZE]
    return 0 if words == 0 else 1 + min(9, both * 10 // words)


@njit(cache=True, nogil=True)
def _bin(value: int) -> int:  # pragma: no cover - compiled
    """The number of its binary digits, 14 at most: 0, 1, 2–3, 4–7, …"""
    digits = 0
    while value > 0 and digits < 14:
        value >>= 1
        digits += 1
    return digits
