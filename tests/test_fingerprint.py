"""Equal fingerprints mean exact duplicates, up to white space and Unicode composition."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mixer.fingerprint import fingerprint, normalise
from mixer.schema import Message, assistant, user

MESSAGES = st.lists(
    st.builds(Message, st.sampled_from(["system", "user", "assistant"]), st.text()), max_size=3
)


@given(MESSAGES, MESSAGES)
def test_equal_exactly_when_normalised_messages_are_equal(
    one: list[Message], other: list[Message]
) -> None:
    def plain(messages: list[Message]) -> list[tuple[str, str]]:
        return [(role, normalise(content)) for role, content in messages]

    assert (fingerprint(one, []) == fingerprint(other, [])) == (plain(one) == plain(other))


@given(st.text() | st.text(alphabet="a \n\t\r\x0b\x1c\x85\xa0\u2003\u3000é", max_size=12))
def test_normalising_is_cutting_into_words_and_joining_them(text: str) -> None:
    assert normalise(text) == " ".join(unicodedata.normalize("NFC", text).split())


def test_white_space_and_composition_do_not_count_but_case_and_digits_do() -> None:
    base = fingerprint([user("Name a café")], [assistant("Lux")])
    assert base == fingerprint([user(" Name  a\ncafe\u0301 ")], [assistant("Lux\n")])
    assert base != fingerprint([user("name a café")], [assistant("Lux")])
    assert fingerprint([user("12 + 7")], []) != fingerprint([user("35 + 9")], [])


def test_the_order_of_answers_counts_and_scores_do_not() -> None:
    prompt = [user("Tea?")]
    a_over_b = fingerprint(prompt, [assistant("a"), assistant("b")])
    assert a_over_b != fingerprint(prompt, [assistant("b"), assistant("a")])
    assert a_over_b == fingerprint(prompt, [assistant("a", 3.0), assistant("b", 1.0)])


def test_text_cannot_move_between_fields() -> None:
    assert fingerprint([user("a b")], []) != fingerprint([user("a"), user("b")], [])
    assert fingerprint([user("a")], [assistant("b")]) != fingerprint(
        [user("a"), Message("assistant", "b")], []
    )
