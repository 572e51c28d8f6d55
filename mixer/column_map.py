"""Which column of a table is which part of a record, and whether the parts go together."""

from __future__ import annotations

import msgspec

from mixer.column_text import columns_of

# Part → parts of which the map must name one, too.
_NEEDS = {
    "input": ("prompt",),
    "history": ("prompt",),
    "chosen": ("rejected",),
    "rejected": ("chosen", "answer"),
    "score": ("answer", "chosen", "messages"),
    "rejected_score": ("rejected",),
    "label": ("answer", "messages"),
}
_EXCLUDES = (
    ("messages", "prompt"),
    ("messages", "input"),
    ("messages", "history"),
    ("answer", "chosen"),
    ("label", "score"),
    ("label", "rejected"),
)


class ColumnMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The column of each part of a record."""

    prompt: str | tuple[str, ...] = ()
    input: str | None = None
    answer: str | None = None
    chosen: str | None = None
    rejected: str | None = None
    system: str | None = None
    history: str | None = None
    messages: str | None = None
    score: str | None = None
    rejected_score: str | None = None
    label: str | None = None
    subset: str | None = None
    task: str | None = None

    def __post_init__(self) -> None:
        parts = self.parts()
        for column in (each for part in parts.values() for each in part):
            columns_of(column)
        if not {"prompt", "messages", "answer", "chosen"} & parts.keys():
            raise ValueError("needs `prompt` or `messages`")
        for name, needed in _NEEDS.items():
            if name in parts and not parts.keys() & set(needed):
                raise ValueError(f"`{name}` needs {' or '.join(f'`{each}`' for each in needed)}")
        for one, other in _EXCLUDES:
            if one in parts and other in parts:
                raise ValueError(f"`{one}` and `{other}` do not go together: name one of them")

    def parts(self) -> dict[str, tuple[str, ...]]:
        """The columns of each part that the map names."""
        named = {name: getattr(self, name) for name in self.__struct_fields__}
        listed = {k: (v,) if isinstance(v, str) else tuple(v or ()) for k, v in named.items()}
        return {name: columns for name, columns in listed.items() if columns}

    @property
    def better(self) -> str | None:
        """The part that holds the answer."""
        return "chosen" if self.chosen is not None else "answer" if self.answer else None


class Turns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a data set of its own kind calls the keys of a turn and its speakers."""

    role: str = "role"
    content: str = "content"
    user: str = "user"
    assistant: str = "assistant"
    system: str = "system"
    tool: str = "tool"
