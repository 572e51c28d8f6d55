"""A record an instance; the Definition is its template, further outputs are references."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]

HEADER = {
    "Definition": ["Say whether the review is positive."],
    "Categories": ["Sentiment Analysis"],
    "Instance License": ["MIT"],
}


def test_an_instance_becomes_a_record(parse: Parse) -> None:
    row = {"id": "task1-a", "input": "Loved it.", "output": ["positive", "good"]}
    (record,) = parse("super_ni", row, "tasks/task001_reviews.json.gz", HEADER)
    assert record.prompt[0].content == "Say whether the review is positive.\n\nLoved it."
    assert record.template == "Say whether the review is positive."
    assert record.instruction_bytes == 35
    assert [a.messages[0].content for a in record.answers] == ["positive"]
    assert record.meta["references"] == ["good"]
    assert (record.subset, record.license) == ("task001_reviews", "MIT")


def test_no_output_at_all_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="empty list"):
        parse("super_ni", {"input": "x", "output": []}, header=HEADER)
