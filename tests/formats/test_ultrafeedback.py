"""Answers are ranked by a score that can be trusted, and a 10 that should be a 1 never wins."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_texts import TEXT, lost_texts, read

from mixer.errors import BadRow
from mixer.formats import ultrafeedback
from mixer.schema import Place, Record

Parse = Callable[..., list[Record]]


def _completion(text: str, rating: str, overall: float | None, **more: Any) -> dict[str, Any]:
    aspects = {"honesty": {"Rating": rating}, "helpfulness": {"Rating": "N/A", "Rationale": "?"}}
    return {"response": text, "annotations": aspects, "overall_score": overall, **more}


def _row(*completions: dict[str, Any]) -> dict[str, Any]:
    return {"source": "flan", "instruction": "Name a sea.", "completions": list(completions)}


def _ranking(record: Record) -> list[tuple[str, float | None]]:
    return [(answer.messages[0].content, answer.score) for answer in record.answers]


def test_answers_are_ranked_by_the_mean_rating(parse: Parse) -> None:
    row = _row(_completion("a", "2", 9), _completion("b", "5", 6), _completion("c", "3", 7))
    (record,) = parse("ultrafeedback", row)
    assert _ranking(record) == [("b", 5.0), ("c", 3.0), ("a", 2.0)]
    assert record.meta["completions"][0]["overall_score"] == 6
    assert record.subset == "flan"


def test_the_score_of_the_critique_can_rank(parse: Parse) -> None:
    row = _row(_completion("a", "2", 9), _completion("b", "5", 6))
    (record,) = parse("ultrafeedback", row, score="overall")
    assert _ranking(record) == [("a", 9.0), ("b", 6.0)]


def test_a_10_that_the_ratings_contradict_is_read_as_1(parse: Parse) -> None:
    row = _row(_completion("bad", "2", 10), _completion("good", "5", 10), _completion("b", "3", 6))
    (record,) = parse("ultrafeedback", row, score="overall")
    assert _ranking(record) == [("good", 10.0), ("b", 6.0), ("bad", 1.0)]
    assert record.treatments == ["read an overall score of 10 as 1"]


def test_a_10_that_the_ratings_doubt_ranks_nothing(parse: Parse) -> None:
    row = _row(_completion("a", "4", 10), _completion("b", "3", 6), _completion("c", "3", 5))
    (record,) = parse("ultrafeedback", row, score="overall")
    assert _ranking(record) == [("b", 6.0), ("c", 5.0)]
    assert record.meta["left_out"][0]["response"] == "a"
    assert "whose score of 10 may be a 1" in record.treatments[0]


def test_rows_that_the_authors_repaired_are_trusted(parse: Parse) -> None:
    repaired = {"fine-grained_score": 2.0}
    row = _row(_completion("a", "2", 10, **repaired), _completion("b", "3", 6, **repaired))
    (record,) = parse("ultrafeedback", row, score="overall")
    assert (_ranking(record)[0], record.treatments) == (("a", 10.0), [])


@pytest.mark.parametrize(
    ("completions", "reason"),
    [
        ([], "fewer than two answers"),
        ([_completion("a", "5", 9)], "fewer than two answers"),
        ([_completion("a", "5", 9), _completion("b", "N/A", 3)], "fewer than two answers"),
        ([_completion("a", "5", 9), _completion(" ", "4", 3)], "fewer than two answers"),
        ([_completion("a", "3", 9), _completion("b", "3", 3)], "all answers have the same score"),
    ],
)
def test_where_nothing_is_preferred_the_record_is_dropped(
    completions: list[Any], reason: str, parse: Parse
) -> None:
    (record,) = parse("ultrafeedback", _row(*completions))
    assert record.drop is not None
    assert record.drop.startswith(reason)


def test_ties_keep_the_order_of_upstream(parse: Parse) -> None:
    row = _row(_completion("a", "3", 1), _completion("b", "5", 1), _completion("c", "5", 1))
    (record,) = parse("ultrafeedback", row)
    assert [text for text, _ in _ranking(record)] == ["b", "c", "a"]


def _binarized(score_chosen: float, names: tuple[str, str]) -> dict[str, Any]:
    ask = {"role": "user", "content": "Name a sea."}
    chosen = [ask, {"role": "assistant", "content": "The Baltic."}]
    rejected = [ask, {"role": "assistant", "content": "Ladoga."}]
    pair = {"prompt": "Name a sea.", "prompt_id": "f1", "chosen": chosen, "rejected": rejected}
    return pair | {"messages": chosen, names[0]: score_chosen, names[1]: 3.0}


@pytest.mark.parametrize(
    "names", [("score_chosen", "score_rejected"), ("chosen-rating", "rejected-rating")]
)
def test_binarized_rows_are_preferences(names: tuple[str, str], parse: Parse) -> None:
    (record,) = parse("ultrafeedback", _binarized(8.5, names))
    assert len(record.prompt) == 1
    assert _ranking(record) == [("The Baltic.", 8.5), ("Ladoga.", 3.0)]
    assert (record.drop, record.meta) == (None, {})
    (record,) = parse("ultrafeedback", _binarized(3.0, names))
    assert record.drop == "chosen and rejected have the same score"


def test_other_rows_are_bad(parse: Parse) -> None:
    with pytest.raises(BadRow, match="without an `instruction`"):
        parse("ultrafeedback", {"completions": []})
    with pytest.raises(BadRow, match=r"`\$.completions\[1\]`"):
        parse("ultrafeedback", _row(_completion("a", "3", 1), {"model": "b"}))


RATING = st.sampled_from(["1", "2", "3", "4", "5", "N/A", None, 4])
COMPLETION = st.fixed_dictionaries(
    {
        "response": TEXT,
        "annotations": st.none()
        | st.dictionaries(
            st.sampled_from(["honesty", "helpfulness"]),
            st.fixed_dictionaries({"Rating": RATING, "Rationale": TEXT}),
        ),
        "overall_score": st.none() | st.sampled_from([1, 5.5, 10]),
        "critique": TEXT,
    },
    optional={"fine-grained_score": st.floats(1, 5), "model": TEXT},
)


@given(st.lists(COMPLETION, max_size=4), st.sampled_from(["fine-grained", "overall"]))
def test_no_answer_and_no_word_about_it_is_lost(completions: list[Any], score: Any) -> None:
    raw = _row(*completions)
    record = read("ultrafeedback", raw, score=score)
    assert record is not None
    assert lost_texts(raw, record) == []
    scores = [answer.score or 0.0 for answer in record.answers]
    assert scores == sorted(scores, reverse=True)
    rendered = ultrafeedback.render(record)
    assert rendered.completions is not None
    assert sorted(map(_key, rendered.completions)) == sorted(map(_key, completions))


def _key(completion: dict[str, Any]) -> str:
    return json.dumps(completion, sort_keys=True)


@given(st.lists(COMPLETION, min_size=2, max_size=4))
def test_what_is_rendered_reads_back_as_the_same_record(completions: list[Any]) -> None:
    row = msgspec.convert(_row(*completions), ultrafeedback.Row)
    options, place = ultrafeedback.Options(), Place("s", "f", 1)
    record = ultrafeedback.parse(row, place, options)
    rendered = ultrafeedback.render(record)
    again = ultrafeedback.parse(rendered, place, options)
    assert (again.prompt, again.answers, again.meta) == (record.prompt, record.answers, record.meta)
