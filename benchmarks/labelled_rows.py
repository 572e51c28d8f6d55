"""Rows labelled by reading: those of a `task_labels.jsonl`, more of public collections by place,
and samples of our own.

benchmarks/labelled/places.jsonl: a row's file below the data folder and its number there (or, of
oasst and user-oriented, its id), with labels; the text is looked up. benchmarks/labelled/own.jsonl:
prompts and responses written for this purpose, with labels. EVALUATED sources are never trained on.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).with_name("labelled")
# Set aside, whole: alpaca's licence forbids to train on it; the other was written by experts.
EVALUATED = ("alpaca", "user-oriented")
_MARK = re.compile(r"(?:^|\n\n)(Human|Assistant|System|User): ?")
_PERSON = ("Human", "User")


class Row(NamedTuple):
    """`prompt` may be a conversation, with `Human:` and `Assistant:`; `drawn`: at random."""

    id: str
    source: str
    prompt: str
    response: str
    task_type: str
    form: str
    sure: bool
    drawn: bool

    @property
    def group(self) -> str:
        """Sources that were made in one way are left out together."""
        return _GROUPS.get(self.source, self.source)


_GROUPS = {
    "hh-helpful": "hh",
    "hh-harmless": "hh",
    "oasst-turn": "oasst",
    "self-instruct-seed": "self-instruct",
    "self-instruct-stage": "self-instruct",
}
# The first rows of task_labels.jsonl are a random draw, the others were chosen.
_DRAWN_ROWS = 1530


def labelled_rows(labels: Path, data: Path) -> list[Row]:
    return [*_given(labels), *_by_place(data), *_own()]


def turns(prompt: str) -> list[tuple[str, str]]:
    """(user or assistant, text) of a flattened conversation, or of one question."""
    if not _MARK.match(prompt):
        return [("user", prompt)]
    _, *parts = _MARK.split(prompt)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [("user" if who in _PERSON else "assistant", text.strip()) for who, text in pairs]


def _given(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            source = row["id"].partition("/")[0]
            labels = row["task_type"], row["form"], row["sure"]
            yield Row(
                row["id"], source, row["prompt"], row["response"], *labels, number < _DRAWN_ROWS
            )


def _own() -> Iterator[Row]:
    with (FOLDER / "own.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            labels = row["task_type"], row["form"], True
            yield Row(row["id"], "own", row["prompt"], row["response"], *labels, False)


def _by_place(data: Path) -> Iterator[Row]:
    files: dict[str, dict[str, tuple[str, str]]] = {}
    with (FOLDER / "places.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            name, number = row["place"].rsplit(":", 1)
            if name not in files:
                files[name] = dict(_texts(data / name))
            prompt, response = files[name][number]
            labels = row["task_type"], row["form"], row["sure"]
            yield Row(row["place"], row["source"], prompt, response, *labels, False)


def _texts(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """By number, or by id: prompt and response of each row of a file, whatever its format."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace")
    if path.name.startswith("task"):
        task = json.loads(text)
        for number, one in enumerate(task["Instances"], 1):
            prompt = f"{task['Definition'][0]}\n\n{one['input']}"
            yield str(number), (prompt.strip(), one["output"][0].strip())
        return
    rows = json.loads(text) if text.lstrip()[:2] in ("[\n", "[{", "[ ") else _lines(text)
    for number, row in enumerate(rows, 1):
        yield from _text(str(number), row)


def _lines(text: str) -> Iterator[Any]:
    return (json.loads(line) for line in text.split("\n") if line.strip())


def _text(number: str, row: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    if "chosen" in row and isinstance(row["chosen"], str):
        prompt, _, response = row["chosen"].rpartition("\n\nAssistant:")
        yield number, (prompt.strip(), response.strip())
    elif "message_tree_id" in row and isinstance(row.get("prompt"), dict):
        yield from _paths(row["prompt"], [])
    elif "conversations" in row:
        turn, *_ = row["conversations"]
        last = row.get("chosen") or row["conversations"][1]
        chat = row["conversations"] if "chosen" in row else [turn]
        yield number, (_flat([(each["from"], each["value"]) for each in chat]), last["value"])
    elif "messages" in row:
        *chat, last = row["messages"]
        yield number, (_flat([(each["role"], each["content"]) for each in chat]), last["content"])
    elif "instances" in row:
        one = row["instances"][0]
        yield row["id"], (_joined(row["instruction"], one["input"]), one["output"])
    elif "completion" in row:
        yield (
            number,
            (row["prompt"].strip(), row["completion"].replace("<|endoftext|>", "").strip()),
        )
    else:
        response = row.get("response") or row.get("output") or ""
        yield number, (_joined(row["instruction"], row.get("input")), response)


def _joined(instruction: str, given: str | None) -> str:
    return f"{instruction}\n\n{given}".strip() if given else instruction.strip()


def _flat(chat: list[tuple[str, str]]) -> str:
    names = {"human": "Human", "user": "Human", "gpt": "Assistant", "assistant": "Assistant"}
    if len(chat) == 1:
        return chat[0][1].strip()
    return "\n\n".join(f"{names.get(who, 'System')}: {text}" for who, text in chat).strip()


def _paths(message: dict[str, Any], before: list[tuple[str, str]]) -> Iterator[Any]:
    person = message["role"] == "prompter"
    path = [*before, ("human" if person else "gpt", message["text"])]
    replies = sorted(message.get("replies") or [], key=lambda reply: reply.get("rank") or 0)
    if person and before:
        response = replies[0]["text"] if replies else ""
        yield message["message_id"], (_flat(path), response.strip())
    for reply in message.get("replies") or []:
        yield from _paths(reply, path)
