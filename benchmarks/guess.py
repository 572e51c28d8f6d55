"""Runs `mixer guess` over real files whose format is known by their folder: how often it is right,
by the rows alone and with the help of the path, and how long a file takes.

    python benchmarks/guess.py --data PATH [--wrong]

PATH (or MIXER_DATA) is laid out as the upstream repositories are. A file may have no format: then
the right answer is none, or a map for `columns` where its columns have names that say enough.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from mixer import formats
from mixer.phases.fit_formats import fit_formats
from mixer.phases.tell_apart import known_of
from mixer.report.fits import Known, ranked
from mixer.report.tables import print_table
from mixer.sources.files import find_files

NONE = "none"
# The first pattern that a file's path below PATH matches counts; of several formats each is right,
# those that are not known here count as none.
EXPECTED = (
    ("hh-rlhf/*", "hh_rlhf"),
    ("steamshp/*", "shp"),
    ("shp/*", "shp"),
    ("self-instruct/data/finetuning/*", "p3"),
    ("self-instruct/human_eval/predictions/*", "columns"),
    ("self-instruct/*", "self_instruct"),
    ("self-instruct-stages/*", "self_instruct"),
    ("flan-cot/*.tsv.gz", "flan_cot"),
    ("flan-cot/*", NONE),
    ("super-natural-instructions/tasks/*", "super_ni"),
    ("alpaca/*", "alpaca"),
    ("alpaca_zh/*", "alpaca"),
    ("alpaca_cleaned_ext/*", "alpaca"),
    ("code_alpaca/data/*", "alpaca"),
    ("code_alpaca/seed_tasks.jsonl", "self_instruct"),
    ("gpteacher/*/*.json.gz", "gpteacher"),
    ("gpteacher/*/*.yaml.gz", "gpteacher none"),
    ("gpteacher/*.jsonl", "self_instruct"),
    ("oasst/*_text.jsonl", NONE),
    ("oasst/*", "oasst"),
    ("constitutional/evals/*", "constitutional"),
    ("constitutional/samples/*", "constitutional"),
    ("constitutional/*", "constitutional prompt_only none"),
    ("llamafactory_demos/*alpaca*", "alpaca"),
    ("llamafactory_demos/identity.json", "alpaca"),
    ("llamafactory_demos/dpo_*", "sharegpt"),
    ("llamafactory_demos/glaive*", "sharegpt"),
    ("llamafactory_demos/kto*", "columns kto"),
    ("llamafactory_demos/v1_dpo*", "columns preference"),
    ("llamafactory_demos/c4*", "columns"),
    ("llamafactory_demos/*.jsonl*", "messages"),
    ("evals/bbh/*", "bbh"),
    ("evals/gsm8k/example*", "columns"),
    ("evals/gsm8k/*", "gsm8k"),
    ("evals/humaneval/example_samples*", NONE),
    ("evals/humaneval/*", "humaneval"),
    ("*", NONE),
)


class Answer(NamedTuple):
    """The first format by the rows alone, all that are equally good, and the first with the path;
    `expected` are those that are right."""

    label: str
    first: str
    tied: list[str]
    with_path: str
    expected: list[str]
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"), required=False)
    parser.add_argument("--wrong", action="store_true", help="name the files that are wrong")
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("name the folder with --data, or set MIXER_DATA")
    answers = _answers(Path(arguments.data))
    _print(answers)
    if arguments.wrong:
        for each in (each for found in answers.values() for each in found):
            if each.with_path not in each.expected:
                print(f"{each.label}: {each.with_path}, not {' or '.join(each.expected)}")


def _answers(data: Path) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = defaultdict(list)
    for file in find_files([str(data)], "guess"):
        label = str(Path(file.path).relative_to(data.resolve()))
        pattern, formats_named = next(each for each in EXPECTED if fnmatch(label, each[0]))
        known = [name for name in formats_named.split() if name in formats.names()]
        begun = time.perf_counter()
        fitted = fit_formats(file)
        fits = list(fitted.fits.values())
        cards = known_of("").with_card
        alone = ranked(fits, fitted.main_fields, Known(frozenset(), cards)).best
        helped = ranked(fits, fitted.main_fields, known_of(label)).best
        seconds = time.perf_counter() - begun
        names = [fit.format for fit in alone] or [NONE]
        with_path = helped[0].format if helped else NONE
        right = known or [NONE]
        if NONE in formats_named.split():
            right = [*known, NONE]
        if not file.size_bytes:
            pattern, right = "empty files", [NONE]
        found[pattern].append(Answer(label, names[0], names, with_path, right, seconds))
    return found


def _print(answers: dict[str, list[Answer]]) -> None:
    rows = []
    for pattern, found in [
        *answers.items(),
        ("all", [a for each in answers.values() for a in each]),
    ]:
        rows.append(
            [
                pattern,
                " or ".join(found[0].expected) if pattern != "all" else "",
                f"{len(found):,}",
                f"{sum(each.tied in [[right] for right in each.expected] for each in found):,}",
                f"{sum(bool({*each.tied} & {*each.expected}) for each in found):,}",
                f"{sum(each.first in each.expected for each in found):,}",
                f"{sum(each.with_path in each.expected for each in found):,}",
                f"{sum(each.seconds for each in found) / len(found):.3f}",
            ]
        )
    header = ["files", "known format", "files", "alone", "best or tied", "first", "first with path"]
    print_table([*header, "seconds a file"], rows, "right answers of `mixer guess`")


if __name__ == "__main__":
    main()
