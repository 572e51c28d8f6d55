"""Where every character of a real file went: into prompt, answers and meta, or into quarantine.

`MIXER_DATA=PATH python tests/conservation.py > tests/real_counts.json` counts anew: rows, records
and quarantined rows of each file, no text.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.formats import options_type
from mixer.formats.alpaca import _NO_INPUT, _NO_OUTPUT
from mixer.phases.read import ReadTask, layout_of
from mixer.recipe.model import Source
from mixer.sources.containers import raw_rows
from mixer.sources.files import SourceFile, find_files

DATA = Path(os.environ.get("MIXER_DATA", Path(__file__).parents[2] / "shared" / "data"))
COUNTS = Path(__file__).with_name("real_counts.json")
ROWS_A_FILE = 300
_COLUMNS = ["id", "subset", "family", "prompt", "answers", "meta"]


class Real(NamedTuple):
    """Files of one format, of many only some. `marks`: what a format takes out of the text because
    it says it otherwise, or not at all and counts that as a treatment."""

    format: str
    path: str
    options: dict[str, Any] = {}
    marks: str | None = None
    every: int = 1


# What `alpaca` takes for "no input" and "no output", written in words.
ALPACA_MARKS = rf"^\s*(?:{_NO_INPUT.pattern}|{_NO_OUTPUT.pattern})\s*$"
# `is_classification` as a truth value, and the mark that ends a completion.
YES_AND_END = r"^\s*(?:Yes|No)\s*$|<\|endoftext\|>"
THREE = {"map": {"prompt": ["instruction", "input"], "answer": "response"}}
REAL = (
    Real("alpaca", "alpaca/*.json.gz", marks=ALPACA_MARKS),
    Real("alpaca", "alpaca_zh/**/*.json.gz", marks=ALPACA_MARKS),
    Real("alpaca", "alpaca_cleaned_ext/**/*.gz", marks=ALPACA_MARKS),
    Real("alpaca", "llamafactory_demos/alpaca_*.gz", marks=ALPACA_MARKS),
    Real("alpaca", "bad-input/alpaca_zh/*", marks=ALPACA_MARKS),
    Real("hh_rlhf", "bad-input/hh_rlhf_ko/*", marks=r"Human:|Assistant:"),
    Real("columns", "gpteacher/*/*.gz", THREE),
    Real("columns", "code_alpaca/data/*.gz", {**THREE, "optional": ["answer"]}),
    Real("gpteacher", "gpteacher/*/*.gz", marks=ALPACA_MARKS),
    Real("oasst", "oasst/**/*.jsonl.gz", marks=r"^(?:prompter|assistant)$"),
    Real("kto", "llamafactory_demos/kto_en_demo.json.gz"),
    Real("sharegpt", "llamafactory_demos/dpo_??_demo.json.gz", marks=r"^(?:human|gpt|system)$"),
    Real("hh_rlhf", "hh-rlhf/*/*.gz", marks=r"Human:|Assistant:"),
    Real("shp", "shp/*.json"),
    Real("shp", "steamshp/**/*.gz", marks=r"HUMAN:|ASSISTANT:"),
    Real("self_instruct", "self-instruct/data/*.jsonl.gz"),
    Real("self_instruct", "self-instruct-stages/**/*.json*", marks=YES_AND_END),
    Real("p3", "self-instruct/data/finetuning/**/*.jsonl*", marks=r"<\|endoftext\|>", every=8),
    Real("flan_cot", "flan-cot/*.tsv.gz", marks=r"\\n"),
    Real("super_ni", "super-natural-instructions/tasks/*.gz", every=25),
    Real("gsm8k", "evals/gsm8k/t*.gz"),
    Real("humaneval", "evals/humaneval/*.gz"),
    Real("bbh", "evals/bbh/*.json"),
)


class Read(NamedTuple):
    """One file as it was read; `lost`: the rows whose characters are not all there again, with
    those that are missing."""

    rows: int
    records: int
    quarantined: int
    lost: dict[int, str]

    @property
    def counts(self) -> list[int]:
        return [self.rows, self.records, self.quarantined]


def real_files(real: Real) -> list[SourceFile]:
    return find_files([str(DATA / real.path)], "s")[:: real.every]


def name_of(file: SourceFile) -> str:
    return Path(file.path).relative_to(DATA).as_posix()


def read_file(real: Real, file: SourceFile) -> Read:
    options = msgspec.convert(real.options, options_type(real.format))
    source = Source(format=real.format, path=(file.path,), options=options, unusable="keep")
    with tempfile.TemporaryDirectory() as folder:
        place = f"{folder}/read"
        result = ReadTask(place, "s", source, None, [file], None, False, 50_000).run()
        (facts,) = result.files
        step = max(1, facts.rows // ROWS_A_FILE)
        lost = dict(_lost(real, file, Path(place), step))
    return Read(facts.rows, facts.records, facts.quarantined, lost)


def _lost(real: Real, file: SourceFile, folder: Path, step: int) -> Iterator[tuple[int, str]]:
    kept = _texts_by_row(folder, step)
    quarantined = _quarantined_by_row(folder)
    for raw in raw_rows(file.path, layout_of(real.format)):
        if raw.row in quarantined:
            if quarantined[raw.row] != raw.text().decode(errors="backslashreplace"):
                yield raw.row, "quarantined with other bytes"
        elif raw.row % step == 0:
            upstream = list(_strings(raw.value))
            missing = _characters(upstream) - kept.get(raw.row, Counter())
            marks = re.compile(real.marks, re.IGNORECASE) if real.marks else None
            if marks:
                missing -= _characters([mark for text in upstream for mark in marks.findall(text)])
            if missing:
                yield raw.row, "".join(sorted(missing))


def _texts_by_row(folder: Path, step: int) -> dict[int, Counter[str]]:
    """A row's transcripts begin with one prompt each: that of its record counts for each answer."""
    found: dict[int, Counter[str]] = {}
    for path in sorted(folder.glob("0*.parquet")):
        table = pq.read_table(path, columns=_COLUMNS)
        rows = [_row_of(identity) for identity in table.column("id").to_pylist()]
        chosen = [place for place, row in enumerate(rows) if row % step == 0]
        for record in table.take(pa.array(chosen, pa.int64())).to_pylist():
            row = _row_of(record["id"])
            prompt = list(_strings(record["prompt"])) * max(1, len(record["answers"]))
            rest = [record["answers"], json.loads(record["meta"])]
            rest += [record["subset"], record["family"]]
            found.setdefault(row, Counter()).update(_characters([*prompt, *_strings(rest)]))
    return found


def _quarantined_by_row(folder: Path) -> dict[int, str]:
    rows = pq.read_table(folder / "quarantine.parquet", columns=["id", "raw"]).to_pylist()
    return {_row_of(row["id"]): row["raw"] for row in rows}


def _row_of(identity: str) -> int:
    found = re.fullmatch(r".*?:(\d+)(?::\d+)?", identity, re.DOTALL)
    assert found is not None
    return int(found[1])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_strings, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(_strings, value))


def _characters(texts: list[str]) -> Counter[str]:
    return Counter("".join("".join(texts).split()))


def main() -> None:
    counts = {}
    for real in REAL:
        for file in real_files(real):
            read = read_file(real, file)
            counts[name_of(file)] = read.counts
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {found}" for name, found in counts.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
