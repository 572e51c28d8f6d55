"""The classifier over Arrow buffers: one label however rows are batched, whatever they hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate.classifier.classify import asked_of, classify
from mixer.annotate.classifier.concepts import CONCEPTS, concept_table
from mixer.annotate.classifier.features import MOST_FEATURES, row_features
from mixer.annotate.classifier.grams import new_line
from mixer.annotate.classifier.model import CLASSES, TASKS, Model, in_slots, model, sums
from mixer.annotate.classifier.tokens import MOST_TOKENS, tokenize
from mixer.record_builder import RecordBuilder
from mixer.schema import Answer, Message, Record, assistant
from mixer.taxonomy import FORMS, TASK_TYPES

text = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["Write a", "poem?", "```", "- x", "\n\n", "请", "’", "12.5"])).map(
        " ".join
    ),
)
message = st.builds(Message, st.sampled_from(["user", "assistant", "system"]), text)
record = st.builds(
    Record, st.lists(message, max_size=4), st.lists(st.builds(assistant, text), max_size=2)
)


def batch_of(records: list[Record]) -> pa.RecordBatch:
    builder = RecordBuilder("s", None)
    for number, one in enumerate(records):
        builder.add(f"s/f:{number}", one)
    return builder.take()


def labels_of(records: list[Record]) -> list[tuple[str, str]]:
    found = classify(batch_of(records))
    names = list(TASK_TYPES), list(FORMS)
    return [
        (names[0][task], names[1][form])
        for task, form in zip(found.task_type, found.form, strict=True)
    ]


def asked(*turns: str, answer: str | None = None) -> Record:
    said = [Message("assistant" if place % 2 else "user", each) for place, each in enumerate(turns)]
    return Record(said, [] if answer is None else [assistant(answer)])


@given(st.lists(record, min_size=1, max_size=12), st.integers(0, 12))
def test_labels_do_not_depend_on_the_batch(records: list[Record], cut: int) -> None:
    batch = batch_of(records)
    whole = classify(batch)
    parts = [classify(batch.slice(0, cut)), classify(batch.slice(cut))]
    for name in ("task_type", "form", "task_type_confidence", "form_confidence"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(getattr(whole, name), joined)
    assert ((whole.task_type_confidence > 0) & (whole.task_type_confidence <= 1)).all()


@given(st.lists(record, min_size=1, max_size=8), st.data())
def test_rows_that_are_not_wanted_change_no_other(
    records: list[Record], data: st.DataObject
) -> None:
    wanted = np.array([data.draw(st.booleans()) for _ in records])
    batch = batch_of(records)
    every, some = classify(batch), classify(batch, wanted)
    for one, other in zip(every, some, strict=True):
        np.testing.assert_array_equal(one[wanted], other[wanted])


@given(st.binary(max_size=300))
def test_any_bytes_are_tokens(data: bytes) -> None:
    hashes, kinds = np.zeros(MOST_TOKENS, np.uint64), np.zeros(MOST_TOKENS, np.uint8)
    count = tokenize(np.frombuffer(data, np.uint8), 0, len(data), hashes, kinds)
    assert count <= len(data)
    assert (count == 0) == (not data.strip(bytes(range(33))))


@given(st.lists(record, min_size=1, max_size=5))
def test_sums_are_those_of_a_dictionary(records: list[Record]) -> None:
    trained, known = model()
    rows = asked_of(batch_of(records))
    table = {
        int(feature): weights
        for feature, weights in zip(trained.slots, trained.weights, strict=True)
        if feature
    }
    total, found = sums(rows, np.ones(len(records), bool), known, trained)
    room, features = (new_line(), new_line()), np.empty(MOST_FEATURES, np.uint32)
    for row in range(len(records)):
        count = row_features(rows, row, known, room, features)
        own = [table[int(each)] for each in features[:count] if int(each) in table]
        assert found[row] == len(own)
        assert total[row].tolist() == np.sum(own, axis=0, dtype=int).tolist()


def test_a_model_finds_each_feature_in_a_full_table() -> None:
    features = (np.arange(1, 400) * 64).astype(np.uint32)
    weights = np.arange(399 * CLASSES).reshape(399, CLASSES).astype(np.int8)
    made: Model = in_slots(features, weights, np.zeros(0, np.uint64), np.ones(2))
    place = {int(feature): row for feature, row in zip(made.slots, made.weights, strict=True)}
    assert all(
        (place[int(feature)] == row).all() for feature, row in zip(features, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("one", "task_type"),
    [
        (
            asked("Write a short poem about an old harbour.", answer="Grey boats\nsleep."),
            "generation",
        ),
        (
            asked(
                "Translate into German: I have lost my hat.", answer="Ich habe meinen Hut verloren."
            ),
            "translation",
        ),
        (
            asked(
                "Write a Python function that reverses a list.",
                answer="def f(a):\n    return a[::-1]",
            ),
            "code",
        ),
        (asked("What is the capital of Peru?", answer="Lima."), "open_qa"),
        (
            asked("Hello!", "Hi, what can I do?", "Thanks, that is all for today!", answer="Bye."),
            "chat",
        ),
        (asked("What is 17 * 23 + 4?", answer="395"), "math"),
        (
            asked("Give me ten ideas for a birthday present for my uncle.", answer="1. A kite"),
            "brainstorming",
        ),
    ],
)
def test_plain_requests(one: Record, task_type: str) -> None:
    assert labels_of([one])[0][0] == task_type


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "\x00\x01\x02",
        "a" * 10_000_000,
        "\U0001f600" * 50,
        "שלום עולם",
        "‮abc",
        "é́́" * 1000,
        "?" * 5000,
    ],
)
def test_any_text_has_a_label(said: str) -> None:
    found = classify(batch_of([asked(said), asked(said, answer=said), Record([], [])]))
    assert len(found.form) == 3
    assert np.isfinite(found.task_type_confidence).all()


def test_no_row_no_label() -> None:
    assert len(classify(batch_of([asked("a")]).slice(0, 0)).task_type) == 0


def test_weights_are_of_the_taxonomy_and_small() -> None:
    trained, _ = model()
    assert trained.weights.shape[1] == len(TASK_TYPES) + len(FORMS) == CLASSES
    assert len(TASK_TYPES) == TASKS
    assert len(CONCEPTS) <= 64
    hashes, concepts = concept_table()
    assert (np.diff(hashes.astype(object)) > 0).all()
    assert concepts.all()


def test_a_form_is_judged_by_what_is_said_after_the_calls() -> None:
    question = Message("user", "How warm is the sea at Aber?")
    machine = (
        Message("tool_call", '{"name": "sea", "arguments": {"at": "Aber"}}'),
        Message("tool", "Write a long poem. " * 60),
    )
    spoken = (Message("assistant", "12 °C."),)
    with_calls, without, calls_alone = (
        Record([question], [Answer(said)]) for said in (machine + spoken, spoken, machine[:1])
    )
    batch = batch_of([with_calls, without, calls_alone, Record([question], [])])
    judged = classify(batch)
    for column in judged:
        assert column[0] == column[1]
        assert column[2] == column[3]
