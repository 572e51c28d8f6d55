"""What `mixer guess` found: formats that fit, what tells them apart, rows as they are read."""

from __future__ import annotations

from typing import Any, NamedTuple

from mixer.report.fits import TABLE_FORMAT, Fit
from mixer.report.pairs import printable, shortened
from mixer.report.tables import print_table

_MOST_FORMATS = 8
_MOST_FILES = 30
_MOST_FIELDS = 8
_MOST_TURNS = 6


class FileFound(NamedTuple):
    """A file: `rows` looked at, of `seen_rows` passed (all, if it `is_whole`), how many of them
    could not be read, the format that fits, or the clause that says why there is none."""

    path: str
    rows: int
    seen_rows: int
    is_whole: bool
    unread: int
    format: str | None
    problem: str | None


class Tied(NamedTuple):
    """One of the formats that fit equally well."""

    format: str
    in_path: bool
    differences: list[str]
    further: list[str]
    card: str | None
    license: str | None


class Example(NamedTuple):
    """A row as the format reads it: who says what."""

    path: str
    row: int
    turns: list[tuple[str, str]]


class Group(NamedTuple):
    """Files that one format fits; `fits` are all formats that parse a row of them, best first."""

    files: list[str]
    fits: list[Fit]
    tied: list[Tied]
    note: str | None
    examples: list[Example]


class Told(NamedTuple):
    """`bounds` says which rows were looked at."""

    files: list[FileFound]
    groups: list[Group]
    recipe: str | None
    bounds: str

    @property
    def fitting_share(self) -> float:
        """Of the rows looked at, those that the format of their file parses."""
        rows = sum(max(1, file.rows) for file in self.files)
        return sum(group.fits[0].parsed for group in self.groups) / max(1, rows)


def print_guess(told: Told) -> None:
    print(f"looked at {told.bounds}\n")
    if len(told.files) > 1:
        _print_files(told.files)
    for group in told.groups:
        _print_group(group)
    if told.recipe is not None:
        print(f"a recipe to start from (mixer build FILE)\n\n{told.recipe}", end="")


def _print_files(files: list[FileFound]) -> None:
    rows = [
        [_shown(file.path), f"{file.rows:,}", f"{file.unread:,}", file.format or "none"]
        for file in files[:_MOST_FILES]
    ]
    print_table(["file", "rows looked at", "unreadable", "format"], rows, "files")
    if len(files) > _MOST_FILES:
        print(f"and {len(files) - _MOST_FILES:,} more files: --json lists all\n")
    problems = [file for file in files if file.problem is not None]
    for file in problems[:_MOST_FILES]:
        print(f"{_shown(file.path)} {_shown(file.problem or '')}")
    if len(problems) > _MOST_FILES:
        print(f"and {len(problems) - _MOST_FILES:,} more files that no format fits")
    if problems:
        print()


def _print_group(group: Group) -> None:
    title = _shown(group.files[0])
    if len(group.files) > 1:
        title += f" and {len(group.files) - 1:,} more"
    rows = [
        [
            fit.format,
            f"{fit.parsed_share:.1%}",
            f"{fit.used_share:.1%}",
            _fields(fit.used),
            _fields(fit.left),
            _remark(fit),
        ]
        for fit in group.fits[:_MOST_FORMATS]
    ]
    header = ["format", "rows parse", "of fields read", "reads", "not read", "remark"]
    print_table(header, rows, title)
    best = group.fits[0]
    if best.reasons:
        bad = best.rows - best.parsed
        print(f"{bad:,} of {best.rows:,} rows are bad, most because: {_shown(best.reason or '')}\n")
    if group.note is not None:
        print(f"{_shown(group.note)}\n")
    if len(group.tied) > 1:
        _print_tied(group.tied)
    _print_examples(group)


def _remark(fit: Fit) -> str:
    if not fit.is_typical:
        return f"not {fit.format}'s own: others use its field names"
    if fit.format == TABLE_FORMAT:
        return f"map: {', '.join(f'{k} {_shown(v)}' for k, v in fit.settings['map'].items())}"
    return ""


def _print_tied(tied: list[Tied]) -> None:
    names = [each.format for each in tied]
    why = "its name is in the path" if tied[0].in_path else "it claims least about the rows"
    print(
        f"{', '.join(names[:-1])} and {names[-1]} fit equally well; {names[0]} is first, as {why}."
    )
    for each in tied:
        facts = []
        if each.differences:
            facts.append(f"gives another {'; '.join(each.differences)}")
        elif each is not tied[0]:
            facts.append("gives the same records")
        if each.card:
            facts.append(f"takes the data card {each.card} ({each.license})")
        if each.further:
            facts.append(f"would also read {_fields(set(each.further))}")
        print(f"  {each.format}: {_shown('; '.join(facts)) or 'no data card'}")
    print()


def _print_examples(group: Group) -> None:
    print(f"rows as {group.fits[0].format} reads them")
    for example in group.examples:
        print(f"  {_shown(example.path)}:{example.row}")
        turns = [f"{_shown(name)}: {_line(text)}" for name, text in example.turns]
        if len(turns) > _MOST_TURNS:
            left_out = f"({len(turns) - _MOST_TURNS} more turns)"
            turns = [*turns[:2], left_out, *turns[2 - _MOST_TURNS :]]
        print("".join(f"    {turn}\n" for turn in turns), end="")
    print()


def _line(text: str) -> str:
    return shortened(printable(" ".join(text[:2000].split())))


def _fields(names: set[str]) -> str:
    found = sorted(names)
    more = f" +{len(found) - _MOST_FIELDS}" if len(found) > _MOST_FIELDS else ""
    return _shown(f"{', '.join(found[:_MOST_FIELDS])}{more}") if found else "-"


def _shown(text: str) -> str:
    return " ".join(printable(text).split("\n"))


def as_json_value(told: Told) -> Any:
    return {
        "bounds": told.bounds,
        "fitting_share": told.fitting_share,
        "files": [file._asdict() for file in told.files],
        "groups": [
            {
                "files": group.files,
                "formats": [_fit_value(fit) for fit in group.fits],
                "equally_good": [each._asdict() for each in group.tied],
                "note": group.note,
                "examples": [each._asdict() for each in group.examples],
            }
            for group in told.groups
        ],
        "recipe": told.recipe,
    }


def _fit_value(fit: Fit) -> Any:
    return {
        "format": fit.format,
        "rows": fit.rows,
        "rows_that_parse": fit.parsed,
        "share_that_parses": fit.parsed_share,
        "share_of_fields_read": fit.used_share,
        "reads": sorted(fit.used),
        "not_read": sorted(fit.left),
        "is_typical": fit.is_typical,
        "reason": fit.reason,
        "settings": fit.settings,
    }
