"""Records in Arrow → the texts that are compared, as byte ranges of one buffer.

A row has segments (its prompt, each of its answers), a segment has pieces, its messages. Pieces
above ASCII are brought to Unicode NFKC and lower case; ASCII is lowered where it is read. Nothing
here is a Python object a row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from mixer.similarity.units import decoded, row_units

PROMPT, ANSWER = 0, 1
# Above ASCII, what NFKC leaves alone whatever stands beside it (or makes into other white space or
# punctuation), and has no case but what units.py lowers. Sparing these is three times as fast.
NORMAL = np.array(
    [
        (0x2010, 0x2016),  # dashes
        (0x2018, 0x2032),  # quotation marks, ellipsis
        (0x4E00, 0x9FFF),  # Han
        (0x00BF, 0x00FF),  # Latin-1 letters
        (0x3041, 0x3096),  # Hiragana
        (0x30A0, 0x30FE),  # Katakana
        (0x3001, 0x3029),
        (0xFF0C, 0xFF0C),  # full-width comma
        (0x0400, 0x045F),  # Cyrillic
        (0xAC00, 0xD7A3),  # Hangul
        (0x0621, 0x064A),  # Arabic
        (0x05D0, 0x05EA),  # Hebrew
        (0x00A1, 0x00A7),
        (0x00AB, 0x00AE),
        (0x00B0, 0x00B1),
        (0x00B6, 0x00B7),
        (0x00BB, 0x00BB),
        (0x20AC, 0x20AC),  # euro
        (0x2190, 0x222B),  # arrows, operators
        (0x2500, 0x25FF),  # boxes
        (0xFF01, 0xFF01),
        (0xFF08, 0xFF09),
    ],
    np.int64,
)


class Segments(NamedTuple):
    """`data` uint8; piece p is data[starts[p]:ends[p]]; segment s has the pieces
    pieces[s]:pieces[s + 1]; row r the segments rows[r]:rows[r + 1]; all int64. `kind` is PROMPT for
    a prompt's segment, else ANSWER + the answer's place."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    pieces: np.ndarray
    kind: np.ndarray
    rows: np.ndarray


class Strings(NamedTuple):
    """An Arrow string array as `data` and int64 `offsets`."""

    data: np.ndarray
    offsets: np.ndarray


def record_segments(batch: pa.RecordBatch, on: str, chosen: np.ndarray) -> Segments:
    """Segments of a batch with `prompt` and `answers`, for the rows in `chosen` (bool); other rows
    have none. `on` is record, prompt or answer; where it is prompt, records of several
    answers have all their segments: pairs that share a prompt are not the same pair."""
    prompt, answers = batch.column("prompt"), batch.column("answers")
    messages = answers.values.field("messages")
    said = strings(prompt.values.field("content"))
    answered = strings(messages.values.field("content"))
    shape = (
        prompt.offsets.to_numpy().astype(np.int64),
        answers.offsets.to_numpy().astype(np.int64),
        messages.offsets.to_numpy().astype(np.int64),
    )
    data = np.concatenate([said.data, answered.data])
    spans = (said.offsets, answered.offsets + len(said.data))
    wanted = (on != "answer", on != "prompt")
    return normal(Segments(data, *_laid_out(spans, shape, chosen, wanted)))


def strings(column: pa.Array) -> Strings:
    """The bytes that the array itself uses; null is empty."""
    wide = pa.types.is_large_string(column.type)
    buffer = column.buffers()[1]
    if len(column) == 0 or buffer is None:
        return Strings(np.zeros(0, np.uint8), np.zeros(len(column) + 1, np.int64))
    offsets = np.frombuffer(buffer, np.int64 if wide else np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1].astype(np.int64)
    text = column.buffers()[2]
    data = np.frombuffer(text, np.uint8) if text is not None else np.zeros(0, np.uint8)
    return Strings(data[offsets[0] : offsets[-1]], offsets - offsets[0])


@njit(cache=True, nogil=True)
def _laid_out(
    spans: tuple[np.ndarray, np.ndarray],
    shape: tuple[np.ndarray, np.ndarray, np.ndarray],
    chosen: np.ndarray,
    wanted: tuple[bool, bool],
) -> tuple[np.ndarray, ...]:  # pragma: no cover - compiled
    """starts, ends, pieces, kind, rows of the chosen rows."""
    prompts, answers, messages = shape
    said, answered = spans
    rows = len(prompts) - 1
    most = (len(said) - 1) + (len(answered) - 1)
    starts, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    pieces = np.zeros(rows + len(messages), np.int64)
    kind = np.empty(rows + len(messages) - 1, np.uint8)
    row_ends = np.zeros(rows + 1, np.int64)
    piece = segment = 0
    for row in range(rows):
        several = answers[row + 1] - answers[row] > 1
        if chosen[row] and (wanted[0] or several):
            for message in range(prompts[row], prompts[row + 1]):
                starts[piece], ends[piece] = said[message], said[message + 1]
                piece += 1
            kind[segment] = PROMPT
            segment += 1
            pieces[segment] = piece
        if chosen[row] and (wanted[1] or several):
            for answer in range(answers[row], answers[row + 1]):
                for message in range(messages[answer], messages[answer + 1]):
                    starts[piece], ends[piece] = answered[message], answered[message + 1]
                    piece += 1
                kind[segment] = min(255, ANSWER + answer - answers[row])
                segment += 1
                pieces[segment] = piece
        row_ends[row + 1] = segment
    return starts[:piece], ends[:piece], pieces[: segment + 1], kind[:segment], row_ends


def normal(made: Segments) -> Segments:
    """The same with pieces brought to NFKC and lower case; they lie behind the others in `data`."""
    rough = _rough(made.data, made.starts, made.ends)
    if not len(rough):
        return made
    offsets = np.concatenate([[0], np.cumsum(made.ends[rough] - made.starts[rough])])
    copied = _copied(made.data, made.starts[rough], offsets)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(copied)]
    texts = pa.Array.from_buffers(pa.large_string(), len(rough), buffers)
    normal = strings(pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC")))
    starts, ends = made.starts.copy(), made.ends.copy()
    starts[rough] = normal.offsets[:-1] + len(made.data)
    ends[rough] = normal.offsets[1:] + len(made.data)
    return made._replace(data=np.concatenate([made.data, normal.data]), starts=starts, ends=ends)


@njit(cache=True, nogil=True)
def _rough(
    data: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    """The pieces that normalisation may change."""
    found = np.empty(len(starts), np.int64)
    count = 0
    for piece in range(len(starts)):
        high = np.uint8(0)
        for at in range(starts[piece], ends[piece]):
            high |= data[at]
        if high >= 0x80 and not _is_normal(data, starts[piece], ends[piece]):
            found[count] = piece
            count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def _is_normal(data: np.ndarray, start: int, end: int) -> bool:  # pragma: no cover - compiled
    at = start
    while at < end:
        if data[at] < 0x80:
            at += 1
            continue
        code, at = decoded(data, at, end)
        inside = False
        for i in range(len(NORMAL)):
            if NORMAL[i, 0] <= code <= NORMAL[i, 1]:
                inside = True
                break
        if not inside:
            return False
    return True


@njit(cache=True, nogil=True)
def _copied(
    data: np.ndarray, starts: np.ndarray, offsets: np.ndarray
) -> np.ndarray:  # pragma: no cover - compiled
    result = np.empty(offsets[-1], np.uint8)
    for piece in range(len(starts)):
        shift = starts[piece] - offsets[piece]
        for at in range(offsets[piece], offsets[piece + 1]):
            result[at] = data[at + shift]
    return result


@njit(cache=True, nogil=True)
def says_something(made: Segments) -> np.ndarray:  # pragma: no cover - compiled
    """bool [rows]: whether any piece of a row has a byte."""
    result = np.zeros(len(made.rows) - 1, np.bool_)
    for row in range(len(result)):
        first, last = made.pieces[made.rows[row]], made.pieces[made.rows[row + 1]]
        for piece in range(first, last):
            if made.ends[piece] > made.starts[piece]:
                result[row] = True
                break
    return result


@njit(cache=True, nogil=True)
def longest_bytes(made: Segments) -> int:  # pragma: no cover - compiled
    """Room for the units or characters of any segment, pieces parted."""
    longest = 1
    for segment in range(len(made.kind)):
        total = 0
        for piece in range(made.pieces[segment], made.pieces[segment + 1]):
            total += made.ends[piece] - made.starts[piece] + 1
        longest = max(longest, total)
    return longest


@njit(cache=True, nogil=True)
def segment_units(made: Segments, segment: int, units: np.ndarray) -> int:  # pragma: no cover
    """Writes the units of a segment; returns how many."""
    count = 0
    for piece in range(made.pieces[segment], made.pieces[segment + 1]):
        count += row_units(made.data, made.starts[piece], made.ends[piece], units[count:])
    return count
