"""Labels say which comment is preferred; weak pairs are left out; only the history is ever cut."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from mixer.formats.shp import is_training_row
from mixer.schema import Record

Parse = Callable[..., list[Record]]

ROW = {
    "history": "Why did my loaf fall?",
    "human_ref_A": "Too much yeast.",
    "human_ref_B": "No idea.",
    "labels": 1,
    "domain": "askbaking_train",
    "post_id": "p1",
    "score_A": 40,
    "score_B": 10,
    "score_ratio": 4.0,
    "seconds_difference": 2.0,
}


def test_label_1_means_that_a_is_preferred(parse: Parse) -> None:
    (record,) = parse("shp", ROW)
    assert [(a.messages[0].content, a.score) for a in record.answers] == [
        ("Too much yeast.", 40.0),
        ("No idea.", 10.0),
    ]
    assert (record.subset, record.family) == ("askbaking_train", "p1")
    (record,) = parse("shp", ROW | {"labels": 0})
    assert record.answers[0].messages[0].content == "No idea."


def test_weak_preferences_are_dropped_with_the_reason(parse: Parse) -> None:
    (record,) = parse("shp", ROW, min_score_ratio=5.0)
    assert record.drop == "score ratio below min_score_ratio = 5"
    (record,) = parse("shp", ROW, min_score_ratio=4.0)
    assert record.drop is None


def test_only_the_history_is_cut(parse: Parse) -> None:
    (record,) = parse("shp", ROW | {"history": "word " * 100}, max_history_tokens=5)
    assert record.prompt[0].content == "word word word word word word"
    assert record.answers[0].messages[0].content == "Too much yeast."
    assert record.treatments == ["cut the end of the history"]


def test_transcripts_become_turns(parse: Parse) -> None:
    history = "HUMAN: Hm?\n\nASSISTANT: Yes?\n\nHUMAN: Tea."
    (record,) = parse("shp", ROW | {"history": history})
    assert [turn.role for turn in record.prompt] == ["user", "assistant", "user"]


def test_caps_count_training_rows() -> None:
    assert is_training_row("askbaking_train")
    assert not is_training_row("askbaking_test")


def test_labels_are_0_or_1(parse: Parse) -> None:
    with pytest.raises(msgspec.ValidationError, match="labels"):
        parse("shp", ROW | {"labels": 2})
