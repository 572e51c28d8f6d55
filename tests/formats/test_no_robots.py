"""The conversation is that of `messages`; the category is the subset and upstream's task."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]

TURNS = [{"role": "user", "content": "Any good tea?"}, {"role": "assistant", "content": "Assam."}]


def test_a_row_becomes_a_record_with_its_category(parse: Parse) -> None:
    row = {"prompt": "Any good tea?", "messages": TURNS, "category": "Open QA"}
    (record,) = parse("no_robots", row)
    assert [turn.content for turn in record.prompt] == ["Any good tea?"]
    assert record.answers[0].messages[0].content == "Assam."
    assert (record.subset, record.stated_task) == ("Open QA", ("no_robots", "Open QA"))


def test_a_prompt_that_no_message_says_is_kept(parse: Parse) -> None:
    row = {"prompt": "Be brief. Any good tea?", "messages": TURNS, "category": "Open QA"}
    assert parse("no_robots", row)[0].meta == {"prompt": "Be brief. Any good tea?"}
    assert parse("no_robots", row | {"prompt": "Any good tea?"})[0].meta == {}
