"""What prompts say, as numbers: n-gram sketches for a diverse draw, families for splits.

A prompt is judged by what was said to the assistant, without the template that the source repeats
over the rows of a task. Text is read shard by shard and never kept.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mixer.conversation import message_lists
from mixer.engines.local import LocalEngine
from mixer.fingerprint import text_key
from mixer.mixture.diverse import EMPTY, SKETCH
from mixer.phases.rows import Rows
from mixer.tool_calls import MACHINE_ROLES

_BATCH_ROWS = 4096
_SKETCH_WORDS = 2
# What the assistant wrote, and what its tools did.
_NOT_ASKED = ("assistant", *MACHINE_ROLES)
# Share of the words that two prompts have in common, from which on they are one family.
SIMILARITY = 0.8
# Prompts of fewer words are one family only if they say the same.
WHOLE_BELOW = 5


class PromptTask(msgspec.Struct, frozen=True):
    """Some rows (`row`, int64, local, sorted) of one shard."""

    shard: str
    row: np.ndarray


class SketchTask(PromptTask, frozen=True):
    def run(self) -> np.ndarray:
        """uint32 [rows, SKETCH]: the smallest bigram hashes of each prompt."""
        from mixer.similarity.shingles import shingles

        values, offsets = shingles(_texts(_prompts(self)), words=_SKETCH_WORDS)
        place = np.arange(len(values)) - np.repeat(offsets[:-1], np.diff(offsets))
        row = np.repeat(np.arange(len(self.row)), np.diff(offsets))
        result = np.full((len(self.row), SKETCH), EMPTY, np.uint32)
        inside = place < SKETCH
        result[row[inside], place[inside]] = values[inside]
        return result


class OpeningTask(PromptTask, frozen=True):
    def run(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The words of each prompt as shingles (values, offsets), and uint64 [rows], a key of
        how its conversation opens."""
        from mixer.similarity.shingles import shingles

        prompts = _prompts(self)
        values, offsets = shingles(_texts(prompts), words=1, whole_below=WHOLE_BELOW)
        openings = np.array([text_key(_opening(turns)) for turns, _ in prompts], np.uint64)
        return values, offsets, openings


def sketches(rows: Rows, members: np.ndarray, engine: LocalEngine) -> np.ndarray:
    """uint32 [members, SKETCH] for rows by number, sorted."""
    tasks = [SketchTask(shard, row) for shard, row in _by_shard(rows, members)]
    parts = engine.map(tasks)
    return np.concatenate(parts) if parts else np.zeros((0, SKETCH), np.uint32)


def families(rows: Rows, members: np.ndarray, engine: LocalEngine) -> np.ndarray:
    """int64 [members]: one number for prompts that are near-duplicates of one another, that open
    the same conversation, or that their source says belong together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from mixer.similarity.families import families as near_families
    from mixer.similarity.shingles import Shingles

    tasks = [OpeningTask(shard, row) for shard, row in _by_shard(rows, members)]
    parts = engine.map(tasks)
    if not parts:
        return np.zeros(0, np.int64)
    lengths = np.concatenate([np.diff(offsets) for _, offsets, _ in parts])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    shingled = Shingles(np.concatenate([values for values, _, _ in parts]), offsets)
    linked = [
        near_families(shingled, SIMILARITY),
        _first_equal(np.concatenate([openings for _, _, openings in parts])),
        _first_equal(_source_families(rows, members)),
    ]
    row = np.tile(np.arange(len(members)), len(linked))
    edges = coo_array((np.ones(len(row), bool), (row, np.concatenate(linked))))
    edges.resize((len(members), len(members)))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


def _source_families(rows: Rows, members: np.ndarray) -> np.ndarray:
    """Codes of (source, family); rows without a family are each their own."""
    families_of = rows.column("family").take(pa.array(members))
    known = np.asarray(families_of.is_valid())
    joined = [
        f"{source}\0{family}"
        for source, family in zip(
            rows.column("source").take(pa.array(members)).filter(pa.array(known)).to_pylist(),
            families_of.filter(pa.array(known)).to_pylist(),
            strict=True,
        )
    ]
    codes = -1 - np.arange(len(members))
    codes[known] = np.asarray(pa.array(joined, pa.string()).dictionary_encode().indices)
    return np.asarray(codes)


def _first_equal(keys: np.ndarray) -> np.ndarray:
    """int64: the index of the first equal key."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])


def _by_shard(rows: Rows, members: np.ndarray) -> list[tuple[str, np.ndarray]]:
    shard = np.searchsorted(rows.starts, members, side="right") - 1
    return [
        (rows.shards[number].path, members[shard == number] - rows.starts[number])
        for number in np.unique(shard).tolist()
    ]


Turns = list[tuple[str, str]]


def _texts(prompts: list[tuple[Turns, str | None]]) -> pa.Array:
    """What was said to the assistant, template left out; the template itself if nothing else is."""
    texts = []
    for turns, template in prompts:
        said = "\n".join(content for role, content in turns if role not in _NOT_ASKED)
        own = said.replace(template, " ", 1) if template else said
        texts.append(own if own.strip() else said)
    return pa.array(texts, pa.large_string())


def _opening(turns: Turns) -> str:
    """The first thing a user says, template included."""
    return next((content for role, content in turns if role == "user"), "")


def _prompts(task: PromptTask) -> list[tuple[Turns, str | None]]:
    found: list[tuple[Turns, str | None]] = []
    start = 0
    with pq.ParquetFile(task.shard) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=["prompt", "template"]):
            first, last = np.searchsorted(task.row, [start, start + batch.num_rows])
            chosen = batch.take(pa.array(task.row[first:last] - start))
            start += batch.num_rows
            turns = message_lists(chosen.column("prompt"))
            found += zip(turns, chosen.column("template").to_pylist(), strict=True)
    return found
