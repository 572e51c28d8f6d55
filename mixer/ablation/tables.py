"""The two tables of an ablation: design.csv, written by mixer, and results.csv, filled by people.

design.csv, one line a member:

    member,design,factor,level,feedback_as,rows,tokens,share:instruction,share:feedback
    without-feedback,leave_one_out,feedback,out,preference,10000,812345,1.0,0.0

results.csv, one line a measurement (`run` is a seed or any other name); a value left empty is not
measured yet. A table with a column for each metric in place of `metric,value` is read as well:

    member,run,metric,value
    without-feedback,1,win_rate,0.53
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import NamedTuple

from mixer.errors import InputError
from mixer.nearest import did_you_mean

DESIGN_COLUMNS = ("member", "design", "factor", "level", "feedback_as", "rows", "tokens")
RESULT_COLUMNS = ("member", "run", "metric", "value")
SHARE = "share:"
_MOST_BYTES = 64 << 20


class DesignRow(NamedTuple):
    """One member; `designs` are the comparisons it serves, `shares` by value."""

    member: str
    designs: tuple[str, ...]
    factor: str
    level: str
    feedback_as: str
    shares: dict[str, float]


class Result(NamedTuple):
    member: str
    run: str
    metric: str
    value: float


class Results(NamedTuple):
    """What was measured, and how many values are still empty."""

    measured: list[Result]
    empty: int


def read_design(path: Path) -> list[DesignRow]:
    """InputError for a table that is not a design."""
    lines = _lines(path, ("member", "design"))
    return [
        DesignRow(
            member=line["member"],
            designs=tuple(line["design"].split("+")),
            factor=line.get("factor", ""),
            level=line.get("level", ""),
            feedback_as=line.get("feedback_as", ""),
            shares={
                name.removeprefix(SHARE): _number(text, path, number)
                for name, text in line.items()
                if name.startswith(SHARE)
            },
        )
        for number, line in lines
    ]


def read_results(path: Path, members: list[str]) -> Results:
    """InputError names the line of a member that is unknown, a value that is no number, or a
    measurement that is there twice."""
    found: dict[tuple[str, str, str], float] = {}
    empty = 0
    for number, line in _lines(path, ("member",)):
        member, run = line["member"], line.get("run", "")
        if member not in members:
            hint = did_you_mean(member, members)
            raise InputError(f"{path}:{number}: no member {member!r} in the design: {hint}")
        for metric, text in _metrics(line, path, number):
            if not text:
                empty += 1
                continue
            key = (member, run, metric)
            if key in found:
                raise InputError(f"{path}:{number}: {member} has {metric} of run {run!r} twice")
            found[key] = _number(text, path, number)
    if not found:
        raise InputError(f"{path}: nothing is measured yet: fill in the column `value`")
    return Results([Result(*key, value) for key, value in found.items()], empty)


def _metrics(line: dict[str, str], path: Path, number: int) -> list[tuple[str, str]]:
    if "value" in line:
        metric = line.get("metric", "") or "value"
        return [(metric, line["value"])]
    metrics = [(name, text) for name, text in line.items() if name not in ("member", "run")]
    if not metrics:
        raise InputError(f"{path}:{number}: needs the columns {', '.join(RESULT_COLUMNS)}")
    return metrics


def _lines(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Line number and fields of each line that is not empty."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path} is larger than {_MOST_BYTES >> 20} MiB: not such a table")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    reader = csv.DictReader(text.splitlines())
    header = [name.strip() for name in reader.fieldnames or []]
    for name in needed:
        if name not in header:
            known = ", ".join(header) or "nothing"
            raise InputError(f"{path}:1: the header needs `{name}`; it has {known}")
    reader.fieldnames = header
    found = []
    for line in reader:
        if None in line or None in line.values():
            raise InputError(f"{path}:{reader.line_num}: not as many fields as the header has")
        found.append((reader.line_num, {name: text.strip() for name, text in line.items()}))
    return found


def _number(text: str, path: Path, line: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{path}:{line}: {text!r} is not a number")
    return number
