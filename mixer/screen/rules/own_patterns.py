"""Patterns that a recipe adds to those of a screen."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def check_patterns(patterns: tuple[str, ...]) -> None:
    """ValueError names the pattern that RE2 cannot read."""
    for pattern in patterns:
        try:
            pc.match_substring_regex(pa.array([""]), pattern)
        except pa.ArrowInvalid as error:
            raise ValueError(f"{pattern!r} is no regular expression of RE2: {error}") from error
