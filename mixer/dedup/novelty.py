"""Novelty: an instruction is kept only if it is unlike every one kept before it.

The rule by which Self-Instruct (Wang et al. 2022) and Alpaca grew their pools: ROUGE-L F of at most
0.7 to each earlier instruction, after rules on the words of the instruction itself. The kept set is
that of the package rouge_score, found exactly (mixer/similarity/novelty_join.py).

Records of one upstream row never drop one another. Records of two or more answers take no part: of
one prompt there are many pairs. A text without any word is kept.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.corpus import Corpus, Found, Part
from mixer.dedup.rules.word_rules import (
    SELF_INSTRUCT,
    FirstCharacter,
    WordRules,
    broken,
    sentences,
)
from mixer.similarity.compiling import saying_when_compiling
from mixer.similarity.instructions import COLUMNS, On, judged_texts, upstream_rows
from mixer.similarity.multisets import Multisets, Numbered, multisets, numbered
from mixer.similarity.novelty_join import (
    Compared,
    Nearest,
    make_memory,
    make_postings,
    search,
    settle,
)
from mixer.similarity.rouge_words import Words, rouge_words
from mixer.steps import DedupStep

# Does not change the result: enough for threads to share, few enough to settle alone.
_BLOCK_ROWS = 4096
_SALT = np.uint64(0x9E3779B97F4A7C15)

Count = Annotated[int, msgspec.Meta(ge=0)]
Text = Annotated[str, msgspec.Meta(pattern=r"\S")]


class Step(DedupStep, frozen=True):
    """`rouge_l`: F above which an instruction is dropped; 1 drops none. `on: instruction` is the
    part of the prompt that the source calls so, the whole prompt where it does not tell. `within:
    source` compares records of the same source only.

    `rules: self_instruct` turns on the word rules of the paper's code: `min_words` 4, `max_words`
    150, its `banned_words` and `banned_openings`, `first_character: ascii` (a letter or digit).
    Each can also be given by itself; `first_character: letter` is one of any script.

    `other_scripts: words` compares texts that are mostly not of a–z and 0–9 by the words of their
    script; `ignored` sees a–z and 0–9 alone in every text, as the package rouge_score does.
    """

    rouge_l: Annotated[float, msgspec.Meta(ge=0.1, le=1)] = 0.7
    on: On = "instruction"
    within: Literal["all", "source"] = "all"
    rules: Literal["none", "self_instruct"] = "none"
    min_words: Count | None = None
    max_words: Count | None = None
    banned_words: tuple[Text, ...] | None = None
    banned_openings: tuple[Text, ...] | None = None
    first_character: FirstCharacter | None = None
    other_scripts: Literal["words", "ignored"] = "words"

    def __post_init__(self) -> None:
        fewest, most, *_ = self.word_rules
        if fewest is not None and most is not None and fewest > most:
            raise ValueError(f"no text has {fewest} words or more and {most} or fewer")

    @property
    def word_rules(self) -> WordRules:
        """What `rules` says, with what is said beside it."""
        base = SELF_INSTRUCT if self.rules == "self_instruct" else WordRules()
        said = {name: getattr(self, name) for name in WordRules._fields}
        return base._replace(**{name: value for name, value in said.items() if value is not None})

    @saying_when_compiling()
    def find(self, corpus: Corpus) -> Found:
        read = corpus.map(lambda part: self._read(part, corpus), corpus.parts)
        texts = multisets([one.words for one in read])
        upstream = np.concatenate([one.upstream for one in read])
        nearest = _nearest(corpus, texts, upstream, self.rouge_l)
        dropped = nearest.witness >= 0
        rule = np.concatenate([one.broken for one in read])
        return Found(
            nearest.witness,
            np.where(dropped, nearest.similarity, np.nan),
            reason=np.where(dropped, 0, np.where(rule >= 0, rule + 1, -1)),
            reasons=(
                f"ROUGE-L above {self.rouge_l:g} to a kept {self.on}",
                *sentences(self.word_rules),
            ),
        )

    def _read(self, part: Part, corpus: Corpus) -> _Read:
        batch = part.read(COLUMNS)
        texts = judged_texts(batch, self.on, corpus.kept[part.span])
        rule = broken(texts, self.word_rules)
        novel = pc.if_else(pa.array(rule < 0), texts, pa.scalar(None, pa.large_string()))
        words = rouge_words(novel, self.other_scripts == "words")
        if self.within == "source":
            words = _told_apart(words, corpus.source[part.span])
        return _Read(numbered(words), rule, upstream_rows(batch.column("id")))


class _Read(NamedTuple):
    """Of the rows of a part: words, the rule that each breaks or -1, a hash of its upstream row."""

    words: Numbered
    broken: np.ndarray
    upstream: np.ndarray


def _told_apart(words: Words, source: np.ndarray) -> Words:
    """The same word of two sources becomes two words."""
    salt = (source.astype(np.uint64) + np.uint64(1)) * _SALT
    return words._replace(hashes=words.hashes ^ np.repeat(salt, np.diff(words.offsets)))


def _nearest(corpus: Corpus, texts: Multisets, upstream: np.ndarray, threshold: float) -> Nearest:
    """Rows in their order; the same for any number of threads."""
    unit = np.cumsum(np.diff(upstream, prepend=upstream[:1]) != 0)
    compared = Compared(texts, make_postings(texts, threshold), unit, threshold)
    nearest = Nearest(np.full(corpus.rows, -1, np.int64), np.zeros(corpus.rows))
    memories = [make_memory(texts) for _ in range(corpus.threads)]
    for first in range(0, corpus.rows, _BLOCK_ROWS):
        last = min(first + _BLOCK_ROWS, corpus.rows)
        cuts = np.linspace(first, last, corpus.threads + 1).astype(int).tolist()
        spans = list(zip(pairwise(cuts), memories, strict=True))
        corpus.map(lambda one: search(compared, *one, nearest), spans)
        settle(compared, (first, last), memories[0], nearest)
    return nearest
