"""Messages of a mixture that call tools, as trainers read them → as records hold them: each call a
message of its own (mixer/phases/tool_columns.py is the way there)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.arrays import ranges
from mixer.schema import MESSAGES
from mixer.tool_calls import written_call


def unfolded(chats: pa.ListArray) -> pa.ListArray:
    """Lists of {role, content}, whether or not the messages of `chats` may call tools."""
    items = chats.values
    if items.type.get_field_index("tool_calls") < 0:
        return chats
    role, content, lists = (items.field(name) for name in ("role", "content", "tool_calls"))
    calls = [
        written_call(call["function"]["name"], call["function"]["arguments"], call["id"])
        for held in lists.to_pylist()
        for call in held or ()
    ]
    made = pa.array([call._asdict() for call in calls], MESSAGES.value_type)
    plain = pa.StructArray.from_arrays([role, content], names=["role", "content"])
    values = pa.concat_arrays([plain, made])
    counts = np.asarray(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64)
    own = (np.asarray(content.is_valid()) | (counts == 0)).astype(np.int64)
    first_call = len(items) + np.cumsum(counts) - counts
    starts = np.stack([np.arange(len(items)), first_call], axis=1).ravel()
    taken = ranges(starts, np.stack([own, counts], axis=1).ravel())
    ends = np.concatenate([[0], np.cumsum(own + counts)])[np.asarray(chats.offsets)]
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), values.take(pa.array(taken)))
