"""Personal data is found and masked; what stands for nobody is left alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.screen.rules.personal_data import KINDS, masked, spans

from .screened import dropped

KEY = "AKIA" + "QWERTYUIOPASDFGH"  # no key of anybody's, but of that form
PERSONAL = [
    ("write to ada.lovelace@engine.org.", "write to [email]."),
    ("call +44 1223 860 202 now", "call [phone] now"),
    ("(808) 543-2213", "[phone]"),
    ("Its phone number is 01223860202.", "Its phone number is [phone]."),
    ("联系方式：13812768890", "联系方式：[phone]"),
    (f"key {KEY}!", "key [key]!"),
    ("card 4539 1488 0343 6467", "card [payment_card]"),
]
NOBODY = [
    "name@example.com, user@test.org and you@domain.com",
    "555-0123, 123-456-7890, (555) 555-5555",
    "3.14159265358979, 2019-05-03, 10.0.0.1, 1234567890123",
    "git@github, a@b, @ada, x@y.png",
    "4111 1111 1111 1112",
    "sk-learn and sk_test",
]


@pytest.mark.parametrize(("text", "expected"), PERSONAL)
def test_personal_data_is_found_and_masked(text: str, expected: str) -> None:
    assert dropped("personal_data", [text]) == [True]
    assert masked(text, KINDS)[0] == expected


@pytest.mark.parametrize("text", NOBODY)
def test_what_stands_for_nobody_stays(text: str) -> None:
    assert dropped("personal_data", [text]) == [False]
    assert masked(text, KINDS) == (text, set())


def test_only_the_kinds_that_are_asked_for() -> None:
    texts = [text for text, _ in PERSONAL]
    assert dropped("personal_data", texts, kinds=["key"]) == [KEY in text for text in texts]


@given(st.lists(st.sampled_from([t for t, _ in PERSONAL] + ["tea", "@", "+", "-"]) | st.text()))
def test_masked_text_holds_nothing_more_and_loses_nothing_else(parts: list[str]) -> None:
    text = " ".join(parts)
    result, held = masked(text, KINDS)
    found = spans(text, KINDS)
    assert {kind for _, _, kind in found} == held
    assert all(left[1] <= right[0] for left, right in pairwise(found))
    edges = [0, *(edge for start, end, _ in found for edge in (start, end)), len(text)]
    kept = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    for kind in KINDS:
        result = result.replace(f"[{kind}]", "")
    assert result == kept
