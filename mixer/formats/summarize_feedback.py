r"""Human feedback on summaries (https://github.com/openai/summarize-from-feedback).

    {"info": {"id": "t3_a", "post": "The ferry left …", "title": "Late?", "subreddit": "travel"},
     "summaries": [{"text": " missed ferry", "policy": "sup4", "note": "Whose?"},
                   {"text": " I missed the ferry by a minute.", "policy": "ref", "note": null}],
     "choice": 1, "worker": "w1", "batch": "batch9", "split": "train", "extra": {"confidence": 8}}
    {"info": {"id": "8f", "article": "…", "title": "Fair", "site": "dailymail"}, "split": "test",
     "summary": {"text": "A fair.", "policy": "ref", "note": "", "axes": {"overall": 3}}}

The first is of `comparisons`: a preference. The second is of `axis`, evaluations from 1 to 7 of a
single summary: unpaired feedback, once `good_from` says from which rating a summary is good. Until
then such rows are dropped with that reason. The prompt is what the authors' models were given:
subreddit, title and post, or the article alone, and `TL;DR:`. The subreddit (or site) is the
subset, the post the family. Policies, notes, all ratings and workers are in `meta`.

Declared treatment: white space around a summary is trimmed. Traps: posts are shared by many
comparisons; the hub writes null for what a post or an article has not.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mixer.errors import BadRow
from mixer.schema import Answer, Place, Record, StatedTask, assistant, user
from mixer.upstream_fields import beside

CARD = "summarize_feedback"

_HIGHEST = 7


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of evaluations of one summary: `axis` is the rating that counts, `good_from` the lowest
    rating of a good summary."""

    axis: Literal["overall", "accuracy", "coverage", "coherence", "compatible"] = "overall"
    good_from: float | None = None


class Info(msgspec.Struct):
    id: str | None = None
    post: str | None = None
    title: str | None = None
    subreddit: str | None = None
    site: str | None = None
    article: str | None = None


class Summary(msgspec.Struct):
    text: str
    policy: str | None = None
    note: str | None = None
    axes: dict[str, Any] | None = None


class Row(msgspec.Struct):
    info: Info
    summaries: list[Summary] | None = None
    choice: Literal[0, 1] | None = None
    summary: Summary | None = None


def parse(row: Row, place: Place, options: Options) -> Record:
    if row.summary is not None:
        record = _evaluation(row.info, row.summary, options)
        record.meta |= beside(row, "info", "summary")
        return record
    summaries = row.summaries or []
    if len(summaries) != 2 or row.choice is None:
        raise BadRow("needs two `summaries` and a `choice`, or a `summary` with `axes`")
    chosen, rejected = summaries[row.choice], summaries[1 - row.choice]
    record = _record(row.info, [_answer(chosen), _answer(rejected)])
    record.meta |= {"choice": row.choice, "summaries": [_rest(each) for each in summaries]}
    return record


def _evaluation(info: Info, summary: Summary, options: Options) -> Record:
    rating = (summary.axes or {}).get(options.axis)
    if not isinstance(rating, int | float) or abs(rating) > _HIGHEST:
        raise BadRow(f"the summary has no rating {options.axis!r} - at `$.summary.axes`")
    good_from = options.good_from
    score = float(rating) if good_from is None else float(rating >= good_from)
    record = _record(info, [_answer(summary, score)])
    record.meta["summary"] = _rest(summary)
    if good_from is None:
        record.drop = "a rating of one summary: `good_from` says from which rating it is good"
    return record


def _record(info: Info, answers: list[Answer]) -> Record:
    text = ("post",) if info.post else ("article",)
    kept = {name: getattr(info, name) for name in info.__struct_fields__ if name not in text}
    return Record(
        prompt=[user(_question(info))],
        answers=answers,
        subset=info.subreddit or info.site or "",
        family=info.id,
        meta={"info": {name: value for name, value in kept.items() if value is not None}},
        stated_task=StatedTask("words", "summarization"),
    )


def _question(info: Info) -> str:
    """In the words of tldr_task and cnndm_task in upstream's experiment_helpers.py."""
    if info.post:
        place, title = f"SUBREDDIT: r/{info.subreddit or ''}", f"TITLE: {info.title or ''}"
        return f"{place}\n\n{title}\n\nPOST: {info.post}\n\nTL;DR:"
    if info.article:
        return f"Article:\n{info.article}\n\nTL;DR:"
    raise BadRow("neither a post nor an article - at `$.info`")


def _answer(summary: Summary, score: float | None = None) -> Answer:
    return assistant(summary.text.strip(), score)


def _rest(summary: Summary) -> dict[str, Any]:
    """What a summary says beside its text."""
    stated = {"policy": summary.policy, "note": summary.note, "axes": summary.axes}
    return {name: value for name, value in stated.items() if value is not None}
