r"""Any table: the recipe says which columns are the prompt and the answer.

    {"id": 7, "problem": "What is 3 * 4?", "solution": "12", "source": {"name": "primer"}}

    map: {prompt: problem, answer: solution, subset: source.name}

A column may be a path (`source.name`, `answers.0.text`) or a text with columns in braces
(`"Q: {problem}\n{source.name}"`); `prompt` may be a list of them, joined by a blank line. A list of
texts is one text, a line an item.

    prompt, input    the question, and what it is applied to (after a blank line)
    answer           the answer; empty or null makes a prompt without one
    chosen, rejected the better and the worse answer: a preference
    system, history  the system's message; earlier [question, answer] pairs
    messages         a conversation, in place of prompt and history
    score, rejected_score, label   a number for the answer, for the rejected one; true or false
    subset, task     upstream's division; the task, in the words of the taxonomy, Dolly or No Robots

An answer may be a turn or a list of turns; if there is no prompt it is the whole conversation.
Turns are `{role, content}` or `{from, value}` with the usual names of the speakers; other names go
into `turns`. A column that the map names must be in the row: a slip of the pen would lose all
answers. Those that rows may leave out stand in `optional`. What the map does not name, and what
score and label are read from, is kept in `meta`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mixer.column_map import ColumnMap, Turns
from mixer.column_text import (
    MISSING,
    as_text,
    columns_of,
    label_of,
    needed,
    number_of,
    text_at,
    value_at,
)
from mixer.errors import BadRow
from mixer.formats import messages
from mixer.nearest import did_you_mean
from mixer.schema import Answer, Message, Place, Record, StatedTask, user, utf8_bytes

_SPEAKERS = {
    "human": "user",
    "prompter": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "observation": "tool",
}
_SPEAKER_KEYS, _TEXT_KEYS = ("role", "from"), ("content", "value")
_SCORES = ("score", "rejected_score")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`map`: the column of each part of a record; `optional`: parts whose column a row may leave
    out; `turns`: other names of the keys and speakers of a conversation."""

    map: ColumnMap = ColumnMap(prompt="prompt", answer="answer")
    optional: tuple[str, ...] = ()
    turns: Turns | None = None

    def __post_init__(self) -> None:
        for name in self.optional:
            if name not in self.map.parts():
                known = did_you_mean(name, self.map.parts())
                raise ValueError(f"optional names {name!r}, which is not in the map: {known}")


Row = dict[str, Any]


def read_columns(options: Options) -> list[str]:
    """The columns that the map takes whole; of a path, the rest of its object stays in `meta`."""
    texts = [part for name, part in options.map.parts().items() if name not in (*_SCORES, "label")]
    named = [name for part in texts for column in part for name in columns_of(column)]
    return [name for name in named if "." not in name]


def parse(row: Row, place: Place, options: Options) -> Record:
    return _Reading(row, place, options).record()


class _Reading:
    """One row under a map."""

    def __init__(self, row: Row, place: Place, options: Options) -> None:
        self.row = row
        self.place = place
        self.map = options.map
        self.optional = frozenset(options.optional)
        self.turns = options.turns

    def record(self) -> Record:
        record = self._conversation() if self.map.messages is not None else self._question()
        self._answers(record)
        if system := self.text("system"):
            record.prompt.insert(0, Message("system", system))
        record.subset = self.text("subset")
        task = self.text("task")
        record.stated_task = StatedTask("words", task) if task else None
        return self._scored(record)

    def _scored(self, record: Record) -> Record:
        label = label_of(self.value("label"), self.column("label"))
        stated = [number_of(self.value(name), self.column(name)) for name in _SCORES]
        scores = stated if label is None else [label]
        scored = zip(record.answers, scores, strict=False)
        answers = [answer._replace(score=score) for answer, score in scored]
        record.answers[: len(answers)] = answers
        return record

    def _question(self) -> Record:
        asked = self.map.prompt
        texts = [text_at(self.row, each) for each in ([asked] if isinstance(asked, str) else asked)]
        question, given = "\n\n".join(text for text in texts if text), self.text("input")
        prompt = [user(f"{question}\n\n{given}" if given else question)] if texts else []
        if texts:
            prompt = self._history() + prompt
        known = utf8_bytes(question) if self.map.input is not None else None
        return Record(prompt=prompt, answers=[], instruction_bytes=known)

    def _history(self) -> list[Message]:
        told = []
        pairs = self.value("history") or []
        for pair in pairs if isinstance(pairs, list) else [pairs]:
            if not isinstance(pair, list) or [type(text) for text in pair] != [str, str]:
                raise BadRow(f"{self.map.history!r} must hold pairs [question, answer]")
            told += [Message("user", pair[0]), Message("assistant", pair[1])]
        return told

    def _conversation(self) -> Record:
        record = self._said(self.value("messages"), "messages")
        if self.map.better is not None:
            record.prompt += [turn for answer in record.answers for turn in answer.messages]
            record.answers = []
        return record

    def _answers(self, record: Record) -> None:
        names = [name for name in (self.map.better, "rejected") if name and self.column(name)]
        values = [self.value(name) for name in names]
        if not any(value not in (None, "", []) for value in values):
            return
        if not record.prompt:
            self._whole(record, dict(zip(names, values, strict=True)))
        else:
            spoken = zip(names, values, strict=True)
            record.answers = [self._answer(value, name, record.prompt) for name, value in spoken]

    def _whole(self, record: Record, values: dict[str, Any]) -> None:
        """Answers that hold the conversation, too, which must be the same in both."""
        for name, value in values.items():
            said = self._said(value, name)
            if not said.answers:
                raise BadRow(f"{self.column(name)!r} does not end with a turn of the assistant")
            if record.prompt and said.prompt != record.prompt:
                raise BadRow("the prompts of the better and the worse answer differ")
            record.prompt = said.prompt
            record.answers += said.answers

    def _answer(self, value: Any, name: str, prompt: list[Message]) -> Answer:
        if not _is_turns(value, self.turns):
            text = as_text(value, self.column(name)) if name else ""
            return Answer((Message("assistant", text),))
        said = self._said(value, name)
        turns = said.prompt + [turn for each in said.answers for turn in each.messages]
        if len(turns) > len(prompt) and turns[: len(prompt)] == prompt:
            turns = turns[len(prompt) :]
        if any(turn.role in ("user", "system") for turn in turns):
            raise BadRow(f"{self.column(name)!r} holds turns of the user that are not the prompt")
        return Answer(tuple(turns))

    def _said(self, value: Any, name: str) -> Record:
        """Turns as the format `messages` reads them."""
        turns = [value] if isinstance(value, dict) else value
        if not isinstance(turns, list) or not _is_turns(turns, self.turns):
            raise BadRow(f"{self.column(name)!r} is no conversation: it must be a list of turns")
        renamed = {"messages": [_plain_turn(turn, self.turns) for turn in turns]}
        return messages.parse(msgspec.convert(renamed, messages.Row), self.place, None)

    def column(self, name: str) -> str:
        return str(getattr(self.map, name) or "")

    def value(self, name: str) -> Any:
        """What a part's column holds; None where the map names none."""
        column = self.column(name)
        if not column or self.left_out(name):
            return None
        is_path = columns_of(column) == (column,)
        return needed(self.row, column) if is_path else text_at(self.row, column)

    def text(self, name: str) -> str:
        column = self.column(name)
        return "" if not column or self.left_out(name) else text_at(self.row, column)

    def left_out(self, name: str) -> bool:
        if name not in self.optional:
            return False
        return any(value_at(self.row, path) is MISSING for path in columns_of(self.column(name)))


def _is_turns(value: Any, names: Turns | None) -> bool:
    """Objects with a speaker; others are no turns."""
    turns = value if isinstance(value, list) else [value]
    keys = (names.role,) if names else _SPEAKER_KEYS
    return bool(turns) and all(
        isinstance(turn, dict) and any(key in turn for key in keys) for turn in turns
    )


def _plain_turn(turn: dict[str, Any], names: Turns | None) -> dict[str, Any]:
    """A turn with the keys and the speakers of the format `messages`."""
    keys = ((names.role,), (names.content,)) if names else (_SPEAKER_KEYS, _TEXT_KEYS)
    renamed = {}
    for key, value in turn.items():
        name = "role" if key in keys[0] else "content" if key in keys[1] else key
        if name in renamed:
            raise BadRow(f"a turn has {name!r} twice, under two names")
        renamed[name] = value
    speakers = _SPEAKERS if names is None else _speakers(names)
    role = renamed.get("role")
    if isinstance(role, str):
        renamed["role"] = speakers.get(role, role)
    return renamed


def _speakers(names: Turns) -> dict[str, str]:
    return {getattr(names, role): role for role in ("user", "assistant", "system", "tool")}
