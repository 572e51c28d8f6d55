"""The 128-bit fingerprint of a record: equal for exact duplicates, and the seed of every choice.

Text is compared in Unicode NFC with runs of white space as one space. Case, digits and punctuation
count. Roles and the order of the answers count (A over B is not B over A); scores do not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

from mixer.schema import Answer, Message

# str.split() takes these control characters as white space, so no normalised text holds them and
# the joined text cannot be read in two ways.
FIELD, MESSAGE, ANSWER = "\x1f", "\x1e", "\x1d"


def normalise(text: str) -> str:
    """NFC, trimmed, runs of white space as one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _has_rare_space(text):
        return " ".join(text.split())
    # Several times as fast as cutting into words.
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def _has_rare_space(text: str) -> bool:
    """White space other than these four characters; in doubt, yes."""
    if text.isascii():
        return ("\x0b" in text or "\x0c" in text or "\x1c" in text) or (
            "\x1d" in text or "\x1e" in text or "\x1f" in text
        )
    # Of white space the space alone is printable.
    return not text.replace("\n", " ").replace("\t", " ").replace("\r", " ").isprintable()


def fingerprint(prompt: Iterable[Message], answers: Iterable[Answer]) -> str:
    """32 hexadecimal digits (BLAKE2b) over the normalised prompt and answers.

    UnicodeEncodeError for half a character (a lone surrogate), which no file could hold.
    """
    parts = [_messages(prompt), *[_messages(answer.messages) for answer in answers]]
    joined = ANSWER.join(parts)
    return blake2b(joined.encode(), digest_size=16).hexdigest()


def _messages(messages: Iterable[Message]) -> str:
    return MESSAGE.join([f"{role}{FIELD}{normalise(content)}" for role, content in messages])


def text_key(text: str) -> int:
    """64 bits of one text, equal for texts that are equal when normalised."""
    encoded = normalise(text).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big")
