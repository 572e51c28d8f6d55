"""The two files of an ablation: which mixtures were built, and what was measured on them.

design.csv     member,design,factor,level,...,share:<component>,...     one line a member; names of
               several designs are joined by +; feedback_as may say how feedback is used
results.csv    member,run,metric,value          long: a line a value; an empty value is not measured
               member,run,accuracy,win_rate     wide: a line a run, any other column is a metric
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from mixer.ablation.csv_rows import CsvRow, CsvTable, read_csv
from mixer.errors import InputError
from mixer.nearest import did_you_mean

LEAVE_ONE_OUT = "leave-one-out"
ONE_AT_A_TIME = "one-at-a-time"
FACTORIAL = "factorial"
DOSE = "dose"
SIMPLEX = "simplex"
# No design of its own: members that come with preference pairs and, `-chosen`, with the same
# records as supervised data are compared in whatever designs they serve.
FEEDBACK_AS = "feedback-as"
CHOSEN = "-chosen"
DESIGNS = (LEAVE_ONE_OUT, ONE_AT_A_TIME, FACTORIAL, DOSE, SIMPLEX)
LARGEST_VALUE = 1e100
_REFERENCE = "reference"
_FULL = "full"
_SHARE = "share:"


class Member(msgspec.Struct, frozen=True):
    """One mixture of the family: the designs it serves, and its shares (0-1) by component.

    Members of different `feedback_as` (pairs, or their chosen answers alone) differ in that too.
    """

    name: str
    designs: tuple[str, ...]
    factor: str
    level: str
    shares: dict[str, float]
    feedback_as: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether nothing is varied in it, whatever designs it serves besides."""
        return _REFERENCE in self.designs or self.name in (_FULL, f"{_FULL}-{self.feedback_as}")


class Design(msgspec.Struct, frozen=True):
    """The family in the order of its file."""

    components: tuple[str, ...]
    members: tuple[Member, ...]

    def of(self, design: str) -> tuple[Member, ...]:
        """The members that serve it; leave-one-out has its reference even if not labelled so."""
        found = [member for member in self.members if design in member.designs]
        if design == LEAVE_ONE_OUT and found:
            found = [one for one in self.members if one in found or one.is_reference]
        return tuple(found)


class Measurement(msgspec.Struct, frozen=True):
    """One value; `run` is the label of a seed or repetition, "" where there is only one."""

    member: str
    run: str
    metric: str
    value: float


class Results(msgspec.Struct, frozen=True):
    """What is measured, in the order of its file, and how many values are still empty."""

    measurements: tuple[Measurement, ...]
    not_measured: int = 0


def read_design(path: Path) -> Design:
    """InputError names the line that cannot be used."""
    table = read_csv(path)
    # "kind" is another word for the same column.
    kind = "design" if "design" in table.columns else "kind"
    table.require("member", "factor", "level", *(["design"] if kind not in table.columns else []))
    components = tuple(
        name.removeprefix(_SHARE) for name in table.columns if name.startswith(_SHARE)
    )
    if not components:
        raise InputError(f"{table.where}: no column '{_SHARE}<component>' with a member's shares")
    members: dict[str, Member] = {}
    for row in table.rows:
        member = _member(row, kind, components)
        if member.name in members:
            raise InputError(f"{row.where}: member {member.name!r} has two lines")
        members[member.name] = member
    if not members:
        raise InputError(f"{path}: no members beneath the header")
    return Design(components, tuple(members.values()))


def read_results(path: Path, design: Design) -> Results:
    """Values of the design's members from a long or a wide file; InputError names the line."""
    table = read_csv(path)
    known = {member.name for member in design.members}
    found: dict[tuple[str, str, str], Measurement] = {}
    empty = 0
    for where, member, run, metric, text in _entries(table):
        if member not in known:
            raise InputError(f"{where}: unknown member {member!r}; {did_you_mean(member, known)}")
        if not text:
            empty += 1
            continue
        if not metric:
            raise InputError(f"{where}: a value of member {member!r} without the name of a metric")
        if (member, run, metric) in found:
            raise InputError(f"{where}: {_twice(member, run, metric)}")
        value = _number(text, f"{where}: {metric} of member {member!r}")
        found[member, run, metric] = Measurement(member, run, metric, value)
    if not found:
        raise InputError(
            f"{path}: nothing measured yet: fill in the column 'value', a line for each member, "
            f"run and metric"
        )
    return Results(tuple(found.values()), empty)


def _entries(table: CsvTable) -> Iterator[tuple[str, str, str, str, str]]:
    """(where, member, run, metric, text of the value) from either shape."""
    is_long = "metric" in table.columns or "value" in table.columns
    table.require("member", "run", *(["metric", "value"] if is_long else []))
    metrics = [name for name in table.columns if name not in ("member", "run")]
    if not metrics:
        raise InputError(
            f"{table.where}: no column with values: add 'metric' and 'value', or one named after "
            f"each metric"
        )
    for where, cells in table.rows:
        member, run = cells["member"], cells["run"]
        if is_long:
            yield where, member, run, cells["metric"], cells["value"]
        else:
            yield from ((where, member, run, metric, cells[metric]) for metric in metrics)


def _twice(member: str, run: str, metric: str) -> str:
    if run:
        return f"member {member!r} has two values of {metric!r} for run {run!r}"
    return (
        f"member {member!r} has two values of {metric!r} without a run; name the seed or the "
        f"repetition in the column 'run'"
    )


def _member(row: CsvRow, kind: str, components: Iterable[str]) -> Member:
    name, factor = row.cells["member"], row.cells["factor"]
    if not name:
        raise InputError(f"{row.where}: a member without a name")
    shares = {
        component: _share(row.cells[_SHARE + component], f"{row.where}: share of {component!r}")
        for component in components
    }
    if factor and factor not in shares:
        raise InputError(f"{row.where}: unknown factor {factor!r}; {did_you_mean(factor, shares)}")
    designs = _designs(row.cells[kind], row.where)
    feedback_as = row.cells.get("feedback_as", "")
    return Member(name, designs, factor, row.cells["level"], shares, feedback_as)


def _designs(text: str, where: str) -> tuple[str, ...]:
    designs = tuple(part.strip().replace("_", "-") for part in text.split("+"))
    known = (*DESIGNS, _REFERENCE)
    for design in designs:
        if design not in known:
            raise InputError(f"{where}: unknown design {design!r}; {did_you_mean(design, known)}")
    return designs


def _share(text: str, what: str) -> float:
    share = _number(text or "0", what)
    if not 0 <= share <= 1:
        raise InputError(f"{what} is {text}; a share lies in 0-1")
    return share


def _number(text: str, what: str) -> float:
    try:
        # Python reads 1_000 as a number; no other program that writes such files does.
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{what} is {text!r}, not a finite number (write 0.85, not 0,85 or 85%)")
    if abs(value) > LARGEST_VALUE:
        raise InputError(f"{what} is {text}, above {LARGEST_VALUE:g}: too large to be averaged")
    return value
