"""A documented estimate of how many tokens a text has, without a tokenizer.

tokens = UTF-8 bytes / 4, rounded up. English comes to four characters a token, Cyrillic to two,
Chinese to one and a third. It is meant for balancing; `length: {tokenizer: FILE}` counts exactly.
"""

from __future__ import annotations

BYTES_A_TOKEN = 4


def estimate_tokens(text: str) -> int:
    """At least 1 for any text that is not empty."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def first_tokens(text: str, max_tokens: int) -> str:
    """The longest beginning of `text` within the estimate, cut at white space where possible."""
    encoded = text.encode()
    if len(encoded) <= max_tokens * BYTES_A_TOKEN:
        return text
    beginning = encoded[: max_tokens * BYTES_A_TOKEN].decode(errors="ignore")
    space = max(beginning.rfind(" "), beginning.rfind("\n"))
    return beginning[: space if space > 0 else len(beginning)].rstrip()
