"""LLaMA-Factory's `dataset_info.json` → sources of a recipe, to be read, pinned and kept there.

    {"chats": {"file_name": "chats.json", "formatting": "sharegpt",
               "columns": {"messages": "conversations"}, "tags": {"role_tag": "from", …}},
     "pairs": {"hf_hub_url": "org/pairs", "ranking": true, "columns": {"prompt": "question", …}}}

The keys and their defaults are in https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md.
Columns of the usual names are read by the format that is named after them, others by a map of
`columns`. An entry that mixer cannot read is a sentence in place of a source.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from mixer.errors import MixerError
from mixer.nearest import did_you_mean
from mixer.recipe.sources import NAME
from mixer.recipe.yaml_flow import flow

MAX_BYTES = 16 << 20
NOT_PINNED = "<40 hexadecimal digits of the commit to read>"

_ALPACA = {"prompt": "instruction", "query": "input", "response": "output"}
_ALPACA_TOO = {"system": "system", "history": "history"}
_PREFERENCE = {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}
_KTO = {"prompt": "prompt", "response": "completion", "kto_tag": "label"}
_SHAREGPT = {"messages": "conversations"}
_SHAREGPT_TOO = {"system": "system", "chosen": "chosen", "rejected": "rejected"}
_OPENAI = {"messages": "messages"}
# Their column → the part of a record in a map of `columns`.
_PARTS = {
    "prompt": "prompt",
    "query": "input",
    "response": "answer",
    "messages": "messages",
    "history": "history",
    "system": "system",
    "chosen": "chosen",
    "rejected": "rejected",
    "kto_tag": "label",
}
# `datasets` fills in nulls where rows leave these out.
_OPTIONAL = ("input", "history", "system")
_FROM_VALUE = {"role": "from", "content": "value", "user": "human", "assistant": "gpt"}
_ROLE_CONTENT = {"role": "role", "content": "content", "user": "user", "assistant": "assistant"}
_TAGS = {
    **{f"{name}_tag": name for name in _ROLE_CONTENT},
    "system_tag": "system",
    "observation_tag": "tool",
}
_MEDIA = ("images", "videos", "audios")

_HEAD = ("# Paths are meant from the folder of this file.", "name: dataset-info", "sources:")

Fields = dict[str, Any]


class Entry(msgspec.Struct):
    """One data set, as its file describes it."""

    hf_hub_url: str | None = None
    file_name: str | None = None
    script_url: str | None = None
    ms_hub_url: str | None = None
    om_hub_url: str | None = None
    cloud_file_name: str | None = None
    formatting: str = "alpaca"
    ranking: bool = False
    revision: str | None = None
    subset: str | None = None
    split: str = "train"
    folder: str | None = None
    num_samples: int | None = None
    columns: dict[str, str | None] | None = None
    tags: dict[str, str | None] | None = None


class NotMapped(MixerError):  # noqa: N818 - what is the case, not a fault
    """Why an entry is no source; the text goes on after its name."""


def recipe_text(path: Path, only: tuple[str, ...]) -> str:
    """A recipe with the entries as its sources; those that mixer cannot read are comments.
    MixerError if one of `only` is not there or cannot be read."""
    entries = read_entries(path)
    for name in only:
        if name not in entries:
            raise MixerError(f"{path}: no entry {name!r}: {did_you_mean(name, entries)}")
    lines = []
    for name in only or entries:
        try:
            fields = source_fields(entries[name], path.parent)
            lines.append(f"  {_source_name(name)}: {flow(fields)}")
        except NotMapped as error:
            if only:
                raise MixerError(f"{path}: the entry {name!r} {error}") from error
            # On one line, or a name of theirs could write a line of the recipe.
            lines.append(f"  # {name!r} is left out: it {' '.join(str(error).split())}")
    return "\n".join([*_HEAD, *lines])


def read_entries(path: Path) -> dict[str, Any]:
    """The entries by name, not yet typed."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise MixerError(f"{path}: above {MAX_BYTES >> 20} MiB: that is no dataset_info.json")
        return msgspec.json.decode(text, type=dict[str, Any])
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise MixerError(f"{path}: no dataset_info.json that can be read: {error}") from error


def source_fields(value: Any, folder: Path) -> Fields:
    """The keys of a recipe's source; NotMapped says why there are none."""
    try:
        entry = msgspec.convert(value, Entry)
    except msgspec.ValidationError as error:
        raise NotMapped(f"is not as documented: {error}") from error
    read_by = _format(entry)
    return {"format": read_by.pop("format"), **_origin(entry, folder), **read_by}


def _origin(entry: Entry, folder: Path) -> Fields:
    size = {} if entry.num_samples is None else {"max_rows": entry.num_samples}
    if entry.hf_hub_url is not None:
        split = {} if entry.split == "train" else {"split": entry.split}
        parts = {"config": entry.subset, "data_dir": entry.folder}
        named = {name: part for name, part in parts.items() if part is not None}
        revision = entry.revision or NOT_PINNED
        return {"hub": entry.hf_hub_url, "revision": revision, **split, **named, **size}
    if entry.ms_hub_url is not None or entry.om_hub_url is not None:
        raise NotMapped("is on ModelScope or OpenMind alone: download it and give its `file_name`")
    if entry.script_url is not None:
        raise NotMapped("is made by a script, and mixer runs no code of others: give a `file_name`")
    if entry.cloud_file_name is not None:
        raise NotMapped("is in a cloud store: download it and give its `file_name`")
    if entry.file_name is None:
        raise NotMapped("has neither `file_name` nor `hf_hub_url`")
    return {"path": os.path.join(folder, entry.file_name), **size}


def _format(entry: Entry) -> Fields:
    columns = {name: column for name, column in (entry.columns or {}).items() if column}
    for name in _MEDIA:
        if name in columns:
            raise NotMapped(f"has {name}: mixer reads text alone")
    if entry.formatting not in ("alpaca", "sharegpt", "openai"):
        raise NotMapped(f"has the formatting {entry.formatting!r}: known are alpaca and sharegpt")
    columns.pop("tools", None)  # kept in `meta`, whatever the column is called
    for name in ("response",) if entry.ranking else ("chosen", "rejected"):
        columns.pop(name, None)
    if entry.ranking and not {"chosen", "rejected"} <= columns.keys():
        raise NotMapped("is a ranking, but its `columns` name no `chosen` and `rejected`")
    return _pairs(entry, columns) if entry.formatting == "alpaca" else _chats(entry, columns)


def _pairs(entry: Entry, columns: dict[str, str]) -> Fields:
    if entry.columns is None:
        return {"format": "alpaca"}
    columns.pop("messages", None)
    if "prompt" not in columns:
        raise NotMapped("names `columns`, but not `prompt`")
    if not {"response", "chosen"} & columns.keys():
        raise NotMapped(
            "names no answers (`response`), so it is text for pre-training; if it holds prompts, "
            f"write `format: columns, map: {{prompt: {columns['prompt']}}}`"
        )
    if _ALPACA.items() <= columns.items() <= (_ALPACA | _ALPACA_TOO).items():
        return {"format": "alpaca"}
    if columns == _PREFERENCE:
        return {"format": "preference"}
    return {"format": "kto"} if columns == _KTO else _mapped(columns)


def _chats(entry: Entry, columns: dict[str, str]) -> Fields:
    for name in ("prompt", "query", "response", "history"):
        columns.pop(name, None)
    if entry.columns is None:
        columns = dict(_SHAREGPT)
    if "messages" not in columns:
        raise NotMapped("names `columns`, but not `messages`")
    names = _turns(entry)
    usual = _SHAREGPT.items() <= columns.items() <= (_SHAREGPT | _SHAREGPT_TOO).items()
    if names == _FROM_VALUE and usual:
        return {"format": "sharegpt"}
    if names == _ROLE_CONTENT and columns == _OPENAI:
        return {"format": "messages"}
    turns = {} if names in (_FROM_VALUE, _ROLE_CONTENT) else {"turns": names}
    return {**_mapped(columns), **turns}


def _turns(entry: Entry) -> dict[str, str]:
    """How turns are written, in the words of `columns`."""
    if entry.tags is None:
        return dict(_ROLE_CONTENT if entry.formatting == "openai" else _FROM_VALUE)
    if entry.tags.get("function_tag") not in (None, "function_call"):
        raise NotMapped("calls functions under a name of its own (`function_tag`)")
    named = {_TAGS[tag]: name for tag, name in entry.tags.items() if tag in _TAGS and name}
    names = _FROM_VALUE | named
    usual = {"system": "system", "tool": "observation"}
    return {part: name for part, name in names.items() if usual.get(part) != name}


def _mapped(columns: dict[str, str]) -> Fields:
    wanted = {part: columns[name] for name, part in _PARTS.items() if name in columns}
    optional = [part for part in _OPTIONAL if part in wanted]
    return {"format": "columns", "map": wanted, **({"optional": optional} if optional else {})}


def _source_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise NotMapped("has a name that is none for a source: use letters, digits, '.', '_', '-'")
    return name
