"""UltraFeedback (https://huggingface.co/datasets/openbmb/UltraFeedback): answers of four models,
rated by GPT-4, and its binarized copies.

    {"source": "sharegpt", "instruction": "Name a sea.", "models": ["a", "b"], "completions": [
        {"model": "a", "principle": "honesty", "custom_system_prompt": "Be honest.",
         "response": "The Baltic.", "critique": "Good.", "overall_score": 8.5,
         "fine-grained_score": 4.5, "annotations": {"helpfulness": {"Rating": "5"}, …}}, …]}
    {"prompt": "Name a sea.", "prompt_id": "f1", "chosen": [turns], "rejected": [turns],
     "messages": [turns], "score_chosen": 8.5, "score_rejected": 3.0}

The first is a ranking of all answers, best first, by `score`: the mean rating of the four aspects
(`fine-grained`, 1 to 5, the default) or the score of the critique (`overall`, 1 to 10). The second
is a binarized row, read as the format preference reads it; Argilla's copies call the scores
`chosen-rating` and `rejected-rating`. All that is said about an answer is kept in `meta`, in the
order of the ranking. `source` is the subset.

Traps: in the first release an `overall_score` of 10 could stand for 1
(https://github.com/OpenBMB/UltraFeedback/issues/8). The authors' repair wrote `fine-grained_score`
beside it, so a row with that is trusted. In others, their rule is applied: 10 with a mean of 2 or
less is 1, 10 with a mean of up to 4 is no score (they asked GPT-4 again). Binarized copies from
before the repair have the wrong answers as chosen and do not show it: rank the first form instead.
Answers without a score or without text are left out of the ranking (declared), and stay in `meta`.
Ties keep upstream's order; where best and last score are equal, nothing is preferred and the record
is dropped, as where fewer than two answers are left. An instruction holds no system prompt: each
answer was given under another, which is in `meta`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mixer.errors import BadRow
from mixer.formats import preference
from mixer.schema import Place, Record, assistant, user
from mixer.upstream_fields import beside

CARD = "ultrafeedback"

_PAIR = ("prompt", "chosen", "rejected", "messages", "score_chosen", "score_rejected", "source")
_WRONG_TEN, _UNSURE_TEN = 2, 4


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`score`: what ranks the answers, fine-grained (the mean of the ratings) or overall."""

    score: Literal["fine-grained", "overall"] = "fine-grained"


class Completion(msgspec.Struct):
    """What ranks an answer; the rest of it is kept as it is."""

    response: str
    annotations: dict[str, Any] | None = None
    overall_score: float | None = None
    fine_grained_score: float | None = msgspec.field(default=None, name="fine-grained_score")


class Row(msgspec.Struct, omit_defaults=True):
    instruction: str | None = None
    completions: list[dict[str, Any]] | None = None
    source: str = ""
    prompt: preference.Said | None = None
    chosen: preference.Said | None = None
    rejected: preference.Said | None = None
    messages: Any = None
    score_chosen: float | None = None
    score_rejected: float | None = None
    chosen_rating: float | None = msgspec.field(default=None, name="chosen-rating")
    rejected_rating: float | None = msgspec.field(default=None, name="rejected-rating")


def parse(row: Row, place: Place, options: Options) -> Record:
    if row.completions is None:
        record = _binarized(row, place)
    elif row.instruction is None:
        raise BadRow("`completions` without an `instruction`")
    else:
        record = _ranked(row.instruction, row.completions, options)
        record.meta |= beside(row, "instruction", "completions", "source")
    record.subset = row.source
    return record


def _ranked(instruction: str, completions: list[dict[str, Any]], options: Options) -> Record:
    treatments: list[str] = []
    scored: list[tuple[float, str, dict[str, Any]]] = []
    left_out = []
    for number, completion in enumerate(completions):
        known = _typed(completion, number)
        score, treatment = _score(known, options)
        if treatment and treatment not in treatments:
            treatments.append(treatment)
        if score is None:
            left_out.append(completion)
        else:
            rest = {name: value for name, value in completion.items() if name != "response"}
            scored.append((score, known.response, rest))
    scored.sort(key=lambda each: -each[0])
    return Record(
        prompt=[user(instruction)],
        answers=[assistant(text, score) for score, text, _ in scored],
        meta={"completions": [rest for *_, rest in scored]}
        | ({"left_out": left_out} if left_out else {}),
        treatments=treatments,
        drop=_nothing_preferred([score for score, *_ in scored]),
    )


def _typed(completion: dict[str, Any], number: int) -> Completion:
    try:
        return msgspec.convert(completion, Completion)
    except msgspec.ValidationError as error:
        raise BadRow(f"{error}, in `$.completions[{number}]`") from error


def _score(completion: Completion, options: Options) -> tuple[float | None, str | None]:
    """The score that ranks an answer, None where it cannot be ranked, and the treatment."""
    if not completion.response.strip():
        return None, "left an answer without text out of the ranking"
    mean = completion.fine_grained_score
    if mean is None:
        mean = _mean_rating(completion.annotations or {})
    score = mean if options.score == "fine-grained" else completion.overall_score
    if options.score == "overall" and score == 10 and completion.fine_grained_score is None:
        if mean is not None and mean <= _WRONG_TEN:
            return 1.0, "read an overall score of 10 as 1"
        if mean is None or mean <= _UNSURE_TEN:
            return None, "left an answer out of the ranking whose score of 10 may be a 1"
    return score, None if score is not None else "left an answer without a score out of the ranking"


def _mean_rating(annotations: dict[str, Any]) -> float | None:
    """Of the aspects; what is not applicable has the rating N/A."""
    stated = [aspect.get("Rating") for aspect in annotations.values() if isinstance(aspect, dict)]
    ratings = [float(str(each)) for each in stated if str(each) in ("1", "2", "3", "4", "5")]
    return sum(ratings) / len(ratings) if ratings else None


def _nothing_preferred(scores: list[float]) -> str | None:
    if len(scores) < 2:
        return "fewer than two answers with a score: nothing to rank"
    return "all answers have the same score" if scores[0] == scores[-1] else None


def _binarized(row: Row, place: Place) -> Record:
    scores = (
        row.chosen_rating if row.score_chosen is None else row.score_chosen,
        row.rejected_rating if row.score_rejected is None else row.score_rejected,
    )
    pair = preference.Row(row.prompt, row.chosen, row.rejected, *scores)
    record = preference.parse(pair, place, None)
    if row.messages is not None and row.messages != msgspec.to_builtins(row.chosen):
        record.meta["messages"] = row.messages
    record.meta |= beside(row, *_PAIR, *_ratings(row))
    if None not in scores and scores[0] == scores[1]:
        record.drop = "chosen and rejected have the same score"
    return record


def _ratings(row: Row) -> list[str]:
    """Which ratings are the scores."""
    ratings = {"chosen_rating": row.score_chosen, "rejected_rating": row.score_rejected}
    return [name for name, stated in ratings.items() if stated is None]


def render(record: Record) -> Row:
    """The upstream row, its answers in the order of the ranking, those left out at the end."""
    if "completions" not in record.meta:
        pair = preference.render(record)
        return Row(
            prompt=pair.prompt,
            chosen=pair.chosen,
            rejected=pair.rejected,
            messages=record.meta.get("messages"),
            score_chosen=pair.score_chosen,
            score_rejected=pair.score_rejected,
            source=record.subset,
        )
    ranked = [
        {**rest, "response": answer.messages[0].content}
        for answer, rest in zip(record.answers, record.meta["completions"], strict=True)
    ]
    completions = [*ranked, *record.meta.get("left_out", [])]
    return Row(record.prompt[0].content, completions, record.subset)
