"""All members have one size, or the sentence says which of them cannot."""

from __future__ import annotations

import re

import pytest

from mixer.ablation.budget import Limit, budget
from mixer.errors import GoalMissed

LIMITS = [(Limit(20, "few"), Limit(90, "few")), (Limit(0, "many"), Limit(50, "many"))]


def test_the_size_asked_where_every_member_can_have_it() -> None:
    for asked in (20, 35, 50):
        assert budget(asked, "rows", LIMITS, "error") == (asked, [])


@pytest.mark.parametrize("asked", [None, 70])
def test_otherwise_the_most_that_all_can_have(asked: int | None) -> None:
    note = "all members have 50 rows, the most that many can have"
    assert budget(asked, "rows", LIMITS, "shrink") == (50, [note])


@pytest.mark.parametrize(
    ("asked", "limits", "when_short", "words"),
    [
        (70, LIMITS, "error", "many can have at most 50 rows, and mix.rows is 70: reduce rows"),
        (10, LIMITS, "error", "few needs at least 20 rows for what must be included"),
        (10, LIMITS, "shrink", "raise rows to 20"),
        (None, [*LIMITS, (Limit(60, "big"), Limit(99, "big"))], "error", "big needs at least 60"),
        (None, [*LIMITS, (Limit(0, "none"), Limit(0, "none"))], "shrink", "none cannot be had"),
    ],
)
def test_the_sentence_names_the_member(
    asked: int | None, limits: list[tuple[Limit, Limit]], when_short: str, words: str
) -> None:
    with pytest.raises(GoalMissed, match=re.escape(words)):
        budget(asked, "rows", limits, when_short)
