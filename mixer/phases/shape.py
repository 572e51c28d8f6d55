"""Records in Arrow → the columns that trainers read, without a Python object per row.

sft: `messages`. preference: `prompt`, `chosen`, `rejected` (best and last answer), each a list of
messages, and their scores where there are any. prompts: `prompt`. All: the metadata columns.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mixer.arrays import ranges

_TEXT = ("prompt", "answers", "place")


def shaped(table: pa.Table, config: str) -> pa.Table:
    """`table` has `prompt`, `answers`, the metadata columns and `place`, in the final order."""
    prompt = _array(table, "prompt")
    answers = _array(table, "answers")
    if config == "sft":
        columns = {"messages": concatenated(prompt, _answer(answers, last=False)[0])}
    elif config == "preference":
        columns = _preference(prompt, answers)
    else:
        columns = {"prompt": prompt}
    for name in table.schema.names:
        if name not in _TEXT:
            columns[name] = _array(table, name)
    return pa.table(columns)


def _preference(prompt: pa.ListArray, answers: pa.ListArray) -> dict[str, pa.Array]:
    chosen, chosen_score = _answer(answers, last=False)
    rejected, rejected_score = _answer(answers, last=True)
    columns = {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    if chosen_score.null_count < len(chosen_score):
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
