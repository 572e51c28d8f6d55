"""Records in Arrow → the columns that trainers read, without a Python object per row.

sft: `messages`. preference: `prompt`, `chosen`, `rejected` (best and last answer), each a list of
messages, and their scores where the configuration has any. prompts: `prompt`. unpaired: `prompt`,
`completion` and `label`, as TRL's KTO reads them. All: the metadata columns, and where the
configuration has tools, `tools` and messages with calls.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.arrays import ranges
from mixer.phases.tool_columns import TOOLS, TURN_FIELDS, folded

_TEXT = ("prompt", "answers", "place", TOOLS, TURN_FIELDS)


def shaped(table: pa.Table, config: str, tools: bool = False, scores: bool = False) -> pa.Table:
    """`table` has `prompt`, `answers`, the metadata columns and `place`, in the final order; with
    `tools` those of `with_tool_columns` too. `tools` and `scores` are facts of the configuration,
    so that all of its files have the same columns."""
    prompt = _array(table, "prompt")
    answers = _array(table, "answers")
    if config == "sft":
        columns = {"messages": concatenated(prompt, _answer(answers, last=False)[0])}
    elif config == "preference":
        columns = _preference(prompt, answers, scores)
    elif config == "unpaired":
        completion, score = _answer(answers, last=False)
        columns = {"prompt": prompt, "completion": completion, "label": pc.equal(score, 1.0)}
    else:
        columns = {"prompt": prompt}
    if tools:
        links = _array(table, TURN_FIELDS)
        for name, first in _firsts(prompt, answers).items():
            if name in columns:
                columns[name] = folded(columns[name], first, links)
        columns[TOOLS] = _array(table, TOOLS)
    for name in table.schema.names:
        if name not in _TEXT:
            columns[name] = _array(table, name)
    return pa.table(columns)


def _firsts(prompt: pa.ListArray, answers: pa.ListArray) -> dict[str, np.ndarray]:
    """By column of messages int64 [rows]: the place of its first one among those of the record."""
    asked = _spans(prompt, 0)[1]
    message_ends = np.asarray(answers.values.field("messages").offsets).astype(np.int64)
    starts, counts = _spans(answers, 0)
    last = np.maximum(starts, starts + counts - 1)
    before = message_ends[last] - message_ends[starts]
    start = np.zeros(len(asked), np.int64)
    answered = {"completion": asked, "chosen": asked, "rejected": asked + before}
    return {"messages": start, "prompt": start, **answered}


def has_scores(table: pa.Table) -> bool:
    """Whether an answer has a score."""
    scores = pc.struct_field(pc.list_flatten(table.column("answers")), "score")
    return int(scores.null_count) < len(scores)


def _preference(prompt: pa.ListArray, answers: pa.ListArray, scores: bool) -> dict[str, pa.Array]:
    chosen, chosen_score = _answer(answers, last=False)
    rejected, rejected_score = _answer(answers, last=True)
    columns = {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    if scores:
        columns |= {"score_chosen": chosen_score, "score_rejected": rejected_score}
    return columns


def _answer(answers: pa.ListArray, last: bool) -> tuple[pa.ListArray, pa.Array]:
    """Messages and score of the first or last answer of each row."""
    offsets = np.asarray(answers.offsets)
    index = pa.array(offsets[1:] - 1 if last else offsets[:-1])
    items = answers.values
    return items.field("messages").take(index), items.field("score").take(index)


def concatenated(first: pa.ListArray, second: pa.ListArray) -> pa.ListArray:
    """Row by row the items of `first`, then those of `second`."""
    starts, lengths = _spans(first, 0)
    more_starts, more_lengths = _spans(second, len(first.values))
    spans = np.stack([starts, more_starts], axis=1).ravel()
    counts = np.stack([lengths, more_lengths], axis=1).ravel()
    taken = pa.array(ranges(spans, counts))
    values = pa.concat_arrays([first.values, second.values]).take(taken)
    offsets = np.concatenate([[0], np.cumsum(lengths + more_lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _spans(lists: pa.ListArray, base: int) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.asarray(lists.offsets).astype(np.int64)
    return offsets[:-1] + base, np.diff(offsets)


def _array(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
