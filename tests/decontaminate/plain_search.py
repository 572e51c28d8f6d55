"""The search for evaluation items said plainly: every n-gram of every part in every record."""

from __future__ import annotations

from collections import Counter

from mixer.decontaminate.rules import Rules

Text = tuple[str, tuple[str, ...]]
Judged = tuple[int, bool, set[tuple[str, ...]]]


def _units(text: str) -> list[str]:
    """Words, symbols and pairs of characters, said plainly for the words used here."""
    return [unit for word in text.split() for unit in (["天气"] if word == "天气" else [word])]


def _grams(text: str, length: int) -> set[tuple[str, ...]]:
    units = _units(text)
    return {tuple(units[i : i + length]) for i in range(len(units) - length + 1)}


def _parts(items: list[Text], rules: Rules) -> list[Judged]:
    found = []
    for item, (question, answers) in enumerate(items):
        for place, text in enumerate((question, *answers)):
            size = len(_units(text))
            whole = place == 0 and rules.least_units <= size < rules.units
            found.append((item, place > 0, _grams(text, size if whole else rules.units)))
    return _telling(found)


def _telling(parts: list[Judged]) -> list[Judged]:
    """The parts without n-grams that more than ten of them have, unless that is all they have."""
    times = Counter(gram for _, _, grams in parts for gram in grams)
    kept = [{gram for gram in grams if times[gram] <= 10} for _, _, grams in parts]
    return [
        (item, is_answer, rare or grams)
        for (item, is_answer, grams), rare in zip(parts, kept, strict=True)
    ]


def _held(grams: set[tuple[str, ...]], row: Text) -> set[tuple[str, ...]]:
    """Those n-grams of one part, all of one length, that a record holds."""
    length = len(next(iter(grams), ("",)))
    return {gram for text in (row[0], *row[1]) for gram in grams & _grams(text, length)}


def expected(
    items: list[Text], rows: list[Text], rules: Rules
) -> list[tuple[int, int, bool, int, int]]:
    parts = _parts(items, rules)
    holds = [[_held(grams, row) for _, _, grams in parts] for row in rows]
    common: set[tuple[str, ...]] = set()
    if rules.common is not None:
        counted = Counter(gram for row in holds for gram in set().union(*row))
        common = {gram for gram, count in counted.items() if count > rules.common}
    result = []
    for row, held in enumerate(holds):
        for (item, is_answer, grams), own in zip(parts, held, strict=True):
            rare = len(own - common)
            if grams and rare >= max(1, rules.needed * len(grams) - 1e-9):
                result.append((row, item, is_answer, rare, len(grams)))
    return result
