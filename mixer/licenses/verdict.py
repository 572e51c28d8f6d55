"""What holds for rows of several licences together: the strictest of each, and which cannot meet.

A row may state an expression: with `AND` all of its licences hold, with `OR` the taker may choose,
so that the least strict counts. `AND` binds closer. Brackets are not read: an expression that has
some is one licence that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

import msgspec
import pyarrow as pa

from mixer.licenses.terms import USES, Condition, Terms, Use, strictest, terms

# A work under the first may be passed on under the second: later versions of Creative Commons'
# share-alike licences, and what its list of compatible licences and the FSF's table name.
_MAY_BECOME = {
    "cc-by-sa-2.0": ("cc-by-sa-3.0", "cc-by-sa-4.0", "gpl-3.0"),
    "cc-by-sa-2.5": ("cc-by-sa-3.0", "cc-by-sa-4.0", "gpl-3.0"),
    "cc-by-sa-3.0": ("cc-by-sa-4.0", "gpl-3.0"),
    "cc-by-sa-4.0": ("gpl-3.0",),
    "cc-by-nc-sa-2.0": ("cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"),
    "cc-by-nc-sa-3.0": ("cc-by-nc-sa-4.0",),
    "lgpl-2.1": ("gpl-2.0", "gpl-3.0"),
    "lgpl-3.0": ("gpl-3.0",),
    "gpl-3.0": ("agpl-3.0",),
    "mpl-2.0": ("gpl-2.0", "gpl-3.0", "lgpl-2.1", "lgpl-3.0", "agpl-3.0"),
}


class Conflict(msgspec.Struct, frozen=True):
    """Two licences whose rows cannot be put under one licence, and why."""

    one: str
    other: str
    why: str


class Verdict(msgspec.Struct, frozen=True):
    """`decided_by`: the licences that allow no more than `use`; `conditions` by name, with the
    licences that ask them."""

    use: Use
    decided_by: list[str]
    conditions: dict[Condition, list[str]]
    conflicts: list[Conflict]


def row_terms(expression: str) -> Terms:
    """Of what a row states: one licence or an expression of ids."""
    return _all_of(chosen(expression))


def uses(licenses: pa.Array) -> pa.Array:
    """The use that each row's licence allows; what is null is `unspecified`."""
    stated = licenses.fill_null("unknown").dictionary_encode()
    found = [row_terms(text).use for text in stated.dictionary.to_pylist()]
    return pa.array(found, pa.string()).take(stated.indices)


def verdict(expressions: Iterable[str]) -> Verdict:
    """Of all rows together, whatever their order."""
    licenses = sorted({name for each in expressions for name in chosen(each)})
    said = {name: terms(name) for name in licenses}
    use = strictest([each.use for each in said.values()]) if said else "unspecified"
    conditions: dict[Condition, list[str]] = {}
    for name, each in said.items():
        for condition in each.conditions:
            conditions.setdefault(condition, []).append(name)
    return Verdict(
        use=use,
        decided_by=[name for name, each in said.items() if each.use == use],
        conditions=dict(sorted(conditions.items())),
        conflicts=[found for pair in combinations(licenses, 2) if (found := conflict(*pair))],
    )


def chosen(expression: str) -> list[str]:
    """The licences of an expression that count: of alternatives, the least strict."""
    if {"(", ")"} & set(expression):
        return [expression]
    alternatives = [re.split(r"\s+AND\s+", part) for part in re.split(r"\s+OR\s+", expression)]
    return min(alternatives, key=_strictness)


def conflict(one: str, other: str) -> Conflict | None:
    """Why rows of the two cannot be passed on as one adapted work under one licence."""
    for first, second in ((one, other), (other, one)):
        if why := _against(first, second):
            return Conflict(one, other, why)
    return None


def _against(share_alike: str, other: str) -> str | None:
    mine, theirs = terms(share_alike), terms(other)
    if "share_alike" not in mine.conditions or theirs.use == "unspecified":
        return None
    if "share_alike" in theirs.conditions:
        if _reachable(share_alike) & _reachable(other):
            return None
        return "both ask that what is made of them carries their own licence"
    if USES.index(theirs.use) > USES.index(mine.use):
        return f"{share_alike} asks that what is made of it may be used as freely; {other} forbids"
    if {"no_derivatives", "use_restrictions"} & set(theirs.conditions):
        return f"{share_alike} allows no further restrictions; {other} has some"
    return None


def _reachable(license: str) -> set[str]:
    return {license, *_MAY_BECOME.get(license, ())}


def _strictness(licenses: list[str]) -> tuple[int, int]:
    together = _all_of(licenses)
    return USES.index(together.use), len(together.conditions)


def _all_of(licenses: list[str]) -> Terms:
    each = [terms(name) for name in licenses]
    conditions = sorted({condition for one in each for condition in one.conditions})
    return Terms(strictest([one.use for one in each]), tuple(conditions))
