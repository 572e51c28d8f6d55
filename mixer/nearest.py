"""The nearest known name to a misspelt one, for error messages."""

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'? known: a, b, x)`: the nearest name, if one is near, and all of them."""
    from rapidfuzz import fuzz, process

    names = sorted(known)
    match = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=60)
    hint = f"did you mean {match[0]!r}? " if match else ""
    return f"{hint}known: {', '.join(names)}"
