"""Tables of text: what they say, that they are drawn on one scale, and print."""

from __future__ import annotations

import numpy as np
import pytest
from families import family, leave_one_out, member, results, simplex

from mixer.ablation.analyse import analyse
from mixer.ablation.findings import Analysis
from mixer.ablation.results import Measurement, Results
from mixer.ablation.text import DRAWING_COLUMNS, as_text
from mixer.report.tables import print_table

RUNS = {
    "full": [0.80, 0.82],
    "without-instruction": [0.70, 0.72],
    "without-open_ended": [0.81, 0.83],
    "without-feedback": [0.60, 0.66],
}


def test_effects_are_a_table_with_intervals_drawn_on_one_scale() -> None:
    (table,) = as_text(analyse(leave_one_out(), results(RUNS, "own")))
    title, header, rows = table
    assert title.startswith("accuracy, leave-one-out: reference less the mixture without")
    assert title.endswith("(8 runs of 4 members)")
    assert header[:5] == ["component", "effect", "low", "high", "df"]
    assert [row[:2] for row in rows] == [
        ["instruction", "+0.1000"],
        ["open_ended", "-0.0100"],
        ["feedback", "+0.1800"],
    ]
    drawings = [row[5] for row in rows]
    assert all(len(drawing) == DRAWING_COLUMNS for drawing in drawings)
    assert all(drawing.count("o") == 1 and drawing.count("|") == 2 for drawing in drawings)
    order = [drawing.index("o") for drawing in drawings]
    assert order[1] < order[0] < order[2]
    assert all(text.isascii() for row in rows for text in row)


def test_an_effect_without_an_interval_is_a_point() -> None:
    once = {name: runs[:1] for name, runs in RUNS.items()}
    effects, notes = as_text(analyse(leave_one_out(), results(once)))
    assert [row[2:4] for row in effects.rows] == [["      -", "      -"]] * 3
    assert set(effects.rows[0][5]) == {" ", ":", "o"}
    assert notes.rows == [
        [
            "leave-one-out (accuracy)",
            "one run a member: no interval can be given; train members with more seeds",
        ]
    ]


def test_equal_notes_of_two_metrics_stand_once() -> None:
    once = tuple(
        Measurement(name, "1", metric, runs[0])
        for metric in ("accuracy", "win_rate")
        for name, runs in RUNS.items()
    )
    *_, notes = as_text(analyse(leave_one_out(), Results(once, 1234)))
    assert [row[0] for row in notes.rows] == ["results", "leave-one-out (accuracy, win_rate)"]
    assert notes.rows[0][1].startswith("1,234 values")


def test_doses_and_predictions_have_tables_of_their_own() -> None:
    doses = family(
        *(member(f"d{x}", "dose", (1 - x, 0, x), "feedback", str(x)) for x in (0.0, 0.05, 0.2))
    )
    slopes, means, *_ = as_text(analyse(doses, results({"d0.0": [1], "d0.05": [2], "d0.2": [3]})))
    assert "change per +0.10 of share" in slopes.title
    assert [row[1] for row in means.rows] == ["0.00%", "5.00%", "20.00%"]
    shares = np.random.default_rng(1).dirichlet([1, 1, 1], 8)
    values = {f"random-{i}": [value] for i, value in enumerate(shares @ [1, 2, 3])}
    _, predicted = as_text(analyse(simplex(*shares), results(values)))
    assert predicted.title.endswith("(leave-one-out R2 1.00)")
    assert predicted.header[4:] == ["instruction", "open_ended", "feedback"]
    assert [row[0].split(" (")[0] for row in predicted.rows] == [
        "highest tried",
        "lowest tried",
        "highest within the range tried",
        "lowest within the range tried",
    ]


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e99, -3.0])
def test_any_size_of_value_is_drawn(value: float) -> None:
    runs = {name: [value, value] for name in RUNS} | {"full": [value * 2, value * 2]}
    (table,) = as_text(analyse(leave_one_out(), results(runs, "own")))
    assert all(len(row[5]) == DRAWING_COLUMNS for row in table.rows)


def test_tables_print(capsys: pytest.CaptureFixture[str]) -> None:
    for title, header, rows in as_text(analyse(leave_one_out(), results(RUNS))):
        print_table(header, rows, title)
    printed = capsys.readouterr().out
    assert "accuracy, leave-one-out" in printed
    assert "run means are removed first" in printed


def test_an_empty_analysis_has_no_tables() -> None:
    assert as_text(Analysis(())) == []
