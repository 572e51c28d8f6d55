"""What `mixer inspect` looks at: a frame to count, one line a record, metadata only, never text;
and the rows with the least certain labels, if they are wanted."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.ablation.design import Ablate
from mixer.engines.local import LocalEngine
from mixer.errors import InputError
from mixer.export.parquet import split_of
from mixer.mixture.goals import Goals
from mixer.phases import annotate
from mixer.phases.read import nothing_read
from mixer.phases.read_tasks import read_tasks
from mixer.phases.rows import CURRENT, Rows
from mixer.phases.summary import record_frame
from mixer.phases.unsure import unsure_in_mixture, unsure_in_rows
from mixer.phases.write import METADATA
from mixer.recipe.load import default_steps
from mixer.recipe.model import Recipe, Source, Step
from mixer.report.statistics import CONFIDENCES, LENGTHS
from mixer.report.unsure import Unsure

_COLUMNS = [name for name in METADATA if name not in ("id", "fingerprint")]


class Inspected(NamedTuple):
    """`unsure` are as many rows as were asked for, least certain first."""

    frame: pd.DataFrame
    unsure: list[Unsure]


def inspect_mixture(folder: Path, unsure: int) -> Inspected:
    """The rows of a built mixture, all configurations; `config` and `split` tell them apart."""
    return Inspected(_mixture_frame(folder), unsure_in_mixture(folder, unsure) if unsure else [])


def _mixture_frame(folder: Path) -> pd.DataFrame:
    tables = []
    for path in sorted((folder / "data").glob("*/*.parquet")):
        with pq.ParquetFile(path) as file:
            present = [name for name in _COLUMNS if name in file.schema_arrow.names]
            table = file.read(columns=present)
        config = pa.array([path.parent.name] * table.num_rows)
        split = pa.array([split_of(path)] * table.num_rows)
        tables.append(table.append_column("config", config).append_column("split", split))
    if not tables:
        raise InputError(f"{folder} holds no data/*/*.parquet: is it a mixture?")
    frame = pa.concat_tables(tables, promote_options="default").to_pandas(
        strings_to_categorical=True
    )
    return _counted(frame)


def inspect_work(folder: Path, unsure: int) -> Inspected:
    """The records that the last build in a working folder kept after reading and screening."""
    rows = Rows.load(folder / CURRENT)
    if rows is None:
        raise InputError(f"{folder} holds no annotated records: has a build used it?")
    return _inspected(rows, _recipe({}, ()), unsure)


def inspect_files(
    path: str, format: str, engine: LocalEngine, language: bool, unsure: int
) -> Inspected:
    """The records of data files, read and annotated in a temporary folder."""
    source = Source(format=format, path=(path,), options=_default_options(format))
    recipe = _recipe({Path(path).name: source}, default_steps(language))
    licenses = dict.fromkeys(recipe.sources, "unknown")
    with TemporaryDirectory(prefix="mixer-inspect-") as temporary:
        work = Path(temporary)
        tasks = read_tasks(recipe, licenses, work, 50_000)
        results = engine.map(tasks)
        shards = [s for t, r in zip(tasks, results, strict=True) for s in t.shards(r)]
        rows = Rows(shards)
        todo = annotate.annotate_tasks(rows, recipe, work)
        engine.map(todo)
        annotate.finish(rows, todo)
        if not rows.kept.any():
            raise InputError(f"{path}: {nothing_read(results)}")
        return _inspected(rows, recipe, unsure)


def _inspected(rows: Rows, recipe: Recipe, unsure: int) -> Inspected:
    return Inspected(_kept_frame(rows, recipe), unsure_in_rows(rows, unsure) if unsure else [])


def _kept_frame(rows: Rows, recipe: Recipe) -> pd.DataFrame:
    lengths = [name for name in LENGTHS if rows.has(name)]
    own = (*lengths, *CONFIDENCES.values())
    columns = [name for name in _COLUMNS if rows.has(name) and name not in own]
    columns = ["source", "subset", "license", *columns]
    frame = record_frame(rows, recipe, rows.kept.astype(np.int64), columns)
    for name in lengths:
        frame[name] = np.asarray(rows.column(name).take(np.flatnonzero(rows.kept)))
    return frame


def _recipe(sources: dict[str, Source], annotate: tuple[Step, ...]) -> Recipe:
    """One that only reads and annotates."""
    return Recipe(
        name="inspect",
        seed=0,
        on_bad_row="quarantine",
        sources=sources,
        annotate=annotate,
        screen=(),
        dedup=(),
        mix=Goals(),
        ablate=Ablate(),
        export=(),
        text="",
    )


def _default_options(format: str) -> object:
    from mixer.formats import options_type

    return options_type(format)()


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    frame["rows"] = 1
    present = [name for name in ("prompt_tokens", "answer_tokens") if name in frame.columns]
    for name in present:
        frame[name] = frame[name].fillna(0).astype("int64")
    frame["tokens"] = frame[present].sum(axis=1).astype("int64") if present else 0
    return frame
