"""A documented estimate of how many tokens a text has, without a tokenizer.

A word of ASCII letters comes to 0.85 tokens and 0.19 more for each letter after the fourth, three
digits to 1.23, a run of symbols to 0.87, a Han character to 0.66, a Cyrillic letter to 0.37, and
so on: the weights (token_kernel.py) were fitted to the vocabulary o200k_base. On real rows the
estimate is off by 8 % on average there, by 10 % for cl100k_base (benchmarks/tokens.py). It is meant
for balancing; `length: {tokenizer: FILE}` counts exactly.
"""

from __future__ import annotations

import numpy as np


def estimate_tokens(text: str) -> int:
    """At least 1 for any text that is not empty."""
    from mixer.token_kernel import token_counts

    data = _utf8(text)
    return int(token_counts(data, np.array([0, len(data)], np.int64))[0])


def first_tokens(text: str, max_tokens: int) -> str:
    """The longest beginning of `text` within the estimate, cut at white space where possible."""
    from mixer.token_kernel import beginning_bytes

    data = _utf8(text)
    kept = beginning_bytes(data, max_tokens)
    if kept == len(data):
        return text
    beginning = data[:kept].tobytes().decode()
    space = max(beginning.rfind(" "), beginning.rfind("\n"))
    return beginning[: space if space > 0 else len(beginning)].rstrip()


def _utf8(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)
