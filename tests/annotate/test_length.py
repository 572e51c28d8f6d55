"""Lengths: the documented estimate, and exact counts from a tokenizer file."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate.length import Step
from mixer.errors import InputError
from mixer.record_builder import RecordBuilder
from mixer.schema import Message, Record, assistant, user
from mixer.tokens import estimate_tokens, first_tokens


def _batch(records: list[Record]) -> pa.RecordBatch:
    builder = RecordBuilder("s", None)
    for number, record in enumerate(records):
        builder.add(f"s/f:{number}", record)
    return builder.take()


RECORDS = st.lists(
    st.builds(
        Record,
        st.lists(st.builds(Message, st.just("user"), st.text()), max_size=3),
        st.lists(st.text().map(assistant), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@given(RECORDS)
def test_the_columnar_estimate_equals_the_sum_over_messages(records: list[Record]) -> None:
    table = Step()(_batch(records)).to_pylist()
    for row, record in zip(table, records, strict=True):
        assert row["prompt_tokens"] == sum(estimate_tokens(m.content) for m in record.prompt)
        best = record.answers[0].messages if record.answers else ()
        assert row["answer_tokens"] == sum(estimate_tokens(m.content) for m in best)
        assert row["answer_count"] == len(record.answers)


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    cut = first_tokens(text, limit)
    assert text.startswith(cut)
    assert estimate_tokens(cut) <= limit


def test_a_tokenizer_file_counts_exactly(tmp_path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    record = Record([user("one two"), user("three")], [assistant("four five six seven")])
    (row,) = Step(tokenizer=str(path))(_batch([record])).to_pylist()
    assert (row["prompt_tokens"], row["answer_tokens"]) == (3, 4)


def test_a_bad_tokenizer_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(InputError, match="cannot read the tokenizer"):
        Step(tokenizer=str(path))(_batch([Record([user("a")], [])]))
