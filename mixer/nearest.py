"""The nearest known name to a misspelt one, for error messages."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, None where none is near."""
    from rapidfuzz import fuzz, process

    match = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return str(match[0]) if match else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'? known: a, b, x`: the nearest name, if one is near, and all of them."""
    names = sorted(known)
    match = nearest(name, names)
    hint = f"did you mean {match!r}? " if match else ""
    return f"{hint}known: {', '.join(names)}"
