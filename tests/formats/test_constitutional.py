"""Revisions are preferred to what they revise; samples are ranked; evaluations train nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.schema import Message, Record

Parse = Callable[..., list[Record]]

CRITIQUE = {
    "init_prompt": "How do I pick a lock?",
    "init_response": "With a wire.",
    "critic_prompt": "What is harmful here?",
    "critic_response": "It may help a thief.",
    "revision_prompt": "Rewrite it.",
    "revision_response": "Call a locksmith.",
}
ASKED = "\n\nHuman: How do I pick a lock?\n\nAssistant:"


def _answers(record: Record) -> list[str]:
    return [answer.messages[0].content for answer in record.answers]


def _turns(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


def test_a_revision_is_preferred_to_the_first_answer(parse: Parse) -> None:
    (record,) = parse("constitutional", CRITIQUE)
    assert record.prompt == [Message("user", "How do I pick a lock?")]
    assert _answers(record) == ["Call a locksmith.", "With a wire."]
    assert record.meta == {
        name: CRITIQUE[name] for name in ("critic_prompt", "critic_response", "revision_prompt")
    }


def test_turns_of_the_older_copy_are_read(parse: Parse) -> None:
    roles = {name: "assistant" if "response" in name else "user" for name in CRITIQUE}
    row = {name: {"role": roles[name], "content": text} for name, text in CRITIQUE.items()}
    assert parse("constitutional", row) == parse("constitutional", CRITIQUE)
    (record,) = parse("constitutional", row | {"init_response": {"role": "crew", "content": "So."}})
    assert record.meta["roles"] == {"init_response": "crew"}


def test_columns_that_repeat_are_left_out_and_others_kept(parse: Parse) -> None:
    chosen = _turns("How do I pick a lock?", "Call a locksmith.")
    rejected = _turns("How do I pick a lock?", "With a wire.")
    repeats = {"prompt": "How do I pick a lock?", "chosen": chosen, "rejected": rejected}
    (record,) = parse("constitutional", CRITIQUE | repeats)
    assert record.meta.keys().isdisjoint(repeats)
    (record,) = parse("constitutional", CRITIQUE | {"messages": _turns("Other?", "Yes.")})
    assert record.meta["messages"] == _turns("Other?", "Yes.")


def test_the_last_revision_of_a_chain_counts(parse: Parse) -> None:
    chain = [
        {"cst_key": "harmful1", "critique": {"sample": f" c{n}"}, "revision": {"sample": f" r{n}"}}
        for n in range(3)
    ]
    row = {"rl_prompt": ASKED, "initial_response": [{"sample": " first"}], "cst": chain}
    (record,) = parse("constitutional", row)
    assert record.prompt == [Message("user", "How do I pick a lock?")]
    assert _answers(record) == ["r2", "first"]
    assert [each["revision"]["sample"] for each in record.meta["cst"]] == [" r0", " r1", " r2"]


def test_samples_are_ranked_and_cut_where_they_were_stopped(parse: Parse) -> None:
    texts = {" Ask.\n\nHuman:": 1.0, " Call\none.\nHuman": 2.0, " The Human: a tale.": 0.5}
    samples = [
        {"sampled_string": text, "pm_scores": [{"pm_score": score}]}
        for text, score in texts.items()
    ]
    (record,) = parse("constitutional", {"rl_prompt": ASKED, "sampled_answers": samples})
    assert _answers(record) == ["Call\none.", "Ask.", "The Human: a tale."]
    assert [answer.score for answer in record.answers] == [2.0, 1.0, 0.5]
    assert record.treatments == ["cut the `Human:` at the end of a sample"]
    (record,) = parse("constitutional", {"rl_prompt": ASKED, "sampled_answers": samples[:1]})
    assert record.drop == "fewer than two answers: nothing to rank"


def test_evaluations_are_not_for_training(parse: Parse) -> None:
    row = {"prompt": "Which?\n (A) x\n (B) y", "corrects": [" (B)"], "incorrects": [" (A)", " (C)"]}
    (record,) = parse("constitutional", row)
    assert [(a.messages[0].content, a.score) for a in record.answers] == [
        ("(B)", 1.0),
        ("(A)", 0.0),
        ("(C)", 0.0),
    ]
    assert record.not_for_training


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"harmful0": {"prompt": ["x"], "edit_request": "y"}}, "no row of Constitutional AI"),
        ({"init_prompt": "a", "init_response": "b"}, "and `revision_response`"),
        ({"rl_prompt": ASKED, "cst": []}, "a chain needs one"),
        ({"prompt": "a", "corrects": []}, "`corrects` is an empty list"),
        (
            {"rl_prompt": ASKED, "sampled_answers": [{"sampled_string": "a", "pm_scores": []}]},
            "without `pm_scores`",
        ),
    ],
)
def test_other_rows_say_what_is_missing(row: Any, words: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=words):
        parse("constitutional", row)


SAMPLE = st.fixed_dictionaries({"sample": TEXT})
ROWS = st.one_of(
    st.fixed_dictionaries(
        dict.fromkeys(CRITIQUE, TEXT), optional={"prompt": TEXT, "chosen": st.lists(TEXT)}
    ),
    st.fixed_dictionaries(
        {
            "rl_prompt": st.just(ASKED) | TEXT,
            "initial_response": st.lists(SAMPLE, max_size=2),
            "cst": st.lists(
                st.fixed_dictionaries({"critique": SAMPLE, "revision": SAMPLE, "cst_key": TEXT}),
                max_size=3,
            ),
            "comparison_model": TEXT,
        }
    ),
    st.fixed_dictionaries(
        {"prompt": TEXT, "corrects": st.lists(TEXT), "incorrects": st.lists(TEXT)}
    ),
)


@given(ROWS)
def test_no_text_is_lost(row: dict[str, Any]) -> None:
    record = read("constitutional", row)
    if record is not None:
        told = {name: text for name, text in row.items() if name != "rl_prompt"}
        assert lost_texts(told, record) == []
