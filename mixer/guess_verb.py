"""`mixer guess`: files → what fits each → groups of one format → a recipe to start from."""

from __future__ import annotations

import glob
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from mixer.errors import InputError
from mixer.phases.fit_formats import Fitted, fields_of, fit_formats
from mixer.phases.no_fit import nearest, told_nearest, why_none
from mixer.phases.sampled_rows import FIRST_ROWS, MAX_BYTES, MAX_ROWS, SPREAD_ROWS
from mixer.phases.tell_apart import examples, known_of, tied
from mixer.recipe.stanza import Stanza, recipe_text
from mixer.report.fits import ENOUGH, TABLE_FORMAT, Fit, Known, Ranking, ranked
from mixer.report.guess import FileFound, Group, Told
from mixer.schema import file_stem
from mixer.sources.files import SourceFile, find_files
from mixer.sources.standard_input import STANDARD_INPUT, kept_input, of_other_kinds

EXAMPLES = 3
_BOUNDS = (
    f"the first {FIRST_ROWS} rows of a file and up to {SPREAD_ROWS} spread over what follows, "
    f"as far as {MAX_BYTES >> 20} MiB or {MAX_ROWS:,} rows go"
)


@dataclass
class _Gathered:
    """Files that the same format fits best; only of the first are rows kept."""

    format: str
    first: Fitted
    paths: list[str] = field(default_factory=list)
    fits: dict[str, Fit] = field(default_factory=dict)
    main_fields: set[str] = field(default_factory=set)
    named: frozenset[str] = frozenset()

    def add(self, found: Fitted, known: Known) -> None:
        self.paths.append(found.file.path)
        self.main_fields |= found.main_fields
        self.named |= known.named_in_path
        for name, fit in found.fits.items():
            sum_of = self.fits.setdefault(name, Fit(name, settings=fit.settings))
            if sum_of.settings == fit.settings:
                sum_of.add(fit)

    def ranking(self, known: Known) -> Ranking:
        """The format of all files first; a format that finds no rows in a file parses none."""
        rows = self.fits[self.format].rows
        for fit in self.fits.values():
            fit.rows = max(fit.rows, rows)
        found = ranked(list(self.fits.values()), self.main_fields, known)
        own = self.fits[self.format]
        among = [fit for fit in found.best if fit is not own and fit.format in self.first.samples]
        best = [own, *among] if own in found.best else [own]
        return Ranking([*best, *(fit for fit in found.fits if fit not in best)], best)


def guess(patterns: list[str]) -> Told:
    """What the files are, or what is piped in (`-`); InputError where there are none."""
    if STANDARD_INPUT not in patterns:
        return _guessed(find_files(patterns, "FILE"), patterns)
    if len(patterns) > 1:
        raise InputError("`-` is what is piped in: give it alone, or files")
    with TemporaryDirectory(prefix="mixer-guess-") as scratch:
        piped = kept_input(Path(scratch, "kept"))
        path = Path(piped.path).rename(Path(scratch, piped.label))
        return _as_piped_in(_guessed([piped._replace(path=str(path))], patterns))


def _guessed(files: list[SourceFile], patterns: list[str]) -> Told:
    groups: dict[tuple[str, str], _Gathered] = {}
    told = [_file(file, groups, known_of(_named(file, patterns))) for file in files]
    known = known_of("").with_card
    made = [_group(each, Known(each.named, known)) for each in groups.values()]
    stanzas = [_stanza(group, patterns, len(files)) for group in made]
    return Told(told, made, recipe_text(stanzas) if stanzas else None, _BOUNDS)


def check_fit(told: Told) -> None:
    """InputError where formats fit less than half of the rows."""
    if told.groups and told.fitting_share >= ENOUGH:
        return
    problems = [file for file in told.files if file.problem is not None]
    if len(told.files) == 1:
        said = f"{problems[0].path} {problems[0].problem}"
        more = of_other_kinds(said) if problems[0].path == STANDARD_INPUT else ""
        raise InputError(said + more)
    raise InputError(
        f"no format fits {len(problems):,} of {len(told.files):,} files; the first: "
        f"{problems[0].path} {problems[0].problem}"
    )


def _as_piped_in(told: Told) -> Told:
    """Without the name of the temporary file."""
    (kept,) = (file.path for file in told.files)
    files = [file._replace(path=STANDARD_INPUT) for file in told.files]
    groups = [
        group._replace(
            files=[STANDARD_INPUT],
            examples=[
                example._replace(path=STANDARD_INPUT + example.path.removeprefix(kept))
                for example in group.examples
            ],
        )
        for group in told.groups
    ]
    return told._replace(files=files, groups=groups)


def _named(file: SourceFile, patterns: list[str]) -> str:
    """The path that may name a data set; what is piped in has none."""
    return "" if patterns == [STANDARD_INPUT] else file.path


def _file(file: SourceFile, groups: dict[tuple[str, str], _Gathered], known: Known) -> FileFound:
    found = fit_formats(file)
    best = ranked(list(found.fits.values()), found.main_fields, known).best
    unread = sum(row.reason is not None for row in found.plain.rows)
    seen = found.plain
    if best:
        seen = found.samples[best[0].format]
        unread = sum(row.reason is not None for row in seen.rows)
        key = best[0].format, repr(best[0].settings)
        groups.setdefault(key, _Gathered(key[0], found)).add(found, known)
    return FileFound(
        _near(file.path),
        len(seen.rows),
        seen.seen_rows,
        seen.is_whole,
        unread,
        best[0].format if best else None,
        None if best else why_none(found),
    )


def _group(gathered: _Gathered, known: Known) -> Group:
    fits, best = gathered.ranking(known)
    shown = examples(gathered.first, best[0], EXAMPLES)
    return Group(
        [_near(path) for path in gathered.paths],
        fits,
        tied(gathered.first, best, known),
        _note(gathered.first, best[0]),
        [example._replace(path=_near(example.path)) for example in shown],
    )


def _note(found: Fitted, best: Fit) -> str | None:
    """What a map for a table cannot know."""
    if best.format != TABLE_FORMAT:
        return None
    fields = sorted({name for row in found.plain.rows for name in fields_of(row)})
    near = told_nearest(fields, nearest(found, fields))
    said = f"No format is made for these rows, so the map goes by the names alone: {near}."
    if not {"answer", "chosen", "messages"} & best.settings["map"].keys():
        said += " No column is known for an answer: the rows become prompts without one."
    return said


def _stanza(group: Group, patterns: list[str], files: int) -> Stanza:
    best, others = group.fits[0], [each.format for each in group.tied[1:]]
    notes = [f"{', '.join(others)} would fit equally well."] if others else []
    paths = patterns if len(group.files) == files else _patterns(group.files)
    folders = {os.path.dirname(os.path.abspath(path)) for path in group.files}
    alone = len(group.files) == 1
    name = file_stem(group.files[0]) if alone else Path(os.path.commonpath(folders)).name
    card = group.tied[0].card, group.tied[0].license
    return Stanza(name or best.format, best.format, paths, best.settings, *card, notes)


def _patterns(files: list[str]) -> list[str]:
    """A pattern for a folder of which all files but empty ones are among them, else their names."""
    folders = Counter(os.path.dirname(path) for path in files)
    whole = {
        folder: os.path.join(glob.escape(folder), "*")
        for folder, count in folders.items()
        if count > 1 and all(path in files or not os.path.getsize(path) for path in _listed(folder))
    }
    return sorted({whole.get(os.path.dirname(path), path) for path in files})


def _listed(folder: str) -> list[str]:
    found = glob.glob(os.path.join(glob.escape(folder), "*"))
    return [path for path in found if os.path.isfile(path)]


def _near(path: str) -> str:
    """From here, if it is below."""
    here = os.getcwd()
    return os.path.relpath(path, here) if os.path.commonpath([here, path]) == here else path
