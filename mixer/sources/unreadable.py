"""What a file is of which no row can be read, in a clause that goes on after its name."""

from __future__ import annotations

import os
import re

from mixer.sources.archives import ZIP_MARKS, is_tar
from mixer.sources.arrow_rows import is_table
from mixer.sources.compression import maker_of
from mixer.sources.raw_row import RawRow
from mixer.sources.text_encoding import wide_encoding

# First bytes → what they are, and what to try; what reading knows by its bytes is not among them.
_KINDS = (
    (b"SQLite format 3\x00", "an SQLite data base: write its table as JSON lines"),
    (b"\x89HDF\r\n", "HDF5: write its table as JSON lines or Parquet"),
    (b"\x80\x02", "a pickle, which mixer never opens: write it as JSON lines"),
    (b"\x80\x03", "a pickle, which mixer never opens: write it as JSON lines"),
    (b"\x80\x04", "a pickle, which mixer never opens: write it as JSON lines"),
    (b"\x80\x05", "a pickle, which mixer never opens: write it as JSON lines"),
    (b"%PDF", "a PDF: mixer reads rows of text"),
    (b"\x89PNG", "a picture: mixer reads rows of text"),
    (b"\xff\xd8\xff", "a picture: mixer reads rows of text"),
)
# Bytes that no text has: of the control characters it has tab, line ends and the like.
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_SHOWN_CHARACTERS = 60
_HEAD_BYTES = 1000


def what_it_is(path: str, rows: list[RawRow]) -> str:
    """`rows` are those that reading gave; each of them has a reason."""
    size_bytes = os.path.getsize(path)
    if not size_bytes:
        return "is empty: it has 0 bytes"
    if not rows:
        return f"holds no rows: its {size_bytes:,} bytes are a header, an empty list or blank lines"
    reason = rows[0].reason or ""
    head = _head(path)
    if _is_opened(head):
        head = rows[0].raw or b""
        if not head:
            return f"cannot be read: {reason}"
    for first, kind in _KINDS:
        if head.startswith(first):
            return f"is {kind}"
    if _CONTROL.search(head):
        return f"is binary, not text: it begins with the bytes {head[:8].hex(' ')}"
    wrong = _not_utf8(rows)
    if wrong is not None:
        return f"is not UTF-8: {wrong}; write it anew (`iconv -f latin1 -t utf-8`)"
    begins = head.decode(errors="replace").strip()[:_SHOWN_CHARACTERS]
    return f"cannot be read: {reason}; it begins with {begins!r}"


def _head(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_HEAD_BYTES)


def _is_opened(head: bytes) -> bool:
    """Whether reading goes inside a file that begins like this: its rows have other bytes."""
    if head.startswith(ZIP_MARKS) or is_tar(head, "") or is_table(head):
        return True
    return maker_of(head) is not None or wide_encoding(head) is not None


def _not_utf8(rows: list[RawRow]) -> str | None:
    """The first byte of a row that is none of UTF-8."""
    for row in rows:
        try:
            (row.raw or b"").decode()
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data"  # an excerpt ends anywhere
            if not cut:
                return f"the byte 0x{error.object[error.start]:02x} in row {row.row}"
    return None
