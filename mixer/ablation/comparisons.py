"""Which pairs of members may be compared, and what their difference then is due to."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from mixer.ablation.design import FULL, Member

_SAME = 1e-9


class Comparison(NamedTuple):
    """`question` says what the difference of two members answers."""

    one: str
    other: str
    question: str


def comparisons(members: list[Member]) -> tuple[list[Comparison], int]:
    """The pairs that differ in one thing, and how many other pairs differ in more."""
    found = []
    pairs = list(combinations(members, 2))
    for one, other in pairs:
        question = _question(one, other)
        if question:
            found.append(Comparison(one.name, other.name, question))
    return found, len(pairs) - len(found)


def _question(one: Member, other: Member) -> str:
    if _same_shares(one, other):
        return "the same records: do preference pairs help more than their chosen answers alone?"
    if one.feedback_as != other.feedback_as and _both_hold_feedback(one, other):
        return ""
    moved = _moved_alone(one, other)
    if moved is None:
        return _one_against_one(one, other)
    before, after = one.shares[moved], other.shares[moved]
    if FULL in (one.name, other.name) and min(before, after) <= _SAME:
        return f"what {moved} adds to the full mixture"
    if min(before, after) <= _SAME:
        return f"what {moved} adds at a share of {max(before, after):.3g}"
    return f"more {moved}: a share of {before:.3g} against {after:.3g}"


def _same_shares(one: Member, other: Member) -> bool:
    return all(abs(one.shares[value] - other.shares[value]) <= _SAME for value in one.shares)


def _both_hold_feedback(one: Member, other: Member) -> bool:
    return min(one.shares.get("feedback", 0.0), other.shares.get("feedback", 0.0)) > 0


def _moved_alone(one: Member, other: Member) -> str | None:
    """The value whose share moves while all others keep their proportions to one another; the one
    that moves most where several fit (there are two values)."""
    fitting = [value for value in one.shares if _others_in_proportion(one, other, value)]
    return max(
        fitting, key=lambda value: abs(one.shares[value] - other.shares[value]), default=None
    )


def _others_in_proportion(one: Member, other: Member, moved: str) -> bool:
    rest_one = 1.0 - one.shares[moved]
    rest_other = 1.0 - other.shares[moved]
    if rest_one <= _SAME or rest_other <= _SAME:
        return False
    return all(
        abs(one.shares[value] / rest_one - other.shares[value] / rest_other) <= 1e-6
        for value in one.shares
        if value != moved
    )


def _one_against_one(one: Member, other: Member) -> str:
    """Two members of one value each compare these."""
    only = [max(member.shares, key=lambda v: member.shares[v]) for member in (one, other)]
    alone = all(m.shares[v] >= 1 - _SAME for m, v in zip((one, other), only, strict=True))
    return f"{only[0]} against {only[1]}, each alone" if alone else ""
