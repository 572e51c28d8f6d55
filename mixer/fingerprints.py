"""Fingerprints of many records at once: what mixer/fingerprint.py says of one, by compiled loops.

Characters that Unicode's composition leaves alone wherever they stand are taken as they are; a
record that holds any other (accents written apart, Indic vowel signs, old jamo) is left to Python.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit

from mixer.fingerprint import ANSWER, FIELD, MESSAGE

DIGEST_BYTES = 16
# Emoji lie below it. What lies above is rare, and left to Python.
_CODES = 0x20000
_OTHER, _STAYS, _SPACE = 0, 1, 2
_HANGUL_PARTS = range(0x1100, 0x1200)
_FIELD, _MESSAGE, _ANSWER = ord(FIELD), ord(MESSAGE), ord(ANSWER)
_NOT_KNOWN = -1


class Turns(NamedTuple):
    """Messages one after the other, as UTF-8 bytes and int32 offsets into them; `offsets`: where
    those of one prompt or answer begin."""

    roles: np.ndarray
    role_offsets: np.ndarray
    contents: np.ndarray
    content_offsets: np.ndarray
    offsets: np.ndarray


def fingerprints(prompts: pa.ListArray, answers: pa.ListArray) -> list[bytes | None]:
    """DIGEST_BYTES each, of the columns `prompt` and `answers`, which are no slices of others; None
    for records that are left to Python."""
    said, answered = _turns(prompts), _turns(answers.values.field("messages"))
    out = np.empty(sum(map(len, (*said, *answered))), np.uint8)
    ends = np.empty(len(prompts), np.int64)
    _join_all(said, answered, answers.offsets.to_numpy(), (_kinds(), out, ends))
    text = out.data
    found: list[bytes | None] = []
    start = 0
    for end in ends.tolist():
        if end == _NOT_KNOWN:
            found.append(None)
        else:
            found.append(blake2b(text[start:end], digest_size=DIGEST_BYTES).digest())
            start = end
    return found


def _turns(messages: pa.ListArray) -> Turns:
    roles, contents = messages.values.field("role"), messages.values.field("content")
    return Turns(*_bytes_of(roles), *_bytes_of(contents), messages.offsets.to_numpy())


def _bytes_of(column: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    if len(column) == 0:
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    _, offsets, data = column.buffers()
    text = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return text, np.frombuffer(offsets, np.int32)[: len(column) + 1]


@cache
def _kinds() -> np.ndarray:
    """uint8 [_CODES]: which characters stay as they are, and which are white space."""
    chars = [chr(code) for code in range(_CODES)]
    kinds = np.full(_CODES, _STAYS, np.uint8)
    kinds[np.fromiter(map(unicodedata.combining, chars), bool, _CODES)] = _OTHER
    for char, parts in zip(chars, map(unicodedata.decomposition, chars), strict=True):
        if parts and not parts.startswith("<"):
            if not unicodedata.is_normalized("NFC", char):
                kinds[ord(char)] = _OTHER
            # What joins with the character before it, if that is there.
            kinds[[int(part, 16) for part in parts.split()[1:]]] = _OTHER
    kinds[_HANGUL_PARTS] = _OTHER
    kinds[np.fromiter(map(str.isspace, chars), bool, _CODES)] = _SPACE
    return kinds


@njit(cache=True, nogil=True)
def _join_all(
    said: Turns, answered: Turns, answers: np.ndarray, found: tuple[np.ndarray, ...]
) -> None:  # pragma: no cover - compiled
    """The text of each record that is hashed, up to `ends`; -1 where it is not known."""
    kinds, out, ends = found
    at = 0
    for row in range(len(said.offsets) - 1):
        end = _join(said, row, kinds, out[at:])
        for answer in range(answers[row], answers[row + 1]):
            if end != _NOT_KNOWN:
                out[at + end] = _ANSWER
                more = _join(answered, answer, kinds, out[at + end + 1 :])
                end = more if more == _NOT_KNOWN else end + 1 + more
        at += max(end, 0)
        ends[row] = end if end == _NOT_KNOWN else at


@njit(cache=True, nogil=True)
def _join(
    turns: Turns, one: int, kinds: np.ndarray, out: np.ndarray
) -> int:  # pragma: no cover - compiled
    """How many bytes a prompt or an answer has."""
    at = 0
    for turn in range(turns.offsets[one], turns.offsets[one + 1]):
        if turn > turns.offsets[one]:
            out[at] = _MESSAGE
            at += 1
        for place in range(turns.role_offsets[turn], turns.role_offsets[turn + 1]):
            out[at] = turns.roles[place]
            at += 1
        out[at] = _FIELD
        start, end = turns.content_offsets[turn], turns.content_offsets[turn + 1]
        size = _normalise(turns.contents[start:end], kinds, out[at + 1 :])
        if size == _NOT_KNOWN:
            return _NOT_KNOWN
        at += 1 + size
    return at


@njit(cache=True, nogil=True)
def _normalise(
    text: np.ndarray, kinds: np.ndarray, out: np.ndarray
) -> int:  # pragma: no cover - compiled
    at, place = 0, 0
    after_space = True
    while place < len(text):
        lead = text[place]
        if lead < 0x80:
            # Without a branch: where words end cannot be foreseen.
            is_space = kinds[lead] == _SPACE
            out[at] = 32 if is_space else lead
            at += not (is_space and after_space)
            after_space = is_space
            place += 1
            continue
        code, size = _character(text, place)
        kind = kinds[code] if code < _CODES else _OTHER
        if kind == _OTHER:
            return _NOT_KNOWN
        is_space = kind == _SPACE
        out[at] = 32
        at += is_space and not after_space
        for shift in range(0 if is_space else size):
            out[at + shift] = text[place + shift]
        at += 0 if is_space else size
        after_space = is_space
        place += size
    return at - 1 if after_space and at > 0 else at


@njit(cache=True, nogil=True)
def _character(text: np.ndarray, place: int) -> tuple[int, int]:  # pragma: no cover - compiled
    """Code point and bytes of a character above ASCII in valid UTF-8."""
    lead = int(text[place])
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | int(text[place + 1] & 0x3F), 2
    high = int(text[place + 1] & 0x3F)
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | high << 6 | int(text[place + 2] & 0x3F), 3
    low = int(text[place + 2] & 0x3F) << 6 | int(text[place + 3] & 0x3F)
    return (lead & 0x07) << 18 | high << 12 | low, 4
