"""Messages of a mixture that call tools, as trainers read them → as records hold them: each call a
message of its own (mixer/phases/tool_columns.py is the way there)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mixer.arrays import ranges
from mixer.schema import MESSAGES
from mixer.tool_calls import calls_of


def unfolded(chats: pa.ListArray) -> pa.ListArray:
    """Lists of {role, content}, whether or not the messages of `chats` may call tools."""
    items = chats.values
    if items.type.get_field_index("tool_calls") < 0:
        return chats
    role, content, written = (items.field(name) for name in ("role", "content", "tool_calls"))
    calls = [calls_of(text) if text else [] for text in written.to_pylist()]
    made = pa.array([call._asdict() for each in calls for call in each], MESSAGES.value_type)
    plain = pa.StructArray.from_arrays([role, content], names=["role", "content"])
    values = pa.concat_arrays([plain, made])
    counts = np.array([len(each) for each in calls], np.int64)
    own = (np.asarray(content.is_valid()) | (counts == 0)).astype(np.int64)
    first_call = len(items) + np.cumsum(counts) - counts
    starts = np.stack([np.arange(len(items)), first_call], axis=1).ravel()
    taken = ranges(starts, np.stack([own, counts], axis=1).ravel())
    ends = np.concatenate([[0], np.cumsum(own + counts)])[np.asarray(chats.offsets)]
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), values.take(pa.array(taken)))
