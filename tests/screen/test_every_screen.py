"""What holds for every screen: hostile text is no error, neighbours in a batch do not matter."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer import steps
from mixer.schema import Answer, Message, Record, assistant, user

from .screened import batch_of, step_of

SETTINGS = {
    "language": {"keep": ["en"]},
    "length": {
        "min_prompt_words": 1,
        "max_prompt_characters": 9,
        "min_answer_tokens": 2,
        "max_answer_words": 5,
    },
    "placeholders": {"kinds": ["no_value", "template", "special_token", "fill_in"]},
    "truncated": {"kinds": ["open_code", "open_sentence", "no_full_stop"], "min_words": 1},
    "empty_answer": {"punctuation": True},
    "license": {"allow": "commercial"},
    "red_team": {"fields": {"toxic": True}},
    "removed": {"certificates": "none-of-them/*.json"},
}
MEGABYTE = 1 << 20
HOSTILE = [
    "",
    " \n\t ",
    "\u200b\u2060\ufeff",
    "a" * 10 * MEGABYTE,
    *(
        part * (MEGABYTE // len(part))
        for part in (
            "1 ",
            "a@",
            "+1",
            "-----BEGIN PRIVATE KEY-----",
            "sorry, ",
            "{{",
            "😀",
            "Ã",
            "茶",
        )
    ),
    "مرحبا بالعالم، كيف حالك؟ \u202eabc\u202c",
    "שלום hello 世界 Привет नमस्ते 🏳️‍🌈 e\u0301",
    "\x00\x01\x1b[31m\x7f\x80",
    "\ufffd\ufffe\uffff\U0010ffff",
    "```" * 1001,
]
NAMES = steps.names("screen")
NEED_KEYS = ("language", "length", "license", "removed")


@pytest.fixture(scope="module")
def hostile() -> pa.RecordBatch:
    records = [Record([user(text)], [assistant(text), assistant("x")]) for text in HOSTILE]
    records += [Record([user(text)], []) for text in HOSTILE[:3]]
    records += [Record([], []), Record([], [Answer(())]), Record([user("x")], [Answer(())])]
    return batch_of(records)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_gets_a_verdict(name: str, hostile: pa.RecordBatch) -> None:
    found = step_of(name, **SETTINGS.get(name, {}))(hostile)
    assert (len(found), found.type) == (hostile.num_rows, pa.string())


TEXT = st.text(max_size=30) | st.sampled_from(
    ["I can't help with that.", "As an AI, I", "{{name}}", "cafÃ©", "a.person@mail.net", "and the"]
)
MESSAGES = st.builds(Message, st.sampled_from(["user", "assistant"]), TEXT)
RECORDS = st.lists(
    st.builds(
        Record,
        st.lists(MESSAGES, max_size=3),
        st.lists(
            st.builds(Answer, st.lists(MESSAGES, max_size=2).map(tuple), st.none()), max_size=3
        ),
        st.sampled_from(["", "red-team-attempts", "helpful-base"]),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", NAMES)
@given(records=RECORDS)
def test_a_record_is_judged_alike_alone_and_among_others(name: str, records: list[Record]) -> None:
    step = step_of(name, **SETTINGS.get(name, {}))
    batch = batch_of(records)
    together = step(batch).to_pylist()
    alone = [step(batch.slice(row, 1)).to_pylist()[0] for row in range(len(records))]
    assert together == alone
    assert step(batch.slice(0, 0)).to_pylist() == []


@pytest.mark.parametrize("name", [n for n in NAMES if n not in NEED_KEYS])
def test_bare_prompts_are_no_reason_to_reject(name: str) -> None:
    assert step_of(name)(batch_of([Record([user("What is tea?")], [])])).to_pylist() == [None]
