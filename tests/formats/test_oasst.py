"""A turn and its replies are one record; no message of a tree is lost, whatever the options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import oasst
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]


def _message(text: str, *replies: Any, role: str = "assistant", **facts: Any) -> dict[str, Any]:
    stated = {"message_id": text, "role": role, "lang": "en", "review_result": True}
    return {"text": text, **stated, "replies": list(replies), **facts}


def _asked(text: str, *replies: Any, **facts: Any) -> dict[str, Any]:
    return _message(text, *replies, role="prompter", **facts)


def _tree(prompt: Any, **facts: Any) -> dict[str, Any]:
    return {"message_tree_id": "t", "tree_state": "ready_for_export", "prompt": prompt, **facts}


def _said(record: Record) -> tuple[list[str], list[str]]:
    answers = [turn.content for answer in record.answers for turn in answer.messages]
    return [turn.content for turn in record.prompt], answers


def _all(records: list[Record]) -> list[tuple[list[str], list[str]]]:
    return [_said(record) for record in records if record.drop is None]


FERRY = _tree(
    _asked(
        "ferry?",
        _message("ten", rank=1),
        _message("nine", _asked("sure?", _message("yes")), _asked("why?"), rank=0),
        synthetic=True,
    )
)


def test_a_turn_is_one_record_with_its_replies_best_first(parse: Parse) -> None:
    records = parse("oasst", FERRY)
    assert _all(records) == [
        (["ferry?"], ["nine", "ten"]),
        (["ferry?", "nine", "sure?"], ["yes"]),
        (["ferry?", "nine", "why?"], []),
    ]
    assert {record.family for record in records} == {"t"}
    assert [record.prompt[-1].role for record in records] == ["user"] * 3
    assert all(record.meta["synthetic"] for record in records)
    assert [fact["rank"] for fact in records[0].meta["messages"][1:]] == [0, 1]


def test_each_reply_and_each_conversation_can_be_a_record(parse: Parse) -> None:
    each = _all(parse("oasst", FERRY, answers="each"))
    assert each[:2] == [(["ferry?"], ["nine"]), (["ferry?"], ["ten"])]
    last = _all(parse("oasst", FERRY, answers="last"))
    assert (["ferry?", "nine", "sure?"], ["yes"]) in last
    assert (["ferry?"], ["nine"]) not in last
    assert (["ferry?"], ["ten"]) in last


def test_the_best_path_is_kept_and_the_rest_is_dropped_by_name(parse: Parse) -> None:
    records = parse("oasst", FERRY, answers="last", paths="best")
    assert _all(records) == [(["ferry?", "nine", "sure?"], ["yes"])]
    dropped = {record.drop for record in records if record.drop}
    assert dropped == {"not on the best path of its tree"}


def test_ranks_that_are_missing_or_said_twice_make_no_preference(parse: Parse) -> None:
    replies = [_message("a", rank=1), _message("b", rank=1), _message("c"), _message("d", rank=0)]
    records = parse("oasst", _tree(_asked("q", *replies)))
    assert [_said(record)[1] for record in records] == [["d"], ["a"], ["b"], ["c"]]
    assert records[1].treatments == ["a reply without a rank of its own stands alone"]
    ranked = [_message("a", rank=1), _message("c"), _message("d", rank=0)]
    assert _all(parse("oasst", _tree(_asked("q", *ranked))))[0] == (["q"], ["d", "a"])


@pytest.mark.parametrize(
    ("fault", "name", "reason"),
    [
        ({"deleted": True}, "deleted", "deleted upstream"),
        ({"review_result": False}, "turned_down", "turned down"),
        ({"review_result": None}, "not_reviewed", "not reviewed"),
        ({"text": " \n"}, "empty", "empty"),
    ],
)
def test_what_upstream_took_out_is_dropped_with_what_answers_it(
    parse: Parse, fault: dict[str, Any], name: str, reason: str
) -> None:
    bad = _message("no", _asked("then?", _message("well")), rank=0) | fault
    tree = _tree(_asked("q", bad, _message("yes", rank=1)))
    records = parse("oasst", tree)
    assert _all(records) == [(["q"], ["yes"])]
    assert len(records) == 3
    assert all(reason in str(record.drop) for record in records[1:])
    assert len(_all(parse("oasst", tree, keep=[name]))) == 2


def test_a_prompt_whose_replies_are_all_out_is_still_a_prompt(parse: Parse) -> None:
    records = parse("oasst", _tree(_asked("q", _message("no", deleted=True))))
    assert _all(records) == [(["q"], [])]


def test_a_tree_that_is_not_ready_is_dropped_whole(parse: Parse) -> None:
    tree = FERRY | {"tree_state": "growing"}
    assert {r.drop for r in parse("oasst", tree)} == {"the tree is not ready for export"}
    assert len(_all(parse("oasst", tree, keep=["unfinished"]))) == 3


def test_a_root_message_with_its_replies_is_a_tree(parse: Parse) -> None:
    (bare, whole) = (parse("oasst", FERRY["prompt"] | {"parent_id": None}), parse("oasst", FERRY))
    assert _all(bare) == _all(whole)
    assert {record.family for record in bare} == {"ferry?"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"message_id": "m", "parent_id": None, "text": "q", "role": "prompter"}, "trees.jsonl.gz"),
        ({"message_id": "m", "parent_id": "t", "text": "a", "replies": []}, "row by row"),
        (_tree(None), "`prompt` is no message"),
        (_tree(_message("a")), "does not start with the prompter"),
        (_tree(_asked("q", _asked("r"))), "answers himself"),
        (_tree(_asked("q", {"text": 3, "role": "assistant"})), r"`\$.prompt.replies\[0\]`"),
        (_tree(_asked("q", {"text": "a", "role": "bot"})), "Invalid enum value 'bot'"),
    ],
)
def test_what_is_no_tree_is_a_bad_row_that_says_why(parse: Parse, row: Any, words: str) -> None:
    with pytest.raises(BadRow, match=words):
        parse("oasst", row)


def test_a_conversation_without_end_is_refused(parse: Parse) -> None:
    message = _message("last")
    for number in range(3000):
        message = _message(f"{number}", message, role=("prompter", "assistant")[number % 2])
    with pytest.raises(BadRow, match="more than 100 turns"):
        parse("oasst", _tree(message))


FACTS = st.fixed_dictionaries(
    {"text": st.text(max_size=3)},
    optional={
        "rank": st.integers(0, 3) | st.none(),
        "deleted": st.booleans(),
        "review_result": st.booleans() | st.none(),
        "labels": st.just({"quality": {"value": 0.5}}),
    },
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 4, role: str = "prompter") -> dict[str, Any]:
    below = {"prompter": "assistant", "assistant": "prompter"}[role]
    width = draw(st.integers(0, 3 if depth else 0))
    replies = [draw(trees(depth - 1, below)) for _ in range(width)]
    return {"role": role, "replies": replies, "review_result": True, **draw(FACTS)}


def _messages(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node] + [each for reply in node["replies"] for each in _messages(reply)]


@given(
    trees(),
    st.sampled_from(["all", "best"]),
    st.sampled_from(["ranked", "each", "last"]),
    st.data(),
)
def test_every_message_stands_in_a_record(
    root: dict[str, Any], paths: Any, answers: Any, data: st.DataObject
) -> None:
    for number, node in enumerate(_messages(root)):
        node["message_id"] = str(number)
        node["text"] += f" {number}" * data.draw(st.booleans())
    options = msgspec.convert({"paths": paths, "answers": answers}, oasst.Options)
    records = oasst.parse(_tree(root), Place("s", "f", 1), options)
    seen = {text for record in records for part in _said(record) for text in part}
    assert seen == {node["text"] for node in _messages(root)}
    facts = Counter(
        fact["message_id"]
        for record in records
        for fact in record.meta["messages"][-len(record.answers) :]
        if record.answers
    )
    replies = {node["message_id"] for node in _messages(root) if node["role"] == "assistant"}
    assert set(facts) <= replies
    if answers != "last":
        assert facts == Counter(replies)


KEYS = ["prompt", "text", "role", "replies", "rank", "message_tree_id", "parent_id", "tree_state"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["prompter", "assistant", "x"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_whatever_a_row_holds_it_is_records_or_a_bad_row(row: dict[str, Any]) -> None:
    try:
        records = oasst.parse(row, Place("s", "f", 1), oasst.Options())
    except BadRow:
        return
    assert records
