"""Lengths in tokens, words and characters."""

from hypothesis import given
from hypothesis import strategies as st

from mixer.schema import Message, Record, assistant, user

from .screened import reasons

TEXT = st.text(alphabet="ab 茶\n\u3000é😀", max_size=12)


def _words(text: str) -> int:
    return len(text.replace("茶", " x ").split())


@given(st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=2), st.integers(0, 6))
def test_lengths_are_those_of_all_messages_and_of_the_best_answer(
    prompt: list[str], answers: list[str], bound: int
) -> None:
    record = Record([Message("user", text) for text in prompt], [assistant(t) for t in answers])
    for measure, unit in ((_words, "words"), (len, "characters")):
        (found,) = reasons("length", [record], **{f"max_prompt_{unit}": bound})
        long = sum(measure(text) for text in prompt) > bound
        assert found == (f"prompt longer than {bound} {unit}" if long else None)
        (found,) = reasons("length", [record], **{f"min_answer_{unit}": bound})
        short = bool(answers) and measure(answers[0]) < bound
        assert found == (f"answer shorter than {bound} {unit}" if short else None)


def test_records_without_an_answer_have_no_length_of_it() -> None:
    records = [Record([user("a")], []), Record([user("a")], [assistant("a")])]
    assert reasons("length", records, min_answer_tokens=2) == [
        None,
        "answer shorter than 2 tokens",
    ]
