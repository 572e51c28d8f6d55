"""Effects equal textbook values; intervals cover the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from mixer.ablation.design import Ablate, Member, members
from mixer.ablation.effects import Effect, analyse
from mixer.ablation.simplex import mixture_models
from mixer.ablation.tables import DesignRow, Result

BASE = {"instruction": 0.4, "open_ended": 0.4, "feedback": 0.2}


def _rows(made: list[Member]) -> list[DesignRow]:
    return [
        DesignRow(
            m.name,
            tuple(m.designs.split("+")),
            m.factor,
            m.level,
            m.feedback_as if m.shares.get("feedback") else "",
            m.shares,
        )
        for m in made
    ]


def _found(effects: list[Effect], design: str) -> dict[str, Effect]:
    return {effect.term: effect for effect in effects if effect.design == design}


def test_leave_one_out_is_full_minus_without() -> None:
    design = _rows(members(Ablate(designs=("leave_one_out",)), BASE, 0))
    value = {"full": 0.7, "without-feedback": 0.5, "without-open_ended": 0.75}
    measured = [Result(name, "1", "m", v) for name, v in value.items()]
    found = analyse(design, measured)
    effects = _found(found.effects, "leave_one_out")
    assert effects["feedback"].estimate == pytest.approx(0.2)
    assert effects["open_ended"].estimate == pytest.approx(-0.05)
    assert effects["feedback"].low is None
    assert "run members again" in found.notes[0]
    assert "instruction" not in effects


def test_two_by_two_as_in_a_textbook() -> None:
    # Without the empty mixture a 2 × 2 design has three members; with three runs each of a and b.
    base = {"a": 0.5, "b": 0.5}
    design = _rows(members(Ablate(designs=("factorial",)), base, 0))
    values = {"with-a": (10.0, 12.0), "with-b": (20.0, 22.0), "full": (40.0, 42.0)}
    measured = [
        Result(name, f"{name}{run}", "m", v)
        for name, two in values.items()
        for run, v in enumerate(two)
    ]
    effects = _found(analyse(design, measured).effects, "factorial")
    # full − with-b and full − with-a; noise variance 2 with 3 degrees of freedom, t = 3.182.
    assert effects["a"].estimate == pytest.approx(20)
    assert effects["b"].estimate == pytest.approx(30)
    low, high = effects["a"].low, effects["a"].high
    assert low is not None
    assert high is not None
    assert (high - low) / 2 == pytest.approx(3.182 * np.sqrt(2), rel=1e-3)


def test_a_dose_series_is_a_line() -> None:
    wanted = Ablate(designs=(), dose={"feedback": (0.0, 0.1, 0.4)})
    design = _rows(members(wanted, BASE, 0))
    measured = [
        Result(row.member, "1", "m", 1 + 2 * row.shares["feedback"])
        for row in design
        if "dose" in row.designs
    ]
    (effect,) = analyse(design, measured).effects
    assert effect.term == "feedback, each +0.1"
    assert effect.estimate == pytest.approx(0.2)


def test_intervals_cover_the_true_effect_about_95_times_in_100() -> None:
    design = _rows(members(Ablate(designs=("leave_one_out",)), BASE, 0))
    generator = np.random.Generator(np.random.PCG64(3))
    covered, tries = 0, 300
    for _ in range(tries):
        measured = [
            Result(row.member, str(number), "m", float(generator.normal(row.member == "full", 1)))
            for row in design
            for number in range(4)
        ]
        measured = [r._replace(run=f"{r.member}{r.run}") for r in measured]
        effect = _found(analyse(design, measured).effects, "leave_one_out")["feedback"]
        assert effect.low is not None
        assert effect.high is not None
        covered += effect.low <= 1 <= effect.high
    assert 0.91 * tries <= covered <= 0.99 * tries


def test_runs_that_all_members_share_are_compared_with_one_another() -> None:
    design = _rows(members(Ablate(designs=("one_at_a_time",)), BASE, 0))
    generator = np.random.Generator(np.random.PCG64(4))
    shared = generator.normal(0, 5, 6)
    measured = [
        Result(row.member, str(run), "m", float(shared[run] + generator.normal(0, 0.1)))
        for row in design
        for run in range(6)
        if "one_at_a_time" in row.designs
    ]
    apart = [r._replace(run=f"{r.member}{r.run}") for r in measured]
    paired = _found(analyse(design, measured).effects, "one_at_a_time")["feedback"]
    alone = _found(analyse(design, apart).effects, "one_at_a_time")["feedback"]
    assert paired.estimate == pytest.approx(alone.estimate)
    assert _width(paired) < _width(alone) / 5


def _width(effect: Effect) -> float:
    assert effect.low is not None
    assert effect.high is not None
    return effect.high - effect.low


def test_pairs_against_chosen_answers() -> None:
    design = _rows(members(Ablate(feedback_as=("preference", "chosen")), BASE, 0))
    measured = [
        Result(row.member, "1", "m", 0.5 + 0.1 * (row.feedback_as == "preference"))
        for row in design
    ]
    found = analyse(design, measured).effects
    assert _found(found, "feedback_as")["pairs, not chosen alone"].estimate == pytest.approx(0.1)
    # Each way is compared within itself: the full mixture of pairs with those without, of pairs.
    terms = _found(found, "leave_one_out")
    assert terms["instruction (chosen)"].estimate == pytest.approx(0)
    assert terms["instruction (preference)"].estimate == pytest.approx(0)


def test_a_linear_model_of_random_mixtures_finds_its_coefficients() -> None:
    design = _rows(members(Ablate(designs=(), simplex=12), BASE, 5))
    truth = {"instruction": 0.2, "open_ended": 0.5, "feedback": 0.9}
    measured = [
        Result(row.member, "1", "m", sum(truth[v] * share for v, share in row.shares.items()))
        for row in design
    ]
    (model,), notes = mixture_models(design, measured)
    assert not notes
    assert {e.term: round(e.estimate, 6) for e in model.coefficients} == truth
    assert model.predicted_r2 == pytest.approx(1)
    highest = max(row.shares["feedback"] for row in design if "simplex" in row.designs)
    assert model.best["feedback"] == pytest.approx(highest, abs=1e-4)
    assert sum(model.best.values()) == pytest.approx(1, abs=1e-3)
    few, notes = mixture_models(design, measured[:5])
    assert not few
    assert "at least 5 measured members" in notes[0]
