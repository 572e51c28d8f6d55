"""A choice is a preference; a rating is feedback only once it is said what is good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]

POST = {
    "id": "t3_a",
    "post": "The ferry left.",
    "title": "Late?",
    "subreddit": "travel",
    "article": None,
}
PAIR = {
    "info": POST,
    "summaries": [
        {"text": " missed ferry", "policy": "sup4", "note": "Whose?"},
        {"text": " I missed the ferry.", "policy": "ref", "note": None},
    ],
    "choice": 1,
    "worker": "w1",
}
RATED = {
    "info": {"id": "8f", "article": "A fair was held.", "title": "Fair", "site": "dailymail"},
    "summary": {"text": "A fair.", "policy": "ref", "note": "", "axes": {"overall": 6}},
}


def test_the_chosen_summary_comes_first(parse: Parse) -> None:
    (record,) = parse("summarize_feedback", PAIR)
    assert [a.messages[0].content for a in record.answers] == [
        "I missed the ferry.",
        "missed ferry",
    ]
    assert record.prompt[0].content == (
        "SUBREDDIT: r/travel\n\nTITLE: Late?\n\nPOST: The ferry left.\n\nTL;DR:"
    )
    assert (record.subset, record.family) == ("travel", "t3_a")
    assert record.meta["summaries"][0] == {"policy": "sup4", "note": "Whose?"}


def test_a_rating_waits_for_what_is_good(parse: Parse) -> None:
    (record,) = parse("summarize_feedback", RATED)
    assert record.answers[0].score == 6.0
    assert record.drop is not None
    assert "good_from" in record.drop
    for good_from, score in ((6, 1.0), (7, 0.0)):
        (record,) = parse("summarize_feedback", RATED, good_from=good_from)
        assert (record.drop, record.answers[0].score) == (None, score)
        assert record.meta["summary"]["axes"] == {"overall": 6}
    assert record.prompt[0].content == "Article:\nA fair was held.\n\nTL;DR:"
    assert record.subset == "dailymail"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"choice": None}, "two `summaries` and a `choice`"),
        ({"summaries": [{"text": "one"}]}, "two `summaries`"),
        ({"info": {"id": "x"}}, "neither a post nor an article"),
        ({"summary": {"text": "x", "axes": {"accuracy": 3}}}, "no rating 'overall'"),
    ],
)
def test_half_a_row_says_what_is_missing(change: Any, words: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=words):
        parse("summarize_feedback", PAIR | change)


MAYBE = st.none() | TEXT
SUMMARY = st.fixed_dictionaries(
    {"text": TEXT, "policy": MAYBE, "note": MAYBE},
    optional={"axes": st.dictionaries(st.just("overall"), st.integers(1, 7))},
)
INFO = st.fixed_dictionaries(
    {"id": MAYBE, "post": MAYBE, "article": MAYBE, "title": MAYBE, "subreddit": MAYBE}
)


@given(
    st.fixed_dictionaries(
        {"info": INFO, "choice": st.sampled_from([0, 1, None])},
        optional={
            "summaries": st.lists(SUMMARY, max_size=3),
            "summary": SUMMARY,
            "extra": st.dictionaries(TEXT, TEXT),
        },
    )
)
def test_no_text_is_lost(row: dict[str, Any]) -> None:
    if "summary" in row:
        row.pop("summaries", None)
    record = read("summarize_feedback", row)
    if record is not None:
        assert lost_texts(row, record) == []
