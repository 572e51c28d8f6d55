"""The task is the file name; end marks go; token ids say nothing more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_both_shapes_give_the_same_record(parse: Parse) -> None:
    one = {"prompt": "Which section?\n", "completion": "Sport<|endoftext|>"}
    other = {
        "inputs_pretokenized": "Which section?\n",
        "targets_pretokenized": "Sport\n",
        "inputs": [1],
    }
    for row in (one, other):
        (record,) = parse("p3", row, "t0/news_which_section.jsonl.gz")
        assert record.prompt[0].content == "Which section?\n"
        assert record.answers[0].messages[0].content == "Sport"
        assert record.subset == "news_which_section"


def test_half_a_row_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="needs `prompt, completion`"):
        parse("p3", {"prompt": "Which?"})
