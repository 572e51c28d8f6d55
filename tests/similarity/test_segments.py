"""Texts are read the same whether or not they were normalised before."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from mixer.similarity.column_segments import chat_segments, column_segments
from mixer.similarity.segments import NORMAL, Segments
from mixer.similarity.signature import Signature, signature

characters = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("aZ09 .,+-*é\u0301ÀßµЙйЁ…’“—\u00a0ﬁ①Ａ中ー゛あ각ا٣ไทย²½"),
    st.sampled_from(NORMAL.ravel().tolist()).map(chr),
)


def signed(made: Segments) -> Signature:
    return signature(made, 3, 5)


@given(st.lists(st.text(characters, max_size=30), min_size=1, max_size=5))
def test_text_and_its_normal_form_are_the_same(texts: list[str]) -> None:
    raw = pa.array(texts, pa.string())
    normal = pc.utf8_lower(pc.utf8_normalize(raw, form="NFKC"))
    one, other = (signed(column_segments([[each]])) for each in (raw, normal))
    np.testing.assert_array_equal(one.marks, other.marks)
    np.testing.assert_array_equal(one.values, other.values)


def test_a_chat_is_its_last_answer_and_what_was_said_before() -> None:
    turns = [
        ("user", "Hi there my friend"),
        ("assistant", "Hello"),
        ("user", "Why?"),
        ("assistant", "So"),
    ]
    chat = pa.array([[{"role": role, "content": said} for role, said in turns]])
    prompt = pa.array([[{"role": role, "content": said} for role, said in turns[:3]]])
    plain = column_segments([[prompt], [pa.array(["So"])]])
    np.testing.assert_array_equal(signed(chat_segments(chat, "record")).marks, signed(plain).marks)
    shared = [{"from": "human", "value": "Hi there my friend"}, {"from": "gpt", "value": "Hello"}]
    other = chat_segments(pa.array([shared]), "record")
    expected = column_segments([[pa.array(["Hi there my friend"])], [pa.array(["Hello"])]])
    np.testing.assert_array_equal(signed(other).marks, signed(expected).marks)


def test_null_chats_and_texts_say_nothing() -> None:
    kind = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    chat = pa.array([None, [], [{"role": "user", "content": None}]], kind)
    assert len(set(signed(chat_segments(chat, "prompt")).marks.tolist())) == 1
    nothing = column_segments([[pa.array([None, ""], pa.string())]])
    assert len(set(signed(nothing).marks.tolist())) == 1
