"""OpenAssistant's trees (https://huggingface.co/datasets/OpenAssistant/oasst1, and oasst2).

    {"message_tree_id": "t1", "tree_state": "ready_for_export", "prompt": {
       "message_id": "t1", "text": "When does the ferry leave?", "role": "prompter", "lang": "en",
       "review_result": true, "deleted": false, "synthetic": false, "replies": [
         {"message_id": "m2", "parent_id": "t1", "text": "At nine.", "role": "assistant", "rank": 0,
          "review_result": true, "deleted": false, "replies": []}, …]}}

A record is a turn of the prompter with its replies, best first, so that no prompt is repeated; the
turns before it are its prompt. A turn without replies is a bare prompt. All records of a tree are
one family; the subset is the language. `answers: each` makes a record of each reply, `last` one of
each conversation to its end. `paths: best` follows the best reply and leaves the others out. Root
messages with nested `replies` and no tree around them are read, too.

Traps: the table on the hub and the `.messages` files have one row a message, from which a single
row cannot rebuild its tree: such rows are bad, the `.trees.jsonl.gz` files are what to read. Ranks
may be missing or said twice; such a reply is a record of its own, so that no preference is made up.
Nulls are left out of the trees. What upstream deleted, turned down or has not reviewed, empty
messages, all that answers them, and trees that are not ready for export are dropped with a reason
unless `keep` names them. A message's further fields are in `meta`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from mixer.errors import BadRow
from mixer.schema import Answer, Message, Place, Record

CARD = "oasst"

MAX_TURNS = 100
_ROLES = {"prompter": "user", "assistant": "assistant"}
_FAULTS = {
    "unfinished": "the tree is not ready for export",
    "deleted": "a message was deleted upstream",
    "turned_down": "a message was turned down by reviewers",
    "not_reviewed": "a message was not reviewed",
    "empty": "a message is empty",
}
_AROUND = ("message_tree_id", "tree_state", "prompt")
_IN_COLUMNS = frozenset({"text", "role", "replies"})

Row = dict[str, Any]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`paths`: all, or the best-ranked reply of each turn. `answers`: the replies to a turn in one
    record, each in its own, or only those that end a conversation. `keep`: what is not dropped."""

    paths: Literal["all", "best"] = "all"
    answers: Literal["ranked", "each", "last"] = "ranked"
    keep: tuple[Literal["unfinished", "deleted", "turned_down", "not_reviewed", "empty"], ...] = ()


class Node(msgspec.Struct):
    """A message as upstream writes it, without the fields that only go to `meta`."""

    text: str
    role: Literal["prompter", "assistant"]
    rank: int | None = None
    lang: str | None = None
    deleted: bool | None = None
    review_result: bool | None = None
    synthetic: bool | None = None
    replies: list[dict[str, Any]] | None = None


@dataclass(slots=True, eq=False)
class _Turn:
    """A message in its tree; `fault` says why it is left out, as is what answers it."""

    node: Node
    facts: dict[str, Any]
    fault: str | None
    replies: list[_Turn] = field(default_factory=list)

    @property
    def kept(self) -> list[_Turn]:
        return [reply for reply in self.replies if reply.fault is None]

    @property
    def answered(self) -> list[_Turn]:
        """The follow-ups of a reply that have a reply in turn."""
        return [turn for turn in self.kept if turn.kept]

    def message(self) -> Message:
        return Message(_ROLES[self.node.role], self.node.text)


def read_columns(options: Options) -> list[str]:
    """The columns of both shapes; the others are kept as they are."""
    further = ["message_id", "parent_id", "user_id", "created_date", "review_count", "model_name"]
    return [*_AROUND, *Node.__struct_fields__, *further, "detoxify", "emojis", "labels", "events"]


def parse(row: Row, place: Place, options: Options) -> list[Record]:
    root = _root(row, options)
    tree = str(row.get("message_tree_id") or root.facts.get("message_id") or "")
    family = tree or f"{place.source}/{place.file}:{place.row}"
    best = frozenset(map(id, _best_path(root)))
    around = _beside_the_tree(row, options)
    records = []
    for path, answers in _exchanges((root,), options.answers):
        record = _record(path, answers, options)
        record.family = family
        record.meta |= {"tree_id": tree, "tree_state": row.get("tree_state")} | around
        on_path = any(id(turn) in best for turn in answers or path[-1:])
        if options.paths == "best" and record.drop is None and not on_path:
            record.drop = "not on the best path of its tree"
        records.append(record)
    return records


def _beside_the_tree(row: Row, options: Options) -> dict[str, Any]:
    """Fields of a message that stand around a tree."""
    if "prompt" not in row:
        return {}
    columns = [name for name in read_columns(options) if name not in _AROUND]
    return {name: row[name] for name in columns if row.get(name) is not None}


def _root(row: Row, options: Options) -> _Turn:
    message = row.get("prompt", row)
    if not isinstance(message, dict):
        raise BadRow("`prompt` is no message")
    if message is row and (row.get("parent_id") or not isinstance(row.get("replies"), list)):
        raise BadRow(
            "needs a tree (`message_tree_id`, `prompt`): one row a message cannot be put together "
            "row by row; read the data set's `.trees.jsonl.gz` file with `path:`"
        )
    unfinished = row.get("tree_state") not in ("ready_for_export", None)
    fault = "unfinished" if unfinished and "unfinished" not in options.keep else None
    root = _turn(message, ("prompt",), fault, options)
    if root.node.role != "prompter":
        raise BadRow("the tree does not start with the prompter")
    return root


def _turn(
    message: dict[str, Any], where: tuple[str, ...], fault: str | None, options: Options
) -> _Turn:
    if len(where) > MAX_TURNS:
        raise BadRow(f"a conversation of more than {MAX_TURNS} turns")
    try:
        node = msgspec.convert(message, Node)
    except msgspec.ValidationError as error:
        raise BadRow(f"{error}, in the message `$.{'.'.join(where)}`") from error
    fault = fault or next((each for each in _faults(node) if each not in options.keep), None)
    facts = {k: v for k, v in message.items() if k not in _IN_COLUMNS and v is not None}
    turn = _Turn(node, facts, fault)
    for number, reply in enumerate(node.replies or []):
        below = _turn(reply, (*where, f"replies[{number}]"), fault, options)
        if below.node.role == node.role:
            raise BadRow(f"the {node.role} answers himself in `$.{'.'.join(where)}`")
        turn.replies.append(below)
    return turn


def _faults(node: Node) -> Iterator[str]:
    if node.deleted:
        yield "deleted"
    if node.review_result is False:
        yield "turned_down"
    if node.review_result is None:
        yield "not_reviewed"
    if not node.text.strip():
        yield "empty"


def _exchanges(
    path: tuple[_Turn, ...], answers: str
) -> Iterator[tuple[tuple[_Turn, ...], list[_Turn]]]:
    """Every turn of the prompter at or below the end of a path, with answers for one record."""
    asked = path[-1]
    if not asked.kept and (asked.fault is None or not asked.replies):
        yield path, []
    for group in _groups(asked.kept, answers):
        yield path, group
    for reply in asked.replies:
        if reply.fault is not None:
            yield path, [reply]
        for further in reply.replies:
            yield from _exchanges((*path, reply, further), answers)


def _groups(replies: list[_Turn], answers: str) -> list[list[_Turn]]:
    ranked, others = _by_rank(replies)
    if answers == "ranked":
        return ([ranked] if ranked else []) + [[reply] for reply in others]
    singly = [*ranked, *others]
    return [[reply] for reply in singly if answers == "each" or not reply.answered]


def _by_rank(replies: list[_Turn]) -> tuple[list[_Turn], list[_Turn]]:
    """Those with a rank of their own, best first; then those without."""
    times = Counter(reply.node.rank for reply in replies)
    ranks = {rank for rank, count in times.items() if rank is not None and count == 1}
    own = [reply for reply in replies if reply.node.rank in ranks]
    others = [reply for reply in replies if reply.node.rank not in ranks]
    return sorted(own, key=lambda reply: reply.node.rank or 0), others


def _best_path(asked: _Turn) -> list[_Turn]:
    """The turn, the best of its replies, the first follow-up (of those with a reply, if any) …"""
    path = [asked]
    while replies := path[-1].kept:
        ranked, others = _by_rank(replies)
        path.append((ranked or others)[0])
        if follow_ups := path[-1].answered or path[-1].kept:
            path.append(follow_ups[0])
    return path


def _record(path: tuple[_Turn, ...], answers: list[_Turn], options: Options) -> Record:
    asked = path[-1]
    told = path if options.answers == "last" else path[-1:]
    faults = [turn.fault for turn in (asked, *answers) if turn.fault is not None]
    alone = options.answers == "ranked" and len(answers) == 1 < len(asked.kept)
    return Record(
        prompt=[turn.message() for turn in path],
        answers=[Answer((turn.message(),)) for turn in answers],
        subset=asked.node.lang or "",
        meta={
            "messages": [turn.facts for turn in (*told, *answers)],
            "synthetic": any(turn.node.synthetic for turn in (*path, *answers)),
        },
        treatments=["a reply without a rank of its own stands alone"] if alone else [],
        drop=_FAULTS[faults[0]] if faults else None,
    )
