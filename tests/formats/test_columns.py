"""Any column may be any part of a record; what the map does not name is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import BadRow, RecipeError
from mixer.formats import columns
from mixer.recipe.load import load_recipe
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]
MAP = {"prompt": "q", "answer": "a"}


def _said(record: Record) -> tuple[list[str], list[str]]:
    answers = [message.content for answer in record.answers for message in answer.messages]
    return [turn.content for turn in record.prompt], answers


def test_the_map_says_which_column_is_what(parse: Parse) -> None:
    wanted = {"prompt": ["task", "text"], "answer": "good", "rejected": "bad", "system": "how"}
    row = {"task": "Sum up.", "text": "Long.", "good": "Short.", "bad": "", "how": "Be brief."}
    (record,) = parse("columns", row, map=wanted)
    assert _said(record) == (["Be brief.", "Sum up.\n\nLong."], ["Short.", ""])
    assert record.subset == ""


def test_an_empty_answer_makes_a_prompt(parse: Parse) -> None:
    for row in ({"q": "Why?", "a": ""}, {"q": "Why?", "a": None}):
        assert _said(parse("columns", row, map=MAP)[0]) == (["Why?"], [])


def test_a_misspelt_column_does_not_lose_all_answers(parse: Parse) -> None:
    with pytest.raises(BadRow, match="no column 'anwser': did you mean 'answer'"):
        parse("columns", {"q": "Why?", "answer": "So."}, map=MAP | {"answer": "anwser"})
    (record,) = parse("columns", {"q": "Why?"}, map=MAP, optional=["answer"])
    assert _said(record) == (["Why?"], [])


def test_paths_numbers_and_lists_are_text(parse: Parse) -> None:
    row = {"x": {"q": "3 * 4?"}, "a": [12, "twelve", None], "topic": 7}
    (record,) = parse("columns", row, map={"prompt": "x.q", "answer": "a", "subset": "topic"})
    assert _said(record) == (["3 * 4?"], ["12\ntwelve"])
    assert record.subset == "7"


def test_a_column_that_is_missing_or_no_text_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="no column 'q': known: question"):
        parse("columns", {"question": "x"}, map=MAP)
    with pytest.raises(BadRow, match=r"name a field inside it, such as `a\.text`"):
        parse("columns", {"q": "x", "a": {"text": "y"}}, map=MAP)
    paths = {"x.q": {"x": {"p": 1}}, "x.0": {"x": []}, "x.y": {"x": "text"}, "y.q": {"x": {}}}
    words = [
        "no 'q' in it: .*'p'|known: p",
        "no item '0'",
        "neither an object",
        "mean 'x'|known: x",
    ]
    for (path, row), expected in zip(paths.items(), words, strict=True):
        with pytest.raises(BadRow, match=expected):
            parse("columns", row, map={"prompt": path})


def test_items_of_lists_have_numbers(parse: Parse) -> None:
    row = {"turns": [{"text": "Why?"}, {"text": "So."}], "other": None}
    wanted = {"prompt": "turns.0.text", "answer": "turns.-1.text", "system": "other.text"}
    assert _said(parse("columns", row, map=wanted)[0]) == (["Why?"], ["So."])


def test_a_text_with_columns_in_braces(parse: Parse) -> None:
    wanted = {"prompt": "Q: {q}\n{{{x.y}}}", "answer": "A: {a}"}
    (record,) = parse("columns", {"q": "{a}", "x": {"y": 1}, "a": ""}, map=wanted)
    assert _said(record) == (["Q: {a}\n{1}"], [])


def test_input_is_what_the_instruction_is_applied_to(parse: Parse) -> None:
    wanted = {"prompt": "do", "input": "to", "answer": "a", "history": "before"}
    row = {"do": "Add.", "to": "1 2", "a": "3", "before": [["Hello.", "Hi."]]}
    (record,) = parse("columns", row, map=wanted)
    assert _said(record)[0] == ["Hello.", "Hi.", "Add.\n\n1 2"]
    assert record.instruction_bytes == 4
    for bad in ([["Hello."]], 3, {"Hello.": "Hi."}, "Hello."):
        with pytest.raises(BadRow, match="'before' must hold pairs"):
            parse("columns", row | {"before": bad}, map=wanted)


CHAT = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]
SHARED = [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]
OWN = [{"who": "guest", "says": "Why?"}, {"who": "host", "says": "So."}]


def test_conversations_with_any_names_of_keys_and_speakers(parse: Parse) -> None:
    turns = {"role": "who", "content": "says", "user": "guest", "assistant": "host"}
    for chat, more in ((CHAT, {}), (SHARED, {}), (OWN, {"turns": turns})):
        wanted = {"messages": "chat", "label": "good"}
        (record,) = parse("columns", {"chat": chat, "good": "True"}, map=wanted, **more)
        assert _said(record) == (["Why?"], ["So."])
        assert (record.prompt[0].role, record.answers[0].score) == ("user", 1.0)
    with pytest.raises(BadRow, match="'chat' is no conversation"):
        parse("columns", {"chat": OWN}, map={"messages": "chat"})


def test_answers_may_be_turns_with_or_without_the_prompt(parse: Parse) -> None:
    worse = [CHAT[0], {"role": "assistant", "content": "No."}]
    expected = (["Why?"], ["So.", "No."])
    pair = {"chosen": "c", "rejected": "r"}
    row = {"q": "Why?", "chat": CHAT[:1], "c": CHAT, "r": worse, "one": CHAT[1], "two": worse[1:]}
    assert _said(parse("columns", row, map=pair)[0]) == expected
    assert _said(parse("columns", row, map=pair | {"prompt": "q"})[0]) == expected
    single = {"chosen": "one", "rejected": "two"}
    assert _said(parse("columns", row, map=single | {"prompt": "q"})[0]) == expected
    assert _said(parse("columns", row, map=single | {"messages": "chat"})[0]) == expected
    with pytest.raises(BadRow, match="prompts of the better and the worse answer differ"):
        parse("columns", row | {"r": [{"role": "user", "content": "?"}, worse[1]]}, map=pair)
    with pytest.raises(BadRow, match="turns of the user that are not the prompt"):
        parse("columns", row | {"q": "How?"}, map=pair | {"prompt": "q"})


def test_scores_and_labels_are_numbers_of_answers(parse: Parse) -> None:
    wanted = {"prompt": "q", "chosen": "c", "rejected": "r", "score": "s", "rejected_score": "t"}
    row = {"q": "Why?", "c": "So.", "r": "No.", "s": "4.5", "t": 1}
    (record,) = parse("columns", row, map=wanted)
    assert [answer.score for answer in record.answers] == [4.5, 1.0]
    for bad in (True, "good", "nan", [1]):
        with pytest.raises(BadRow, match="'s' is no number"):
            parse("columns", row | {"s": bad}, map=wanted)
    for label, score in ((True, 1.0), ("0", 0.0), (None, None)):
        (record,) = parse("columns", row | {"l": label}, map=MAP | {"answer": "c", "label": "l"})
        assert record.answers[0].score == score
    with pytest.raises(BadRow, match="'s' is neither true nor false"):
        parse("columns", row, map=MAP | {"answer": "c", "label": "s"})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("map: {answer: a, input: i}", "`input` needs `prompt`"),
        ("map: {system: s}", "needs `prompt` or `messages`"),
        ("map: {prompt: q, messages: m}", "`messages` and `prompt` do not go together"),
        ("map: {prompt: q, chosen: c}", "`chosen` needs `rejected`"),
        ("map: {prompt: q, anwser: a}", "anwser: unknown key: did you mean 'answer'"),
        ("map: {prompt: 'Q: {q'}", "a brace without its partner"),
        ("map: {prompt: '{q.__class__()}'}", "only the name of a column"),
        ("map: {prompt: '{q!r}'}", "only the name of a column"),
        ("map: {prompt: '{{q}}'}", "names no column"),
        ("map: {prompt: q}\n    optional: [answer]", "optional names 'answer'"),
    ],
)
def test_a_wrong_map_is_an_error_with_its_line(tmp_path: Path, settings: str, words: str) -> None:
    path = tmp_path / "r.yaml"
    source = f"    format: columns\n    path: a.csv\n    {settings}\n"
    path.write_text(f"name: t\nsources:\n  s:\n{source}", encoding="utf-8")
    with pytest.raises(RecipeError, match=rf"r\.yaml:[3-7]: sources\.s.*{words}"):
        load_recipe(path)


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_is_read_is_what_was_written(prompt: str, answer: str) -> None:
    options = columns.Options(columns.ColumnMap(prompt="q", answer="a"))
    record = columns.parse({"q": prompt, "a": answer}, Place("s", "f", 1), options)
    assert _said(record) == ([prompt], [answer])


COLUMNS = ["q", "a", "b", "m", "l"]
ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "from", "value"]), inner)
    ),
    max_leaves=6,
)
MAPS = [
    {"prompt": "q", "chosen": "a", "rejected": "b", "score": "l"},
    {"messages": "m", "label": "l", "system": "q"},
    {"messages": "m", "chosen": "a", "rejected": "b"},
    {"chosen": "a", "rejected": "b"},
    {"prompt": "{q.0} and {m}", "history": "m", "input": "a"},
]


@given(st.dictionaries(st.sampled_from(COLUMNS), ANY), st.sampled_from(MAPS))
def test_whatever_a_row_holds_it_is_a_record_or_a_bad_row(row: Any, wanted: Any) -> None:
    options = msgspec.convert({"map": wanted}, columns.Options)
    try:
        record = columns.parse(row, Place("s", "f", 1), options)
    except (BadRow, msgspec.ValidationError):
        return
    assert all(isinstance(text, str) for part in _said(record) for text in part)


def test_other_columns_are_kept_in_meta_and_mapped_ones_are_not(
    build_recipe: Callable[..., Any], write_rows: Callable[..., Path], tmp_path: Path
) -> None:
    write_rows("a.jsonl", [{"q": "Why?", "a": "So.", "id": 5, "x": {"y": 1}}])
    source = "{format: columns, path: data/a.jsonl, map: {prompt: q, answer: a, subset: x.y}}"
    build_recipe(f"name: t\nsources: {{s: {source}}}\n")
    (shard,) = (tmp_path / "out.work" / "read").rglob("00000.parquet")
    (row,) = pq.read_table(shard).to_pylist()
    assert (row["meta"], row["subset"]) == ('{"id":5,"x":{"y":1}}', "1")
