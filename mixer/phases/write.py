"""Write: the drawn records → shuffled Parquet files of each configuration.

Two passes, so that no process ever holds the text of all rows. `scatter` cuts a shard of records
into one row group for each output file, `gather` collects an output file's row groups, sorts them
by their place in the shuffled order and shapes the columns that trainers read.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.licenses.verdict import uses
from mixer.phases.arrange import OutputFile, Plan
from mixer.phases.rows import Rows
from mixer.phases.shape import has_scores, shaped
from mixer.phases.tool_columns import has_tools, with_tool_columns
from mixer.storage import whole_file

METADATA = (
    "id",
    "source",
    "subset",
    "component",
    "form",
    "task_type",
    "task_type_by",
    "task_type_confidence",
    "form_confidence",
    "language",
    "prompt_language",
    "answer_language",
    "license",
    "license_use",
    "prompt_tokens",
    "answer_tokens",
    "fingerprint",
)


class Piece(msgspec.Struct, frozen=True):
    """A row group of rows for one output file."""

    file: int
    row_group: int
    tools: bool
    scores: bool


class ScatterTask(msgspec.Struct, frozen=True):
    """Rows of one shard (`row`, local) for `file` at `place`, sorted by file and place."""

    shard: str
    sidecars: dict[str, str]
    columns: list[str]
    row: np.ndarray
    file: np.ndarray
    place: np.ndarray
    path: str

    def run(self) -> list[Piece]:
        """Writes one row group for each output file."""
        table = _table(self.shard, self.columns, self.sidecars)
        pieces: list[Piece] = []
        with whole_file(Path(self.path)) as temporary:
            schema = with_tool_columns(table.slice(0, 0)).schema
            schema = schema.append(pa.field("place", pa.int64()))
            with pq.ParquetWriter(temporary, schema, compression="lz4") as writer:
                for file in np.unique(self.file):
                    mine = self.file == file
                    part = with_tool_columns(table.take(pa.array(self.row[mine])))
                    part = part.append_column("place", pa.array(self.place[mine]))
                    writer.write_table(part, row_group_size=max(1, part.num_rows))
                    has = (has_tools(part), has_scores(part))
                    pieces.append(Piece(int(file), len(pieces), *has))
        return pieces


class GatherTask(msgspec.Struct, frozen=True):
    """The row groups of one output file, sorted, shaped and written to `path`; `tools` and
    `scores`: whether its configuration has some."""

    output: OutputFile
    groups: list[tuple[str, int]]
    tools: bool
    scores: bool
    path: str

    def run(self) -> str:
        parts = []
        for path, group in self.groups:
            with pq.ParquetFile(path) as file:
                parts.append(file.read_row_group(group))
        table = pa.concat_tables(parts)
        table = table.take(pa.array(np.argsort(np.asarray(table.column("place")))))
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        batch = shaped(table.combine_chunks(), self.output.config, self.tools, self.scores)
        write_rows(batch, self.path)
        return self.output.path


def write_rows(table: pa.Table, path: str) -> None:
    """A data file of a mixture."""
    pq.write_table(table, path, compression="zstd", row_group_size=20_000)


def scatter_tasks(rows: Rows, planned: Plan, work: Path) -> list[ScatterTask]:
    """One task for each shard that gives rows."""
    order = np.lexsort((planned.place, planned.file, planned.row))
    shard_of = np.searchsorted(rows.starts, planned.row[order], side="right") - 1
    columns = ["prompt", "answers", "meta"]
    columns += [name for name in METADATA if name not in rows.sidecars]
    tasks = []
    for number in np.unique(shard_of).tolist():
        mine = order[shard_of == number]
        mine = mine[np.lexsort((planned.place[mine], planned.file[mine]))]
        sidecars = {name: paths[number] for name, paths in rows.sidecars.items()}
        tasks.append(
            ScatterTask(
                shard=rows.shards[number].path,
                sidecars={name: path for name, path in sidecars.items() if name in METADATA},
                columns=[name for name in columns if name in _RECORD_COLUMNS],
                row=planned.row[mine] - rows.starts[number],
                file=planned.file[mine],
                place=planned.place[mine],
                path=str(work / "scatter" / f"{number:06d}.parquet"),
            )
        )
    return tasks


def gather_tasks(
    planned: Plan, scattered: list[tuple[str, list[Piece]]], folder: Path
) -> list[GatherTask]:
    """One task for each output file, its row groups in the order of the shards. All files of a
    configuration have the same columns."""
    groups: list[list[tuple[str, int]]] = [[] for _ in planned.files]
    with_tools: set[str] = set()
    with_scores: set[str] = set()
    for path, pieces in scattered:
        for piece in pieces:
            groups[piece.file].append((path, piece.row_group))
            if piece.tools:
                with_tools.add(planned.files[piece.file].config)
            if piece.scores:
                with_scores.add(planned.files[piece.file].config)
    return [
        GatherTask(
            output=output,
            groups=groups[number],
            tools=output.config in with_tools,
            scores=output.config in with_scores,
            path=str(folder / output.path),
        )
        for number, output in enumerate(planned.files)
    ]


_RECORD_COLUMNS = frozenset(
    {"id", "source", "subset", "prompt", "answers", "meta", "license", "fingerprint"}
)


def _table(shard: str, columns: list[str], sidecars: dict[str, str]) -> pa.Table:
    table = pq.read_table(shard, columns=columns, partitioning=None)
    for name, path in sidecars.items():
        column = pq.read_table(path, columns=[name], partitioning=None).column(name)
        table = table.append_column(name, column)
    if "license" in columns:
        table = table.append_column("license_use", uses(table.column("license").combine_chunks()))
    named = [name for name in METADATA if name in table.column_names]
    return table.select(["prompt", "answers", "meta", *named])
