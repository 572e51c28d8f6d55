"""No text of a recipe or of data breaks a table of the card, or becomes markup in it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mixer.cards.markdown import MAX_CHARACTERS, escaped, plain, table

# Pieces of markup, among any text that Python can hold: half surrogate pairs, controls, bidi.
PIECES = st.sampled_from(
    [*"\\`*_|[]()<>&#~$!-+=.:\n\r\t\0 ", "\u2028", "\u202e", "\ud800", "<b>", "&lt;", "](", "1."]
)
TEXT = st.lists(PIECES | st.text(st.characters(), max_size=6), max_size=12).map("".join)


def _parsed(markdown: str) -> list[Token]:
    return (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)
    )


def _words(token: Token) -> str:
    """What an inline token shows; it must hold text alone."""
    assert {child.type for child in token.children or []} <= {"text"}
    return "".join(child.content for child in token.children or [])


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=4))
@example([["a|b", "<script>alert(1)</script>", "![x](https://tracker.example)"]])
@example([["\\", "ends with \\", "`code` | `more`"], ["---", ":--", "| --- |"]])
def test_a_table_keeps_its_cells_whatever_they_hold(rows: list[list[str]]) -> None:
    tokens = _parsed(f"before\n\n{table(rows[0], rows)}\nafter\n")
    assert [token.type for token in tokens if token.level == 0 and token.nesting == 1] == [
        "paragraph_open",
        "table_open",
        "paragraph_open",
    ]
    cells = [_words(token) for token in tokens if token.type == "inline"][1:-1]
    assert cells == [plain(cell) for row in [rows[0], *rows] for cell in row]


@given(TEXT)
@example("- - x")
@example("1) x")
@example("# heading")
@example("+")
@example("===")
@example("<!-- ")
@example("a_b_ _c_ é_é")
def test_text_in_a_list_is_text(text: str) -> None:
    tokens = _parsed(f"- {escaped(text)}\n- told: {escaped(text)} (1)\n")
    shown = [_words(token) for token in tokens if token.type == "inline"]
    alone = [plain(text)] if plain(text) else []
    assert shown == [*alone, f"told: {plain(text)} (1)" if plain(text) else "told:  (1)"]
    assert [token.type for token in tokens if token.nesting == 1].count("list_item_open") == 2


@given(TEXT)
def test_it_stays_in_its_line_and_can_be_written(text: str) -> None:
    assert len(escaped(text).splitlines()) <= 1
    assert escaped(text).encode("utf-8").decode("utf-8") == escaped(text)


def test_long_text_is_cut_and_plain_words_stay_plain() -> None:
    assert len(plain("x" * 100_000)) == MAX_CHARACTERS
    assert plain("x" * 100_000).endswith("…")
    assert escaped("task_type: 0.5 (of 12)") == "task_type: 0.5 (of 12)"


@pytest.mark.parametrize("turn", "\u202e\u2066\x1b\x00")
def test_what_turns_or_hides_text_is_shown_as_a_mark(turn: str) -> None:
    assert plain(f"a{turn}b") == "a\ufffdb"
