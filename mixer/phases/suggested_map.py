"""A map for the format `columns`, by the names of a table's columns and what they hold.

Names are read without case, spaces and underscores being one. Only the first name of a part counts
that a column has, so the answer does not depend on the order of columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from mixer.phases.text_columns import ANSWERS, CHATS, PROMPTS

Rows = Sequence[dict[str, Any]]

# `input` is the question only where no better name is there.
_PROMPTS = (
    *dict.fromkeys(names[0] for names in PROMPTS if names != ("text",)),
    *("problem", "user", "human", "user_prompt", "request", "input", "source_text", "text"),
)
_INPUTS = ("input", "context", "passage", "article", "document")
_ANSWERS = (
    *(names[0] for names in ANSWERS if len(names) == 1),
    *("solution", "canonical_solution", "reply", "assistant", "bot", "best_answer", "summary"),
    *("ground_truth", "reference"),
)
_PAIRS = (
    ("chosen", "rejected"),
    ("chosen_response", "rejected_response"),
    ("response_chosen", "response_rejected"),
    ("chosen_messages", "rejected_messages"),
    ("preferred", "rejected"),
    ("preferred", "dispreferred"),
    ("better", "worse"),
    ("winner", "loser"),
)
_CHATS = (*CHATS, "dialogue", "dialog", "chat", "turns")
_SYSTEMS = ("system", "system_prompt", "system_message")
_SCORES = ("score", "rating", "reward")
_PAIR_SCORES = (("score_chosen", "score_rejected"), ("chosen_score", "rejected_score"))
_LABELS = ("label", "is_good", "thumbs_up")
_SUBSETS = ("subset", "category", "domain", "subject", "topic")
# Parts that hold text a model reads or learns to say, or judge it.
MAIN_PARTS = frozenset(
    {"prompt", "input", "answer", "chosen", "rejected", "system", "history", "messages", "label"}
)
# Every name that the hints know.
NAMES = frozenset(
    (*_PROMPTS, *_INPUTS, *_ANSWERS, *_CHATS, *_SYSTEMS, *_SCORES, *_LABELS, *_SUBSETS)
) | {name for pair in (*_PAIRS, *_PAIR_SCORES) for name in pair}


def plain(name: str) -> str:
    """`Best Answer` → `best_answer`."""
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")


def suggested_map(rows: Rows) -> dict[str, Any] | None:
    """The keys that a source of the format `columns` needs, None where no name is a hint."""
    table = _Table(rows)
    found = _conversation(table) or _question(table)
    if not found:
        return None
    found |= _judged(table, found)
    subset = table.first(_SUBSETS, _is_word)
    if subset is not None and table.repeats(subset):
        found["subset"] = subset
    optional = [part for part, column in found.items() if table.is_left_out(column)]
    if "prompt" in optional:
        optional.remove("prompt")
    return {"map": found, **({"optional": optional} if optional else {})}


def _conversation(table: _Table) -> dict[str, str]:
    chat = table.first((*_CHATS, "prompt"), _is_chat)
    if chat is None:
        return {}
    system = table.first(_SYSTEMS, _is_text)
    pair = table.pair(_PAIRS, lambda value: _is_text(value) or _is_chat(value) or _is_turn(value))
    return {
        "messages": chat,
        **({"system": system} if system else {}),
        **(dict(zip(("chosen", "rejected"), pair, strict=True)) if pair else {}),
    }


def _question(table: _Table) -> dict[str, str]:
    pair = table.pair(_PAIRS, lambda value: _is_text(value) or _is_chat(value) or _is_turn(value))
    prompt = table.first(_PROMPTS, _is_text)
    if prompt is None:
        holds_all = pair is not None and all(table.is_all(name, _is_chat) for name in pair)
        return dict(zip(("chosen", "rejected"), pair, strict=True)) if holds_all and pair else {}
    given = table.first(tuple(name for name in _INPUTS if name != plain(prompt)), _is_text)
    answer = None if pair else table.first(_ANSWERS, _is_text)
    if pair is None and answer is None and not table.is_all(prompt, _is_word):
        return {}  # a list under a name is little to go by
    if given is not None and table.is_said_in(given, prompt):
        given = None
    parts = {
        "prompt": prompt,
        "input": given,
        "answer": answer,
        **(dict(zip(("chosen", "rejected"), pair, strict=True)) if pair else {}),
        "system": table.first(_SYSTEMS, _is_text),
        "history": table.first(("history",), _is_history),
    }
    return {part: column for part, column in parts.items() if column is not None}


def _judged(table: _Table, found: dict[str, str]) -> dict[str, str]:
    """Scores and labels of the answers that the map has."""
    if "chosen" in found:
        scores = table.pair(_PAIR_SCORES, _is_number)
        return dict(zip(("score", "rejected_score"), scores, strict=True)) if scores else {}
    if not {"answer", "messages"} & found.keys():
        return {}
    label = table.first(_LABELS, _is_bool)
    score = table.first(_SCORES, _is_number)
    return {"label": label} if label else {"score": score} if score else {}


class _Table:
    """Rows by their columns; a null says nothing."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.values: dict[str, list[Any]] = {}
        self._present: dict[str, int] = {}
        for row in rows:
            for name, value in row.items():
                self._present[name] = self._present.get(name, 0) + 1
                if value is not None:
                    self.values.setdefault(name, []).append(value)
        # Of two columns that are one to the eye, the first in the alphabet.
        self.columns = {plain(name): name for name in sorted(self.values, reverse=True)}

    def first(self, names: Sequence[str], kind: Callable[[Any], bool]) -> str | None:
        """The first column of these names whose values are all of the kind."""
        known = (self.columns[name] for name in names if name in self.columns)
        return next((column for column in known if self.is_all(column, kind)), None)

    def pair(
        self, pairs: Sequence[tuple[str, str]], kind: Callable[[Any], bool]
    ) -> tuple[str, str] | None:
        for one, other in pairs:
            found = self.first((one,), kind), self.first((other,), kind)
            if found[0] is not None and found[1] is not None:
                return found[0], found[1]
        return None

    def is_all(self, column: str, kind: Callable[[Any], bool]) -> bool:
        return all(map(kind, self.values[column]))

    def is_left_out(self, column: str) -> bool:
        return self._present[column] < len(self.rows)

    def is_said_in(self, column: str, other: str) -> bool:
        """Whether each text of the column stands in the other of its row, too."""
        pairs = [(row.get(column), row.get(other)) for row in self.rows]
        said = [(one, two) for one, two in pairs if one and isinstance(one, str)]
        return bool(said) and all(isinstance(two, str) and one in two for one, two in said)

    def repeats(self, column: str) -> bool:
        """Whether it divides the rows rather than naming each."""
        return 2 * len(set(self.values[column])) <= len(self.rows)


def _is_word(value: Any) -> bool:
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    """Text, a number, or a list of them, as `columns` reads texts."""
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float | None) for item in items)


def _is_turn(value: Any) -> bool:
    return isinstance(value, dict) and bool({"role", "from"} & value.keys())


def _is_chat(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_turn, value))


def _is_history(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
        for pair in value
    )
