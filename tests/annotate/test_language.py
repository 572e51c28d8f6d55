"""The step: languages of a record, its question and its answer, whatever shape the record has."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate.language import Step
from mixer.record_builder import RecordBuilder
from mixer.schema import Answer, Message, Record, assistant, user

EN = "Translate the following sentence about the old lighthouse into another language."
DE = "Der alte Leuchtturm steht seit hundert Jahren an der Küste und leuchtet jede Nacht."
FR = "Le vieux phare se dresse depuis cent ans sur la côte et brille toutes les nuits."
CODE = "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; }"


def _batch(records: list[Record]) -> pa.RecordBatch:
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    return builder.take()


def _languages(record: Record, detector: str = "fast") -> tuple[str, str, str]:
    row = Step(detector=detector)(_batch([record])).to_pylist()[0]  # type: ignore[arg-type]
    return row["language"], row["prompt_language"], row["answer_language"]


@pytest.mark.parametrize("detector", ["fast", "langdetect"])
def test_prompt_and_answer_are_labelled_apart(detector: str) -> None:
    found = _languages(Record([user(f"{EN} {EN}")], [assistant(DE)]), detector)
    assert found[1:] == ("en", "de")
    assert found[0] in ("en", "de")
    assert _languages(Record([user(DE)], [assistant(DE)]), detector) == ("de", "de", "de")


def test_a_record_of_two_languages_is_of_the_one_with_more_letters() -> None:
    short = Record([user('Translate "good evening" into Italian.')], [assistant("buona sera")])
    assert _languages(short) == ("en", "en", "it")
    long = Record([user("Translate this.")], [assistant(FR)])
    assert _languages(long) == ("fr", "en", "fr")
    row = Step()(_batch([short])).to_pylist()[0]
    assert row["language_confidence"] < 0.85
    chinese = "渡船中午出发，最后一班公共汽车会等所有的乘客，请大家带好行李，不要在甲板上奔跑。"
    assert _languages(Record([user(EN)], [assistant(chinese)])) == ("zh", "en", "zh")
    quoted = f"Fasse den Text in einem Satz zusammen.\n{EN} {EN[:30]}"
    assert _languages(Record([user(quoted)], [assistant(DE)])) == ("de", "en", "de")
    russian = "Паром отходит в полдень, а последний автобус подождёт всех пассажиров. "
    assert _languages(Record([user(EN * 20)], [assistant(russian * 30)]))[0] == "ru"


def test_where_one_does_not_tell_the_other_does() -> None:
    assert _languages(Record([user(EN)], [assistant("42")])) == ("en", "en", "und")
    assert _languages(Record([user(EN)], [assistant(CODE)])) == ("en", "en", "und")
    assert _languages(Record([user("42?")], [assistant(FR)])) == ("fr", "und", "fr")
    assert _languages(Record([user(CODE)], [assistant("42")])) == ("und", "und", "und")


@pytest.mark.parametrize("detector", ["fast", "langdetect"])
def test_the_last_question_and_the_best_answer_count(detector: str) -> None:
    turns = [user(EN), Message("assistant", EN), user(DE)]
    answers = [assistant(FR), assistant(EN), assistant(EN)]
    assert _languages(Record(turns, answers), detector)[1:] == ("de", "fr")
    several = Answer((Message("assistant", FR), Message("tool", "7"), Message("assistant", FR)))
    assert _languages(Record([user(FR)], [several]), detector) == ("fr", "fr", "fr")


@pytest.mark.parametrize("detector", ["fast", "langdetect"])
def test_no_question_or_no_answer_is_undetermined(detector: str) -> None:
    assert _languages(Record([user(DE)], []), detector) == ("de", "de", "und")
    assert _languages(Record([Message("system", EN)], [assistant(FR)]), detector)[1:] == (
        "und",
        "fr",
    )
    assert _languages(Record([user("")], [assistant("")]), detector) == ("und", "und", "und")


RECORDS = st.lists(
    st.builds(
        Record,
        st.lists(
            st.builds(
                Message,
                st.sampled_from(["user", "assistant", "system"]),
                st.sampled_from([EN, DE, "7"]),
            ),
            max_size=4,
        ),
        st.lists((st.text() | st.sampled_from([EN, FR, CODE])).map(assistant), max_size=3),
    ),
    min_size=1,
    max_size=6,
)


@given(RECORDS)
def test_a_record_is_labelled_the_same_alone_and_in_a_slice(records: list[Record]) -> None:
    batch = _batch(records)
    step = Step()
    whole = step(batch).to_pylist()
    assert whole == [step(_batch([record])).to_pylist()[0] for record in records]
    assert whole[1:] == step(batch.slice(1)).to_pylist()


@pytest.mark.parametrize("detector", ["fast", "langdetect"])
def test_no_rows_are_no_languages(detector: str) -> None:
    empty = _batch([Record([user(EN)], [])]).slice(1)
    found = Step(detector=detector)(empty)  # type: ignore[arg-type]
    assert found.num_rows == 0
    assert found.schema == Step.adds


@pytest.mark.parametrize("detector", ["fast", "langdetect"])
def test_calls_of_tools_and_their_results_tell_no_language(detector: str) -> None:
    call, result = (
        Message("tool_call", f'{{"name": "say", "arguments": {{"text": "{EN} {EN}"}}}}'),
        EN,
    )
    said = (call, Message("tool", f"{result} {result}"), Message("assistant", DE))
    assert _languages(Record([user(DE)], [Answer(said)]), detector) == ("de", "de", "de")
    assert _languages(Record([user(DE)], [Answer(said[:1])]), detector) == ("de", "de", "und")
