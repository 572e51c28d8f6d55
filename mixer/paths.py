"""What a path of a recipe's settings means: itself, or what matches it as a pattern."""

from __future__ import annotations

import glob
import os


def named_paths(pattern: str) -> list[str]:
    """The path where it is there, else all that match it, sorted."""
    return [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern, recursive=True))
