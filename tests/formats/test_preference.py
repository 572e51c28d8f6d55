"""A prompt is taken once wherever it stands, and what cannot be parted is a bad row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import preference
from mixer.schema import Message, Place, Record

Parse = Callable[..., list[Record]]

ASK = {"role": "user", "content": "Is the ford open?"}
GOOD = {"role": "assistant", "content": "From May on."}
BAD = {"role": "assistant", "content": "Fords are shallow."}
TAKEN_ONCE = ["took the prompt once that the answers repeat"]


def _parts(record: Record) -> tuple[list[str], list[list[str]]]:
    answers = [[message.content for message in answer.messages] for answer in record.answers]
    return [message.content for message in record.prompt], answers


WANTED = ([ASK["content"]], [[GOOD["content"]], [BAD["content"]]])


@pytest.mark.parametrize(
    ("row", "treatments"),
    [
        ({"prompt": [ASK], "chosen": [GOOD], "rejected": [BAD]}, []),
        ({"prompt": [ASK], "chosen": GOOD, "rejected": BAD["content"]}, []),
        ({"prompt": ASK["content"], "chosen": [GOOD], "rejected": [BAD]}, []),
        ({"chosen": [ASK, GOOD], "rejected": [ASK, BAD]}, []),
        ({"chosen_messages": [ASK, GOOD], "rejected_messages": [ASK, BAD]}, []),
        ({"prompt": ASK["content"], "chosen": [ASK, GOOD], "rejected": [ASK, BAD]}, TAKEN_ONCE),
        ({"prompt": [ASK], "chosen": [ASK, GOOD], "rejected": [ASK, BAD]}, TAKEN_ONCE),
    ],
)
def test_every_shape_is_the_same_pair(row: Any, treatments: list[str], parse: Parse) -> None:
    (record,) = parse("preference", row)
    assert _parts(record) == WANTED
    assert record.treatments == treatments
    assert record.meta == {}


def test_texts_are_taken_as_they_stand(parse: Parse) -> None:
    row = {"prompt": "The ford is", "chosen": " open.", "rejected": " shallow."}
    (record,) = parse("preference", row)
    assert _parts(record) == (["The ford is"], [[" open."], [" shallow."]])


def test_scores_are_those_of_the_answers_and_do_not_decide(parse: Parse) -> None:
    row = {"prompt": "a", "chosen": "b", "rejected": "c", "score_chosen": 2, "score_rejected": 7.5}
    (record,) = parse("preference", row)
    assert [answer.score for answer in record.answers] == [2.0, 7.5]
    assert record.answers[0].messages[0].content == "b"


def test_a_prompt_beside_another_conversation_is_kept(parse: Parse) -> None:
    row = {"prompt": "### Q: ford?", "chosen": [ASK, GOOD], "rejected": [ASK, BAD]}
    (record,) = parse("preference", row)
    assert _parts(record) == WANTED
    assert record.meta == {"prompt": "### Q: ford?"}
    assert record.treatments == ["kept a prompt in meta that the conversation does not hold"]


def test_all_that_both_answers_begin_with_is_the_prompt(parse: Parse) -> None:
    start = [ASK, GOOD, {"role": "user", "content": "And the ferry?"}]
    (record,) = parse("preference", {"chosen": [*start, GOOD], "rejected": [*start, BAD]})
    assert [message.role for message in record.prompt] == ["user", "assistant", "user"]
    (record,) = parse("preference", {"chosen": [ASK, GOOD], "rejected": [ASK, GOOD]})
    assert record.prompt == [Message("user", ASK["content"])]


def test_fields_of_turns_are_kept_at_their_places(parse: Parse) -> None:
    weights: list[dict[str, Any]] = [ASK | {"weight": 0.0}, GOOD | {"weight": 1.0}]
    row = {"chosen": weights, "rejected": [weights[0], BAD]}
    (record,) = parse("preference", row)
    assert record.meta == {"turn_fields": {"0": {"weight": 0.0}, "1": {"weight": 1.0}}}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"chosen": "\n\nHuman: a", "rejected": "\n\nHuman: b"}, "format hh_rlhf"),
        ({"prompt": "a", "chosen": "b"}, "needs `chosen` and `rejected`"),
        ({"prompt": "a", "chosen": [], "rejected": [BAD]}, "`chosen` is an empty list"),
        ({"prompt": "a", "chosen": [ASK], "rejected": [BAD]}, "turns of the user"),
        ({"chosen": [ASK, GOOD], "rejected": [GOOD, ASK, BAD]}, "turns of the user"),
        ({"chosen": [ASK, GOOD], "rejected": [ASK, ASK]}, "turns of the user"),
        ({"prompt": [ASK], "chosen": [{"role": "tool", "content": "x"}], "rejected": BAD}, "end"),
        ({"prompt": "a", "chosen": "b", "rejected": "c", "images": ["x.png"]}, "images"),
    ],
)
def test_what_is_no_pair_says_why(row: Any, words: str, parse: Parse) -> None:
    with pytest.raises(BadRow, match=words):
        parse("preference", row)


TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": TEXT},
    optional={"name": TEXT},
)
SAID = TEXT | TURN | st.lists(TURN, max_size=4)


@given(st.dictionaries(st.sampled_from(["prompt", "chosen", "rejected", "tools"]), SAID))
def test_no_text_is_lost_in_any_shape(row: dict[str, Any]) -> None:
    record = read("preference", row)
    if record is not None:
        assert lost_texts(row, record) == []


ANSWER = st.lists(TEXT, min_size=1, max_size=2).map(
    lambda texts: [{"role": "assistant", "content": text} for text in texts]
)
ASKED = st.lists(TURN, max_size=3).map(lambda turns: [*turns, ASK])


@given(ASKED, ANSWER, ANSWER, st.none() | st.floats(0, 10))
def test_render_is_the_inverse_of_parse(
    prompt: Any, chosen: Any, rejected: Any, score: float | None
) -> None:
    row = msgspec.convert(
        {"prompt": prompt, "chosen": chosen, "rejected": rejected, "score_chosen": score},
        preference.Row,
    )
    record = preference.parse(row, Place("s", "f", 1), None)
    assert preference.render(record) == row


@given(ASKED, ANSWER, ANSWER)
def test_a_repeated_prompt_reads_like_one_that_is_not(
    prompt: Any, chosen: Any, rejected: Any
) -> None:
    plain = read("preference", {"prompt": prompt, "chosen": chosen, "rejected": rejected})
    whole = {"prompt": prompt, "chosen": prompt + chosen, "rejected": prompt + rejected}
    repeated = read("preference", whole)
    assert plain is not None
    assert repeated is not None
    assert (repeated.prompt, repeated.answers) == (plain.prompt, plain.answers)
