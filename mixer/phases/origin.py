"""What a summary says of where a source comes from, in words."""

from __future__ import annotations

from mixer.recipe.model import Source


def origin(source: Source, files: int) -> str:
    if source.hub:
        return f"{source.hub} at {source.revision}"
    return "1 file" if files == 1 else f"{files} files"
