"""The members of an ablation: for each one the share of every value of one column.

    full                 the recipe's own shares
    without-VALUE        leave one out; its share goes to the others in proportion
    only-VALUE           one at a time
    with-A-B             factorial: only the named values, in proportion
    VALUE-0.05           dose: VALUE at 0.05, the others in proportion
    random-03            a point of the simplex (Liu et al. 2024, RegMix)

Members that hold feedback may come twice: as preference pairs, and with `-chosen` with the same
records as supervised data.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from mixer.errors import RecipeError

DesignName = Literal["leave_one_out", "one_at_a_time", "factorial"]
FeedbackAs = Literal["preference", "chosen"]
FULL = "full"
FEEDBACK = "feedback"
DOSES = (0.0, 0.05, 0.1, 0.2, 0.4)
_MOST_FACTORS = 6
_MOST_MEMBERS = 100
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


class Ablate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The members wanted: `over` the values of a column, in `designs`; `dose` gives shares (0-1)
    for values (unless stated, DOSES of feedback where there is any); `simplex` so many random
    members; `feedback_as` pairs, chosen answers, or both."""

    over: str = "component"
    designs: tuple[DesignName, ...] = ("leave_one_out", "one_at_a_time")
    dose: dict[str, tuple[float, ...]] | None = None
    simplex: int = 0
    feedback_as: tuple[FeedbackAs, ...] = ("preference",)

    def check(self) -> None:
        if self.simplex < 0:
            raise RecipeError(f"ablate.simplex is {self.simplex}; it cannot be negative")
        if not self.feedback_as:
            raise RecipeError("ablate.feedback_as names nothing: preference, chosen or both")
        for value, doses in (self.dose or {}).items():
            for dose in doses:
                if not 0 <= dose <= 1:
                    raise RecipeError(f"ablate.dose.{value} has {dose:g}; a share lies in 0-1")


class Member(NamedTuple):
    """`shares` by value add up to 1; `designs` joined by `+`; `factor` and `level` say what is
    varied."""

    name: str
    designs: str
    factor: str
    level: str
    shares: dict[str, float]
    feedback_as: FeedbackAs = "preference"


def members(wanted: Ablate, base: dict[str, float], seed: int) -> list[Member]:
    """All members, each once; `base` holds the recipe's shares by value, in order."""
    if len(base) < 2:
        named = ", ".join(base) or "no value"
        raise RecipeError(f"ablate.over {wanted.over}: there is {named} alone, nothing to compare")
    made = [Member(FULL, "", "", "", base)]
    for design in wanted.designs:
        made += _DESIGNS[design](base)
    for value, doses in _doses(wanted, base).items():
        if value not in base:
            raise RecipeError(f"ablate.dose: no {wanted.over} {value!r}; known: {', '.join(base)}")
        made += [_dose(base, value, dose) for dose in doses]
    made += _simplex(base, wanted.simplex, seed)
    result = _as_folders(_with_feedback(_merged(made), wanted.feedback_as))
    if len(result) > _MOST_MEMBERS:
        raise RecipeError(
            f"ablate asks for {len(result):,} mixtures; at most {_MOST_MEMBERS} are built: choose "
            "fewer designs, or a column with fewer values"
        )
    return result


def _as_folders(made: list[Member]) -> list[Member]:
    """Names are folders: values come from data and may hold anything."""
    taken: set[str] = set()
    result = []
    for member in made:
        plain = _NOT_PLAIN.sub("-", member.name).lstrip(".-") or "member"
        name, number = plain, 2
        while name.lower() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.lower())
        result.append(member._replace(name=name))
    return result


def _doses(wanted: Ablate, base: dict[str, float]) -> dict[str, tuple[float, ...]]:
    if wanted.dose is not None:
        return wanted.dose
    return {FEEDBACK: DOSES} if FEEDBACK in base else {}


def scaled(shares: dict[str, float], total: float) -> dict[str, float]:
    """The same proportions with another sum."""
    there = sum(shares.values())
    if there <= 0:
        return {value: total / len(shares) for value in shares}
    return {value: share * total / there for value, share in shares.items()}


def _leave_one_out(base: dict[str, float]) -> list[Member]:
    return [
        Member(f"without-{value}", "leave_one_out", value, "out", _at(base, value, 0.0))
        for value in base
    ]


def _one_at_a_time(base: dict[str, float]) -> list[Member]:
    return [
        Member(f"only-{value}", "one_at_a_time", value, "only", _at(base, value, 1.0))
        for value in base
    ]


def _factorial(base: dict[str, float]) -> list[Member]:
    if len(base) > _MOST_FACTORS:
        raise RecipeError(
            f"ablate: a factorial of {len(base)} values has {2 ** len(base) - 1} members; "
            f"at most {_MOST_FACTORS} values are allowed"
        )
    made = []
    for size in range(1, len(base) + 1):
        for chosen in combinations(base, size):
            part = scaled({value: base[value] for value in chosen}, 1.0)
            shares = {value: part.get(value, 0.0) for value in base}
            made.append(Member(f"with-{'-'.join(chosen)}", "factorial", "", "", shares))
    return made


_DESIGNS = {
    "leave_one_out": _leave_one_out,
    "one_at_a_time": _one_at_a_time,
    "factorial": _factorial,
}


def _dose(base: dict[str, float], value: str, dose: float) -> Member:
    return Member(f"{value}-{dose:g}", "dose", value, f"{dose:g}", _at(base, value, dose))


def _at(base: dict[str, float], value: str, share: float) -> dict[str, float]:
    """`value` at `share`, the others in the proportions of the base."""
    others = {other: own for other, own in base.items() if other != value}
    rest = scaled(others, 1.0 - share)
    return {name: share if name == value else rest[name] for name in base}


def _simplex(base: dict[str, float], count: int, seed: int) -> list[Member]:
    """Evenly over the simplex, to three decimals."""
    generator = np.random.Generator(np.random.PCG64(seed))
    made = []
    for number in range(count):
        drawn = generator.dirichlet(np.ones(len(base))).round(3)
        drawn[-1] = round(1.0 - float(drawn[:-1].sum()), 3)
        if drawn[-1] < 0:
            drawn[int(drawn.argmax())] += drawn[-1]
            drawn[-1] = 0.0
        shares = dict(zip(base, (float(share) for share in drawn), strict=True))
        made.append(Member(f"random-{number + 1:02d}", "simplex", "", "", shares))
    return made


def _merged(made: list[Member]) -> list[Member]:
    """Members of equal shares are one, which serves all their designs. `full` is the first."""
    found: dict[tuple[float, ...], Member] = {}
    for member in made:
        key = tuple(round(share, 9) for share in member.shares.values())
        known = found.get(key)
        if known is None:
            found[key] = member
        else:
            designs = [d for d in (*known.designs.split("+"), member.designs) if d]
            joined = "+".join(dict.fromkeys(designs))
            found[key] = known._replace(designs=joined)
    return list(found.values())


def _with_feedback(made: list[Member], ways: tuple[FeedbackAs, ...]) -> list[Member]:
    result = []
    for member in made:
        holds = member.shares.get(FEEDBACK, 0.0) > 0
        for way in ways if holds else ways[:1]:
            suffix = "-chosen" if holds and way == "chosen" and len(ways) > 1 else ""
            result.append(member._replace(name=f"{member.name}{suffix}", feedback_as=way))
    return result
