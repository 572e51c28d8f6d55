"""Two preferences that disagree are never taken for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import pku_saferlhf
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]

ROW = {
    "prompt": "How do I get wasps out of a shed?",
    "response_0": "Burn it down.",
    "response_1": "Ask a pest controller.",
    "is_response_0_safe": False,
    "is_response_1_safe": True,
    "better_response_id": 0,
    "safer_response_id": 1,
    "response_0_severity_level": 2,
}


def _chosen(record: Record) -> str:
    return record.answers[0].messages[0].content


def test_by_default_only_pairs_count_where_both_agree(parse: Parse) -> None:
    (record,) = parse("pku_saferlhf", ROW)
    assert record.drop is not None
    assert record.drop.startswith("the better answer is not the safer one")
    (record,) = parse("pku_saferlhf", ROW | {"better_response_id": 1})
    assert (record.drop, _chosen(record)) == (None, "Ask a pest controller.")


def test_either_preference_can_be_asked_for(parse: Parse) -> None:
    (better,) = parse("pku_saferlhf", ROW, by="better")
    (safer,) = parse("pku_saferlhf", ROW, by="safer")
    assert (_chosen(better), _chosen(safer)) == ("Burn it down.", "Ask a pest controller.")
    assert (better.drop, safer.drop) == (None, None)
    assert safer.meta["is_response_0_safe"] is False


@pytest.mark.parametrize("by", ["better", "safer", "agreed"])
def test_a_preference_that_is_not_stated_is_not_guessed(by: str, parse: Parse) -> None:
    name = "safer_response_id" if by == "safer" else "better_response_id"
    with pytest.raises(BadRow, match=f"by: {by}"):
        parse("pku_saferlhf", ROW | {name: None}, by=by)
    with pytest.raises(msgspec.ValidationError, match=name):
        parse("pku_saferlhf", ROW | {name: 2}, by=by)


BIT = st.sampled_from([0, 1])
ROWS = st.fixed_dictionaries(
    {
        "prompt": TEXT,
        "response_0": TEXT,
        "response_1": TEXT,
        "better_response_id": BIT,
        "safer_response_id": BIT,
        "is_response_0_safe": st.booleans(),
        "is_response_1_safe": st.booleans(),
    },
    optional={"response_0_source": TEXT},
)


@given(ROWS, st.sampled_from(["better", "safer", "agreed"]))
def test_render_is_the_inverse_of_parse_and_no_text_is_lost(row: dict[str, Any], by: Any) -> None:
    typed = msgspec.convert(row, pku_saferlhf.Row)
    record = pku_saferlhf.parse(typed, Place("s", "f", 1), pku_saferlhf.Options(by))
    assert pku_saferlhf.render(record) == typed
    kept = read("pku_saferlhf", row, by=by)
    assert kept is not None
    assert lost_texts(row, kept) == []
