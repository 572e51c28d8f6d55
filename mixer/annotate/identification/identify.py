"""The languages of many texts at once: the fast detector.

Naive Bayes over byte n-grams gives a label and its lead over the next one, and over no language at
all. Where that is small (code, formulas, names, a word or two), the text is `und`, unless its
script tells.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.annotate.identification.excerpts import Excerpts, Pieces, excerpts
from mixer.annotate.identification.model import NOT_LANGUAGE, model
from mixer.annotate.identification.scores import best
from mixer.annotate.identification.scripts import SCRIPT_LANGUAGES
from mixer.similarity.segments import strings

ROWS_AT_ONCE = 4_096
UNDETERMINED = SCRIPT_LANGUAGES[0]
# The lead over no language that a text needs, in nats a square root of a byte; more where words
# begin with capitals (names) and where symbols are many (code, formulas). Chosen on sentences
# and benchmarks/language_none.json: 1.2 % of sentences under 50 characters are und.
LEAST_LEAD = 3.5
CAPITALS_COST = 8.0
SYMBOLS_COST = 100.0
# A lead that means nothing is right that often: mostly two languages are close, seldom many.
LEAST_CONFIDENCE = 0.35
# Log odds: constant, times the log of the lead, times the log of the bytes. Fitted to every second
# sentence and word pair of the 50 languages that langdetect knows.
CONFIDENCE = (0.05, 2.22, 0.38)


class Identified(NamedTuple):
    """By row: `language` (strings) and `confidence` (float64), 0 where the language is und."""

    language: np.ndarray
    confidence: np.ndarray


def identify(texts: pa.Array) -> Identified:
    """texts: strings; null is empty."""
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    data, offsets = strings(texts)
    pieces = Pieces(data, offsets[:-1], offsets[1:], np.arange(len(offsets)))
    parts = [
        identify_excerpts(excerpts(some_rows(pieces, start)))
        for start in range(0, max(1, len(texts)), ROWS_AT_ONCE)
    ]
    return Identified(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def some_rows(pieces: Pieces, start: int) -> Pieces:
    """ROWS_AT_ONCE rows, or what is left: so that memory does not grow with rows."""
    return pieces._replace(rows=pieces.rows[start : start + ROWS_AT_ONCE + 1])


def identify_excerpts(found: Excerpts) -> Identified:
    data, offsets = _normal(found)
    labels, automaton, table = model()
    label, lead, over_none = best(data, offsets, automaton, table, labels.index(NOT_LANGUAGE))
    size = np.maximum(1, np.diff(offsets))
    told = over_none / np.sqrt(size) >= _least_lead(found)
    language = np.where(told, np.array(labels)[label], np.array(SCRIPT_LANGUAGES)[found.script])
    confidence = np.where(told, _confidence(lead / np.sqrt(size), size), found.share)
    return Identified(language, confidence.round(4))


def _least_lead(found: Excerpts) -> np.ndarray:
    capitals = found.capitals / np.maximum(1, found.words)
    symbols = found.symbols / np.maximum(1, found.symbols + found.letters)
    extra = CAPITALS_COST * np.maximum(0, capitals - 0.5) + SYMBOLS_COST * symbols
    return np.where(found.letters > 0, LEAST_LEAD + extra, np.inf)


def _confidence(lead: np.ndarray, size: np.ndarray) -> np.ndarray:
    constant, slope, length = CONFIDENCE
    odds = constant + slope * np.log(np.maximum(lead, 1e-3)) + length * np.log(size)
    return np.asarray(LEAST_CONFIDENCE + (1 - LEAST_CONFIDENCE) / (1 + np.exp(-odds)))


def _normal(found: Excerpts) -> tuple[np.ndarray, np.ndarray]:
    """In lower case, and in the form of Unicode that the model was trained on."""
    texts = pa.StringArray.from_buffers(
        len(found.letters),
        pa.py_buffer(found.offsets.astype(np.int32)),
        pa.py_buffer(found.data),
    )
    if found.marked.any():
        marked = pa.array(found.marked)
        composed = pc.utf8_normalize(texts.filter(marked), form="NFC")
        texts = pc.replace_with_mask(texts, marked, composed)
    return strings(pc.utf8_lower(texts))
