"""Effects and intervals against hand-computed examples, scipy and simulation."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from families import COMPONENTS, family, findings, leave_one_out, member, one_at_a_time, results
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mixer.ablation.analyse import analyse
from mixer.ablation.findings import Estimate
from mixer.ablation.results import Design, Measurement, Results

LOO = ("full", "without-instruction", "without-open_ended", "without-feedback")
numbers = st.floats(-100, 100)


def interval(one: Estimate) -> tuple[float, float]:
    assert one.low is not None
    assert one.high is not None
    return one.low, one.high


def test_leave_one_out_is_a_difference_of_means_with_a_pooled_interval() -> None:
    values = {"full": [10, 12], LOO[1]: [7, 9], LOO[2]: [11, 11], LOO[3]: [5]}
    found = findings(leave_one_out(), values)
    assert [one.name for one in found.estimates] == list(COMPONENTS)
    assert [one.value for one in found.estimates] == pytest.approx([3, 0, 6])
    # Squares within members: 2 + 2 + 0, on 7 runs - 4 members degrees of freedom.
    half = stats.t.ppf(0.975, 3) * np.sqrt(4 / 3 * (1 / 2 + 1))
    last = found.estimates[2]
    assert (last.low, last.high) == pytest.approx((6 - half, 6 + half))
    assert last.degrees_of_freedom == 3
    assert found.notes == ()


def test_one_at_a_time_compares_with_the_mean_of_the_others() -> None:
    values = {"only-instruction": [6, 8], "only-open_ended": [2, 4], "only-feedback": [1, 1]}
    found = findings(one_at_a_time(), values)
    assert [one.value for one in found.estimates] == pytest.approx([5, -1, -4])
    half = stats.t.ppf(0.975, 3) * np.sqrt(4 / 3 * (1 / 2 + (1 / 2 + 1 / 2) / 4))
    assert found.estimates[0].high == pytest.approx(5 + half)


@pytest.mark.parametrize("design", [leave_one_out(), one_at_a_time()])
def test_a_single_run_gives_effects_without_intervals(design: Design) -> None:
    values = {one.name: [number] for number, one in enumerate(design.members)}
    found = findings(design, values)
    assert len(found.estimates) == 3
    assert all(one.low is None and one.high is None for one in found.estimates)
    assert "one run a member: no interval can be given" in found.notes[0]


def dose_family() -> Design:
    levels = (0.0, 0.05, 0.2, 0.4)
    doses = [
        member(f"dose-{x}", "dose", ((1 - x) / 2, (1 - x) / 2, x), "feedback", str(x))
        for x in levels
    ]
    return family(*doses)


def test_a_slope_equals_scipys_and_is_per_ten_points() -> None:
    runs = {"dose-0.0": [1.0, 1.2], "dose-0.05": [1.1], "dose-0.2": [1.9, 2.0], "dose-0.4": [2.2]}
    found = findings(dose_family(), runs)
    shares = [0, 0, 0.05, 0.2, 0.2, 0.4]
    oracle = stats.linregress(shares, [1.0, 1.2, 1.1, 1.9, 2.0, 2.2])
    (slope,) = found.estimates
    assert slope.value == pytest.approx(oracle.slope / 10)
    half = stats.t.ppf(0.975, 4) * oracle.stderr / 10
    assert (slope.low, slope.high) == pytest.approx((slope.value - half, slope.value + half))
    (curve,) = found.curves
    assert [(p.share, p.mean, p.runs) for p in curve.points] == [
        (0.0, pytest.approx(1.1), 2), (0.05, 1.1, 1), (0.2, pytest.approx(1.95), 2), (0.4, 2.2, 1)
    ]  # fmt: skip


def test_one_dose_has_a_mean_but_no_slope() -> None:
    found = findings(dose_family(), {"dose-0.2": [1, 2]})
    assert found.estimates == ()
    assert "feedback: all measured members have one share: no slope" in found.notes
    assert found.curves[0].points[0].mean == 1.5


def test_the_reference_belongs_to_the_doses_of_every_component() -> None:
    third = (1 / 3, 1 / 3, 1 / 3)
    design = family(
        member("full", "dose", third, "feedback", "0.333"),
        member("feedback-0", "dose", (0.5, 0.5, 0), "feedback", "0"),
        member("instruction-0", "dose", (0, 0.5, 0.5), "instruction", "0"),
    )
    found = findings(design, {"full": [3], "feedback-0": [1], "instruction-0": [2]})
    slopes = {one.name: one.value for one in found.estimates}
    assert slopes == pytest.approx({"feedback": 0.6, "instruction": 0.3})


def test_intervals_cover_the_true_effect_in_about_95_of_100_draws() -> None:
    generator = np.random.default_rng(5)
    truth = dict(zip(LOO, (1.0, 0.7, 1.0, 1.4), strict=True))
    covered = 0
    for _ in range(400):
        values = {
            name: (mean + generator.normal(0, 0.5, 3)).tolist() for name, mean in truth.items()
        }
        low, high = interval(findings(leave_one_out(), values).estimates[0])
        covered += low <= 0.3 <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_paired_runs_give_narrower_intervals_and_cover_as_often() -> None:
    generator = np.random.default_rng(6)
    covered, widths, unpaired = 0, [], []
    for _ in range(400):
        seeds = generator.normal(0, 3, 4)
        values = {name: (seeds + generator.normal(0, 0.3, 4)).tolist() for name in LOO}
        paired = findings(leave_one_out(), values, labels="same").estimates[0]
        alone = findings(leave_one_out(), values, labels="own").estimates[0]
        assert paired.value == pytest.approx(alone.value)
        low, high = interval(paired)
        covered += low <= 0 <= high
        widths.append(high - low)
        unpaired.append(np.diff(interval(alone)).item())
    assert 0.92 <= covered / 400 <= 0.98
    assert np.median(widths) < np.median(unpaired) / 4


def test_blocks_equal_a_fit_with_a_column_for_each_run() -> None:
    values = np.random.default_rng(7).normal(size=(4, 3))
    found = findings(leave_one_out(), dict(zip(LOO, values, strict=True)), labels="same")
    assert found.notes[0].startswith("each of 4 members has the same 3 runs")
    assert found.estimates[0].degrees_of_freedom == 6
    members, runs = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
    lines = np.hstack([np.eye(4)[members], np.eye(3)[runs][:, 1:]])
    oracle, squares, _, _ = np.linalg.lstsq(lines, values.ravel(), rcond=None)
    half = stats.t.ppf(0.975, 6) * np.sqrt(squares[0] / 6 * 2 / 3)
    for one, without in zip(found.estimates, oracle[1:4], strict=True):
        assert one.value == pytest.approx(oracle[0] - without)
        assert one.high == pytest.approx(one.value + half)


def test_runs_that_one_member_lacks_are_not_paired() -> None:
    values = {name: [1.0, 2.0] for name in LOO[:3]} | {LOO[3]: [1.0]}
    found = findings(leave_one_out(), values, labels="same")
    assert found.notes == ()
    assert found.estimates[0].degrees_of_freedom == 3


@given(
    st.lists(st.lists(numbers, min_size=2, max_size=3), min_size=4, max_size=4),
    st.floats(0.01, 100),
    st.floats(-50, 50),
)
def test_effects_scale_with_the_metric_and_ignore_its_origin(
    runs: list[list[float]], scale: float, origin: float
) -> None:
    before = findings(leave_one_out(), dict(zip(LOO, runs, strict=True)))
    moved = [[scale * value + origin for value in own] for own in runs]
    after = findings(leave_one_out(), dict(zip(LOO, moved, strict=True)))
    for one, other in zip(before.estimates, after.estimates, strict=True):
        for end in ("value", "low", "high"):
            assert getattr(other, end) == pytest.approx(scale * getattr(one, end), abs=1e-6)


def test_a_member_may_serve_two_designs_under_the_factor_of_one() -> None:
    design = family(
        member("full", "reference", (0.5, 0.5)),
        member("without-c0", "leave-one-out+one-at-a-time", (0, 1), "c0", "out"),
        member("without-c1", "leave-one-out+one-at-a-time", (1, 0), "c1", "out"),
    )
    values = {"full": [10], "without-c0": [4], "without-c1": [7]}
    first, second = analyse(design, results(values)).studies
    assert {one.name: one.value for one in first.findings.estimates} == {"c0": 6, "c1": 3}
    assert {one.name: one.value for one in second.findings.estimates} == {"c1": -3, "c0": 3}


def test_ways_to_use_feedback_are_not_mixed() -> None:
    pairs = leave_one_out().members
    chosen = [
        msgspec.structs.replace(one, name=f"{one.name}-chosen", feedback_as="chosen")
        for one in pairs[:3]
    ]
    used = [msgspec.structs.replace(one, feedback_as="pairs") for one in pairs[:3]]
    design = family(*used, *chosen, pairs[3])
    values = {one.name: [10.0 if "chosen" in one.name else 0.0] for one in design.members}
    studies = analyse(design, results(values)).studies
    assert [study.feedback_as for study in studies] == ["chosen", "pairs", ""]
    assert [one.value for one in studies[0].findings.estimates] == [0, 0, 10]
    assert [one.value for one in studies[1].findings.estimates] == [0, 0, 0]
    assert studies[2].design == "feedback-as"
    assert studies[2].members == 6
    assert [one.value for one in studies[2].findings.estimates] == [-10]


def test_what_is_not_measured_is_said() -> None:
    measured = (
        Measurement("full", "1", "accuracy", 1.0),
        Measurement(LOO[1], "1", "accuracy", 0.5),
        Measurement(LOO[2], "1", "win_rate", 0.5),
    )
    alone = family(*leave_one_out().members, *one_at_a_time().members)
    found = analyse(alone, Results(measured, not_measured=9))
    assert [study.metric for study in found.studies] == ["accuracy", "win_rate"]
    assert f"not measured: {LOO[2]}, {LOO[3]}" in found.studies[0].findings.notes
    assert "the reference is not measured: nothing to compare" in found.studies[1].findings.notes
    assert found.notes == (
        "9 values are empty in the results: not measured yet",
        "no member of one-at-a-time has a value of accuracy",
        "no member of one-at-a-time has a value of win_rate",
    )


def test_one_measured_member_is_nothing_to_compare() -> None:
    assert findings(leave_one_out(), {"full": [1, 2]}).estimates == ()
    found = findings(one_at_a_time(), {"only-feedback": [1, 2]})
    assert "only one component is measured alone: nothing to compare with" in found.notes
