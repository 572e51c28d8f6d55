"""Calls of tools → the columns that trainers read, as TRL and the chat templates have them.

    {"role": "assistant", "content": null, "tool_calls": [
        {"type": "function", "function": {"name": "tide", "arguments": {"harbour": "Aber"}}}], …}
    {"role": "tool", "content": "14:20", "name": "tide", "tool_call_id": null, …}

Calls in a row, and the text of the assistant before them, are one turn. `tool_calls` is of Arrow's
type for JSON, so that calls with other arguments do not fill each other's with nulls; `datasets`
reads it as the list that it is. (A list of JSON would do as well, but Arrow cannot flatten a list
of JSON whose rows are all null.) `tools` is JSON text. All this stands only in configurations where
a row has calls, results or definitions of tools; others have plain roles and contents.
"""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mixer.tool_calls import MACHINE_ROLES, ROLE, ToolCall, parsed_call

# Columns made of `meta` for the way from the records to the output files.
TOOLS, TURN_FIELDS = "tools", "turn_fields"
_LINKS = ("tool_call_id", "name")

MESSAGE = pa.struct(
    [
        ("role", pa.string()),
        ("content", pa.string()),
        ("tool_calls", pa.json_()),
        ("tool_call_id", pa.string()),
        ("name", pa.string()),
    ]
)


class _Meta(msgspec.Struct):
    """What the columns need of `meta`; an upstream row may have other fields of these names."""

    tools: Any = None
    turn_fields: Any = None


def with_tool_columns(table: pa.Table) -> pa.Table:
    """`meta` makes room for the columns `tools` and `turn_fields`, JSON texts or null."""
    meta = table.column("meta")
    named = pc.or_(
        pc.match_substring(meta, f'"{TOOLS}":'), pc.match_substring(meta, f'"{TURN_FIELDS}":')
    )
    tools: list[str | None] = [None] * len(meta)
    fields: list[str | None] = [None] * len(meta)
    decode = msgspec.json.Decoder(_Meta).decode
    for row in np.flatnonzero(np.asarray(named.fill_null(False))).tolist():
        held = decode(meta[row].as_py())
        tools[row] = _definitions(held.tools)
        fields[row] = _links(held.turn_fields)
    table = table.drop_columns(["meta"])
    table = table.append_column(TOOLS, pa.array(tools, pa.string()))
    return table.append_column(TURN_FIELDS, pa.array(fields, pa.string()))


def has_tools(table: pa.Table) -> bool:
    """Whether a row of `prompt`, `answers` and `tools` needs the columns of tools."""
    if table.column(TOOLS).null_count < table.num_rows:
        return True
    prompts = pc.list_flatten(table.column("prompt"))
    answers = pc.list_flatten(table.column("answers"))
    answered = pc.list_flatten(pc.struct_field(answers, "messages"))
    roles = (pc.struct_field(messages, "role") for messages in (prompts, answered))
    machines = pa.array(MACHINE_ROLES)
    return any(pc.any(pc.is_in(each, machines)).as_py() for each in roles)


def _definitions(tools: Any) -> str | None:
    """A list of functions as JSON, each as {"type": "function", "function": …}; None where there
    are none, or it is something else that upstream calls `tools`."""
    if isinstance(tools, str):
        try:
            tools = msgspec.json.decode(tools)
        except (msgspec.DecodeError, RecursionError):
            return None
    if not isinstance(tools, list) or not tools or not all(map(_is_definition, tools)):
        return None
    plain = [tool if "function" in tool else {"function": tool} for tool in tools]
    return json.dumps([{"type": "function", **tool} for tool in plain], ensure_ascii=False)


def _is_definition(tool: Any) -> bool:
    if not isinstance(tool, dict):
        return False
    function = tool.get("function", tool)
    return isinstance(function, dict) and isinstance(function.get("name"), str)


def _links(turn_fields: Any) -> str | None:
    """Of the further fields of turns those that tie results to calls."""
    if not isinstance(turn_fields, dict):
        return None
    links = {
        place: found
        for place, fields in turn_fields.items()
        if place.isdecimal() and isinstance(fields, dict) and (found := _link(fields))
    }
    return json.dumps(links, ensure_ascii=False) if links else None


def _link(fields: dict[str, Any]) -> dict[str, str]:
    return {name: fields[name] for name in _LINKS if isinstance(fields.get(name), str)}


def folded(chats: pa.ListArray, first: np.ndarray, links: pa.Array) -> pa.ListArray:
    """Lists of {role, content} → lists of MESSAGE. first: int64 [rows], the place of each list's
    first message among those of its record; links: the column TURN_FIELDS."""
    offsets = np.asarray(chats.offsets).astype(np.int64)
    role, content = chats.values.field("role"), chats.values.field("content")
    is_call = np.asarray(pc.equal(role, ROLE))
    stays = ~_joins(is_call, np.asarray(pc.equal(role, "assistant")), offsets)
    kept, called = pa.array(np.flatnonzero(stays)), pa.array(is_call[stays])
    calls = [parsed_call(text) for text in content.filter(pa.array(is_call)).to_pylist()]
    ids, names = _answered(role, offsets, calls, _linked(links, offsets, first))
    turn_of_call = (np.cumsum(stays) - 1)[is_call].tolist()
    columns = [
        pc.if_else(called, "assistant", role.take(kept)),
        pc.if_else(called, pa.scalar(None, pa.string()), content.take(kept)),
        _call_lists(calls, turn_of_call, len(kept)),
        ids.take(kept),
        names.take(kept),
    ]
    messages = pa.StructArray.from_arrays(columns, fields=list(MESSAGE))
    ends = np.concatenate([[0], np.cumsum(stays)])[offsets]
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), messages)


def _joins(is_call: np.ndarray, is_text: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """bool [messages]: calls that belong to the turn of the message before them."""
    after = np.zeros(len(is_call), bool)
    after[1:] = (is_call | is_text)[:-1]
    after[offsets[:-1][np.diff(offsets) > 0]] = False
    return np.asarray(is_call & after)


def _call_lists(calls: list[ToolCall], turn_of_call: list[int], turns: int) -> pa.Array:
    """The JSON of each turn's calls, null where it has none."""
    written: list[str | None] = [None] * turns
    for turn, each in groupby(zip(turn_of_call, calls, strict=True), key=itemgetter(0)):
        written[turn] = f"[{', '.join(_as_openai(call) for _, call in each)}]"
    return pa.ExtensionArray.from_storage(pa.json_(), pa.array(written, pa.string()))


def _as_openai(call: ToolCall) -> str:
    """The arguments as they stand in the record."""
    name, arguments = json.dumps(call.name, ensure_ascii=False), bytes(call.arguments).decode()
    identity = "" if call.id is None else f', "id": {json.dumps(call.id, ensure_ascii=False)}'
    function = f'{{"name": {name}, "arguments": {arguments}}}'
    return f'{{"type": "function"{identity}, "function": {function}}}'


def _linked(links: pa.Array, offsets: np.ndarray, first: np.ndarray) -> dict[int, dict[str, Any]]:
    """What upstream says of messages, by their number in the column."""
    linked = {}
    for row in np.flatnonzero(np.asarray(links.is_valid())).tolist():
        shift = int(offsets[row] - first[row])
        for place, fields in msgspec.json.decode(links[row].as_py()).items():
            number = int(place) + shift
            if offsets[row] <= number < offsets[row + 1]:
                linked[number] = fields
    return linked


def _answered(
    role: pa.Array, offsets: np.ndarray, calls: list[ToolCall], linked: dict[int, dict[str, Any]]
) -> tuple[pa.Array, pa.Array]:
    """Of each message `tool_call_id` and `name`: upstream's, else those of the call that a result
    answers, where as many results follow a run of calls as it has calls."""
    ids: list[str | None] = [None] * len(role)
    names: list[str | None] = [None] * len(role)
    for run, results in _rounds(role, offsets, calls):
        by_id = {call.id: call for call in run if call.id is not None}
        in_order = dict(zip(results, run, strict=True)) if len(run) == len(results) else {}
        for number in results:
            said = linked.get(number, {}).get("tool_call_id")
            call = in_order.get(number) if said is None else by_id.get(said)
            ids[number], names[number] = said, None
            if call is not None:
                ids[number], names[number] = said or call.id, call.name
    for number, fields in linked.items():
        ids[number] = fields.get("tool_call_id", ids[number])
        names[number] = fields.get("name", names[number])
    return pa.array(ids, pa.string()), pa.array(names, pa.string())


def _rounds(
    role: pa.Array, offsets: np.ndarray, calls: list[ToolCall]
) -> list[tuple[list[ToolCall], list[int]]]:
    """Runs of calls, each with the numbers of the results that follow it."""
    rounds: list[tuple[list[ToolCall], list[int]]] = []
    machine = np.flatnonzero(np.asarray(pc.is_in(role, pa.array(MACHINE_ROLES))))
    is_call = np.asarray(pc.equal(role, ROLE))[machine].tolist()
    row = (np.searchsorted(offsets, machine, side="right") - 1).tolist()
    before = (-1, -1)
    of_calls = iter(calls)
    for number, here, asks in zip(machine.tolist(), row, is_call, strict=True):
        goes_on = before == (number - 1, here) and not rounds[-1][1]
        if here != before[1] or (asks and not goes_on):
            rounds.append(([], []))
        if asks:
            rounds[-1][0].append(next(of_calls))
        else:
            rounds[-1][1].append(number)
        before = (number, here)
    return rounds
