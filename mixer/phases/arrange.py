"""Arrange: drawn records → the split, the file and the place in it of every row."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.engines.local import LocalEngine
from mixer.mixture import order
from mixer.mixture.draw import priorities
from mixer.mixture.goals import STAGES, Order
from mixer.mixture.split import TRAIN, Groups, make_groups, split, stages
from mixer.phases.axes import axis, numbers, tokens
from mixer.phases.prompts import families
from mixer.phases.rows import Rows
from mixer.phases.use import CONFIGS
from mixer.recipe.model import Recipe

_SHUFFLE = 3
_SPLIT = 4
# About 32 MB of text at four bytes a token: gathering holds it about five times. The cut depends
# on the drawn rows alone.
_FILE_TOKENS = 8_000_000
_FILE_ROWS = 200_000
# What each stage of InstructGPT is trained on: demonstrations, comparisons, prompts.
_STAGE_CONFIG = dict(zip(STAGES, ("sft", "preference", "prompts"), strict=True))


class OutputFile(msgspec.Struct, frozen=True):
    """One Parquet file of a configuration and split: its place and its rows."""

    config: str
    split: str
    path: str
    rows: int


class Plan(msgspec.Struct, frozen=True):
    """Where each drawn copy goes: for copy i the row, the output file and the place in it. `split`
    is int64 [rows of the build], an index into `splits`, -1 where a record is not drawn."""

    files: list[OutputFile]
    row: np.ndarray
    file: np.ndarray
    place: np.ndarray
    splits: list[str]
    split: np.ndarray
    notes: list[str]

    def split_names(self) -> pa.Array:
        """The split of each record, null where it is not drawn."""
        return pa.array(self.splits, pa.string()).take(pa.array(self.split, mask=self.split < 0))


class _Parts(msgspec.Struct, frozen=True):
    """`configs` bool [rows, 4]; `split` int64 [rows], -1 where a record is not drawn; `files_are`
    what trainers know each split as."""

    configs: np.ndarray
    splits: list[str]
    files_are: list[str]
    split: np.ndarray
    notes: list[str]


def arrange(
    rows: Rows, repeat: np.ndarray, configs: np.ndarray, how: tuple[Recipe, LocalEngine]
) -> Plan:
    """The order of each configuration and split, cut into files."""
    recipe, engine = how
    parts = _parts(rows, repeat, configs, (recipe, engine))
    files: list[OutputFile] = []
    placed: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for config, name, mine in _each_part(parts):
        row = _ordered(rows, np.repeat(mine, repeat[mine]), recipe)
        counts = _cut(row, rows)
        file = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        placed.append((row, file + len(files), place))
        for index, count in enumerate(counts.tolist()):
            path = f"data/{config}/{name}-{index:05d}-of-{len(counts):05d}.parquet"
            files.append(OutputFile(config, name, path, count))
    empty = np.zeros(0, np.int64)
    row, file, place = (np.concatenate([p[i] for p in placed] or [empty]) for i in range(3))
    return Plan(files, row, file, place, parts.splits, parts.split, parts.notes)


def _each_part(parts: _Parts) -> Iterator[tuple[str, str, np.ndarray]]:
    """Configuration, split and its records, for those that have any."""
    for number, config in enumerate(CONFIGS):
        for code in range(len(parts.splits)):
            mine = np.flatnonzero((parts.split == code) & parts.configs[:, number])
            if len(mine):
                yield config, parts.files_are[code], mine


def _parts(
    rows: Rows, repeat: np.ndarray, configs: np.ndarray, how: tuple[Recipe, LocalEngine]
) -> _Parts:
    recipe, engine = how
    drawn = np.flatnonzero(repeat > 0)
    code = np.full(rows.count, -1)
    goals = recipe.mix
    if not goals.split and not goals.stages:
        code[drawn] = 0
        return _Parts(configs, [TRAIN], [TRAIN], code, [])
    stated = goals.split or goals.stages
    shares = {name: float(part) for name, part in stated.items() if name != "group_by"}
    labels = _labels(rows, drawn, str(stated.get("group_by", "prompt")), engine)
    groups = make_groups(labels, repeat[drawn], priorities(rows.keys, recipe.seed, _SPLIT)[drawn])
    if goals.split:
        names, code[drawn] = split(groups, shares)
        return _Parts(configs, names, names, code, [])
    return _staged(groups, shares, drawn, configs)


def _staged(
    groups: Groups, shares: dict[str, float], drawn: np.ndarray, configs: np.ndarray
) -> _Parts:
    """Each stage is a configuration of its own; only the prompt of a policy record is used."""
    column = [CONFIGS.index(_STAGE_CONFIG[stage]) for stage in STAGES]
    serves = configs[drawn][:, column]
    serves[:, STAGES.index("policy")] = True
    stage, notes = stages(groups, serves, shares)
    chosen = np.zeros_like(configs)
    chosen[drawn, np.array(column)[stage]] = True
    code = np.full(len(configs), -1)
    code[drawn] = stage
    return _Parts(chosen, list(STAGES), [TRAIN] * len(STAGES), code, notes)


def _labels(rows: Rows, drawn: np.ndarray, group_by: str, engine: LocalEngine) -> np.ndarray:
    """What belongs together, one number a drawn record."""
    if group_by == "prompt":
        return families(rows, drawn, engine)
    if group_by == "id":
        return np.arange(len(drawn))
    column = rows.column(group_by).take(pa.array(drawn))
    encoded = column.dictionary_encode().indices.cast(pa.int64())
    # A record without a value is a group of its own.
    return np.asarray(pc.coalesce(encoded, pa.array(-1 - np.arange(len(drawn)))))


def _ordered(rows: Rows, row: np.ndarray, recipe: Recipe) -> np.ndarray:
    """The rows of one configuration and split, copies included, in the order they are written."""
    row = row[_shuffled(row, rows.keys, recipe.seed)]
    return np.asarray(row[_places(rows, row, recipe)])


def _places(rows: Rows, row: np.ndarray, recipe: Recipe) -> np.ndarray:
    """The order of shuffled rows that the recipe wants."""
    wanted = recipe.mix.order
    if not isinstance(wanted, Order):
        return np.arange(len(row))
    if wanted.interleave is not None:
        columns = (wanted.interleave,) if isinstance(wanted.interleave, str) else wanted.interleave
        codes = [axis(rows, recipe, column).codes[row] for column in columns]
        return order.interleaved(_combined(codes))
    if wanted.stages is not None:
        return order.by_stage(_stage_numbers(rows, recipe, wanted.stages)[row])
    column = wanted.ascending or wanted.descending or ""
    return order.by_number(numbers(rows, column)[row], descending=wanted.ascending is None)


def _stage_numbers(
    rows: Rows, recipe: Recipe, wanted: tuple[dict[str, str | tuple[str, ...]], ...]
) -> np.ndarray:
    """The first stage that takes each row; rows that none takes come last."""
    result = np.full(rows.count, len(wanted))
    for number in range(len(wanted) - 1, -1, -1):
        fits = np.ones(rows.count, bool)
        for column, values in wanted[number].items():
            found = axis(rows, recipe, column)
            taken = (values,) if isinstance(values, str) else values
            fits &= np.isin(found.codes, [i for i, n in enumerate(found.names) if n in taken])
        result[fits] = number
    return result


def _combined(codes: list[np.ndarray]) -> np.ndarray:
    """One code for each combination, in the order of the columns' names."""
    return np.asarray(np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)[1]).ravel()


def _shuffled(row: np.ndarray, keys: np.ndarray, seed: int) -> np.ndarray:
    """An order by seeded hash; the copies of a record get hashes of their own."""
    starts = np.ones(len(row), bool)
    starts[1:] = row[1:] != row[:-1]
    position = np.arange(len(row))
    copy = position - np.maximum.accumulate(np.where(starts, position, 0))
    salted = keys[row]
    salted[:, 1] ^= copy.astype(np.uint64)
    return np.lexsort((row, priorities(salted, seed, _SHUFFLE)))


def _cut(row: np.ndarray, rows: Rows) -> np.ndarray:
    """Rows of each file: as even as can be, none too large to gather in memory."""
    counted = int(tokens(rows)[row].sum())
    files = max(1, -(-counted // _FILE_TOKENS), -(-len(row) // _FILE_ROWS))
    return np.diff(np.linspace(0, len(row), files + 1).astype(np.int64))
