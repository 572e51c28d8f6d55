"""Members differ in what their name says and in nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.ablation.comparisons import comparisons
from mixer.ablation.design import Ablate, Member, members
from mixer.errors import RecipeError

BASE = {"instruction": 0.4, "open_ended": 0.4, "feedback": 0.2}
BASES = st.lists(st.integers(1, 50), min_size=2, max_size=5).map(
    lambda parts: {f"v{i}": part / sum(parts) for i, part in enumerate(parts)}
)


def _named(made: list[Member]) -> dict[str, Member]:
    return {member.name: member for member in made}


@given(BASES, st.integers(0, 12), st.integers(0, 100))
def test_shares_of_every_member_add_up_to_one(
    base: dict[str, float], simplex: int, seed: int
) -> None:
    wanted = Ablate(
        designs=("leave_one_out", "one_at_a_time", "factorial"),
        dose={"v0": (0.0, 0.1, 1.0)},
        simplex=simplex,
    )
    made = members(wanted, base, seed)
    assert len({tuple(m.shares.values()) for m in made}) == len(made) == len(_named(made))
    for member in made:
        assert sum(member.shares.values()) == pytest.approx(1)
        assert min(member.shares.values()) >= 0
        assert list(member.shares) == list(base)
    assert members(wanted, base, seed) == made


def test_leaving_one_out_gives_its_share_to_the_others_in_proportion() -> None:
    made = _named(members(Ablate(), BASE, 0))
    assert made["without-feedback"].shares == pytest.approx(
        {"instruction": 0.5, "open_ended": 0.5, "feedback": 0.0}
    )
    assert made["only-feedback"].shares["feedback"] == 1


def test_members_of_equal_shares_are_one_and_serve_both_designs() -> None:
    made = _named(members(Ablate(dose={"feedback": (0.0, 0.2, 0.4)}), BASE, 0))
    assert made["without-feedback"].designs == "leave_one_out+dose"
    assert made["full"].designs == "dose"
    assert "feedback-0" not in made
    assert "feedback-0.2" not in made
    assert made["feedback-0.4"].level == "0.4"


def test_a_full_factorial_has_every_combination_once() -> None:
    made = _named(members(Ablate(designs=("factorial",), dose={}), BASE, 0))
    assert len(made) == 7
    assert made["full"].designs == "factorial"
    assert made["with-instruction-feedback"].shares["open_ended"] == 0


def test_feedback_comes_in_both_ways_where_there_is_any() -> None:
    made = members(Ablate(feedback_as=("preference", "chosen")), BASE, 0)
    assert [m.name for m in made if m.name.startswith("without-feedback")] == ["without-feedback"]
    twins = [m for m in made if m.name.startswith("full")]
    assert [(m.name, m.feedback_as) for m in twins] == [
        ("full", "preference"),
        ("full-chosen", "chosen"),
    ]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Ablate(simplex=-1), "cannot be negative"),
        (Ablate(dose={"feedback": (1.5,)}), "a share lies in 0-1"),
        (Ablate(feedback_as=()), "names nothing"),
    ],
)
def test_designs_that_make_no_sense_are_refused(wanted: Ablate, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        wanted.check()


def test_there_must_be_something_to_compare() -> None:
    with pytest.raises(RecipeError, match="nothing to compare"):
        members(Ablate(), {"feedback": 1.0}, 0)
    with pytest.raises(RecipeError, match="no component 'feedbak'; known: instruction"):
        members(Ablate(dose={"feedbak": (0.1,)}), BASE, 0)
    hundred = {f"v{i}": 0.01 for i in range(100)}
    with pytest.raises(RecipeError, match="asks for 201 mixtures; at most 100"):
        members(Ablate(), hundred, 0)
    many = {f"v{i}": 0.1 for i in range(10)}
    with pytest.raises(RecipeError, match="at most 6 values"):
        members(Ablate(designs=("factorial",), dose={}), many, 0)


def test_names_are_folders_whatever_the_values_hold() -> None:
    base = {"../../etc": 0.3, "a b": 0.3, "a/b": 0.2, "A B": 0.2}
    made = members(Ablate(designs=("one_at_a_time",), dose={"../../etc": (0.5,)}), base, 0)
    names = [member.name for member in made]
    assert len({name.lower() for name in names}) == len(names)
    assert not any(set(name) & set("/ ") or name.startswith(".") for name in names)


def test_pairs_are_compared_only_where_one_thing_differs() -> None:
    wanted = Ablate(dose={"feedback": (0.1, 0.4)}, feedback_as=("preference", "chosen"))
    found, other = comparisons(members(wanted, BASE, 0))
    questions = {(pair.one, pair.other): pair.question for pair in found}
    assert questions["full", "without-feedback"] == "what feedback adds to the full mixture"
    assert "preference pairs" in questions["full", "full-chosen"]
    assert questions["feedback-0.1", "feedback-0.4"].startswith("more feedback")
    assert questions["only-instruction", "only-open_ended"].endswith("each alone")
    assert ("without-instruction", "without-open_ended") not in questions
    assert ("full", "feedback-0.4-chosen") not in questions
    assert other > 0
