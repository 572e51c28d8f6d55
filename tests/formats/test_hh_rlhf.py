"""Transcripts are split at speaker marks only, and every odd pair has a declared treatment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow
from mixer.formats import hh_rlhf
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]


def _row(chosen: str, rejected: str) -> dict[str, str]:
    return {"chosen": chosen, "rejected": rejected}


START = "\n\nHuman: Any tea?\n\nAssistant: "


def test_a_pair_is_a_common_prompt_and_two_answers(parse: Parse) -> None:
    (record,) = parse("hh_rlhf", _row(f"{START}Assam.", f"{START}No."), "helpful-base/a.jsonl")
    assert record.prompt == [Message("user", "Any tea?")]
    assert [a.messages[0].content for a in record.answers] == ["Assam.", "No."]
    assert record.subset == "helpful-base"


def test_paragraphs_and_inline_marks_stay_in_their_turn(parse: Parse) -> None:
    text = "First.\n\nThe label says Human: and\nAssistant: too.\n\nHumans: last."
    (record,) = parse("hh_rlhf", _row(START + text, f"{START}No."))
    assert record.answers[0].messages[0].content == text


def test_turns_of_one_speaker_are_joined_and_counted(parse: Parse) -> None:
    start = "\n\nHuman: Leeks.\n\nHuman: Soup?\n\nAssistant: "
    (record,) = parse("hh_rlhf", _row(f"{start}Yes.\n\nAssistant: Add salt.", f"{start}No."))
    assert record.prompt == [Message("user", "Leeks.\n\nSoup?")]
    assert record.answers[0].messages[0].content == "Yes.\n\nAdd salt."
    assert record.treatments == ["joined turns of one speaker"]


@pytest.mark.parametrize(
    ("chosen", "rejected", "words"),
    [
        (
            f"{START}Yes.",
            "\n\nHuman: Any milk?\n\nAssistant: No.",
            "prompts of chosen and rejected",
        ),
        ("\n\nHuman: Tea?", "\n\nHuman: Milk?", "does not end with a turn of the assistant"),
        ("Tea?", "Tea!", "must start with"),
    ],
)
def test_pairs_that_are_none_go_to_quarantine(
    chosen: str, rejected: str, words: str, parse: Parse
) -> None:
    with pytest.raises(BadRow, match=words):
        parse("hh_rlhf", _row(chosen, rejected))
    with pytest.raises(BadRow, match="needs `chosen` and `rejected`"):
        parse("hh_rlhf", {"chosen": chosen})


def test_red_team_attempts_are_prompts_that_are_not_for_training(parse: Parse) -> None:
    (record,) = parse("hh_rlhf", {"transcript": f"{START}Yes."})
    assert record.answers == []
    assert record.not_for_training


TEXT = (
    st.text(st.characters(exclude_categories=["Cs"]))
    .map(str.strip)
    .filter(lambda text: "Human:" not in text and "Assistant:" not in text)
)


@given(st.lists(TEXT, min_size=1, max_size=5).filter(lambda t: len(t) % 2 == 1), TEXT, TEXT)
def test_render_is_the_inverse_of_parse(prompt: list[str], good: str, bad: str) -> None:
    marks = ("Human", "Assistant")
    start = "".join(f"\n\n{marks[n % 2]}: {text}" for n, text in enumerate(prompt))
    row = hh_rlhf.Row(f"{start}\n\nAssistant: {good}", f"{start}\n\nAssistant: {bad}")
    assert hh_rlhf.render(hh_rlhf.parse(row, Place("s", "f", 1), None)) == row
