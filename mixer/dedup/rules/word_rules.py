"""Rules on the words of an instruction, and which of them a text breaks.

Self-Instruct (Wang et al. 2022) dropped generated instructions that are short or long, that speak
of what a language model cannot handle, that its generator overused, or that begin with punctuation
or a character above ASCII. The values of SELF_INSTRUCT are those of its published code. Words are
counted between white space; banned words count as whole words in any case. All texts of a column
are judged at once, by RE2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FirstCharacter = Literal["any", "ascii", "letter"]

# What Python's str.isspace() calls white space, for RE2.
_SPACE = (
    r"\x{9}-\x{d}\x{1c}-\x{20}\x{85}\x{a0}\x{1680}"
    r"\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
_NOT_IN_WORD = r"[^\pL\pN_]"
_FIRST = {
    "ascii": (r"[\x{0}-\x{8}\x{e}-\x{1b}0-9A-Za-z\x{7f}]", "an ASCII letter or digit"),
    "letter": (r"[\pL\pN]", "a letter or digit"),
}


class WordRules(NamedTuple):
    """Bounds count whole texts: `min_words` is the fewest that is allowed."""

    min_words: int | None = None
    max_words: int | None = None
    banned_words: tuple[str, ...] = ()
    banned_openings: tuple[str, ...] = ()
    first_character: FirstCharacter = "any"


SELF_INSTRUCT = WordRules(
    min_words=4,
    max_words=150,
    banned_words=(
        *("image", "images", "graph", "graphs", "picture", "pictures", "file", "files"),
        *("map", "maps", "draw", "plot", "go to"),
    ),
    banned_openings=("write a program",),
    first_character="ascii",
)


def sentences(rules: WordRules) -> tuple[str, ...]:
    """What a text that breaks a rule is dropped for, in the order in which rules are looked at."""
    return tuple(sentence for sentence, _ in _tests(rules))


def broken(texts: pa.Array, rules: WordRules) -> np.ndarray:
    """int64: of each text the first of `sentences` that holds, or -1; null breaks none."""
    result = np.full(len(texts), -1, np.int64)
    for number, (_, test) in enumerate(_tests(rules)):
        # Most texts pass most rules, so each is asked of what is left.
        left = np.flatnonzero(result < 0)
        result[left[_holds(texts.take(pa.array(left)), test)]] = number
    return result


class _Test(NamedTuple):
    """Texts hold where `pattern` is found, or is not, or is found fewer or more times."""

    pattern: str
    found: bool = True
    fewer_than: int | None = None
    more_than: int | None = None


def _tests(rules: WordRules) -> Iterator[tuple[str, _Test]]:
    word = f"[^{_SPACE}]+"
    if rules.min_words is not None:
        yield f"fewer than {rules.min_words} words", _Test(word, fewer_than=rules.min_words)
    if rules.max_words is not None:
        yield f"more than {rules.max_words} words", _Test(word, more_than=rules.max_words)
    for banned in rules.banned_words:
        whole = f"(?:^|{_NOT_IN_WORD}){_spelled(banned)}(?:{_NOT_IN_WORD}|$)"
        yield f"holds the word {banned!r}", _Test(f"(?i){whole}")
    for opening in rules.banned_openings:
        yield f"begins with {opening!r}", _Test(f"(?i)^[{_SPACE}]*{_spelled(opening)}")
    if rules.first_character != "any":
        pattern, name = _FIRST[rules.first_character]
        yield f"does not begin with {name}", _Test(f"^[{_SPACE}]*{pattern}", found=False)


def _spelled(words: str) -> str:
    """A pattern for words with any white space between them."""
    return f"[{_SPACE}]+".join(re.escape(word) for word in words.split())


def _holds(texts: pa.Array, test: _Test) -> np.ndarray:
    if test.fewer_than is not None:
        mask = pc.less(pc.count_substring_regex(texts, test.pattern), test.fewer_than)
    elif test.more_than is not None:
        mask = pc.greater(pc.count_substring_regex(texts, test.pattern), test.more_than)
    else:
        mask = pc.equal(pc.match_substring_regex(texts, test.pattern), test.found)
    return np.asarray(pc.fill_null(mask, False))
