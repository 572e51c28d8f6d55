"""The chart is a PNG of the same bytes each time, whatever the names in it."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from families import family, leave_one_out, member, results

from mixer.ablation.analyse import analyse
from mixer.ablation.chart import chart
from mixer.ablation.findings import Analysis
from mixer.ablation.results import Measurement, Results
from mixer.errors import InputError, OutputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RUNS = {
    "full": [0.80, 0.82],
    "without-instruction": [0.70, 0.72],
    "without-open_ended": [0.81, 0.83],
    "without-feedback": [0.60, 0.66],
}


def example(metrics: tuple[str, ...] = ("accuracy",), component: str = "feedback") -> Analysis:
    """Leave-one-out and doses of two components."""
    doses = [
        member(f"{name}-{x}", "dose", (x, 0, 1 - x), name, str(x))
        for name in ("instruction", "feedback")
        for x in (0.0, 0.1, 0.4)
    ]
    design = family(*leave_one_out().members, *doses)
    runs = RUNS | {one.name: [one.shares["feedback"], 0.3] for one in doses}
    measured = Results(
        tuple(
            Measurement(name, str(run), metric, value)
            for metric in metrics
            for name, values in runs.items()
            for run, value in enumerate(values)
        )
    )
    return analyse(design, measured)


def drawn(folder: Path, analysis: Analysis, name: str = "effects.png") -> bytes:
    chart(analysis, folder / name)
    return (folder / name).read_bytes()


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_it_is_a_png_that_opens(tmp_path: Path) -> None:
    from matplotlib.image import imread

    png = drawn(tmp_path, example())
    assert png.startswith(SIGNATURE)
    pixels = imread(tmp_path / "effects.png")
    assert pixels.shape[:2] == size_of(png)[::-1]
    assert pixels.min() < pixels.max()


def test_the_same_analysis_gives_the_same_bytes(tmp_path: Path) -> None:
    first = drawn(tmp_path, example(), "first.png")
    assert drawn(tmp_path, example(), "second.png") == first
    assert b"Software" not in first
    assert b"tEXt" not in first


def test_metrics_stand_side_by_side(tmp_path: Path) -> None:
    one = size_of(drawn(tmp_path, example()))
    two = size_of(drawn(tmp_path, example(("accuracy", "win_rate"))))
    assert two == (2 * one[0], one[1])


def test_metrics_measured_on_different_designs_leave_a_gap(tmp_path: Path) -> None:
    left = analyse(leave_one_out(), results(RUNS)).studies
    right = example(("win_rate",)).studies[1:]
    assert drawn(tmp_path, Analysis((*left, *right))).startswith(SIGNATURE)


@pytest.mark.parametrize("name", ["a$b$", "$\\frac", "_hidden", "評価", "x" * 200])
def test_any_name_can_be_drawn(tmp_path: Path, name: str) -> None:
    doses = [member(f"d{x}", "dose", (1 - x, x), "c1", str(x)) for x in (0.0, 0.5)]
    renamed = family(
        *(
            type(one)(one.name, one.designs, name, one.level, {"c0": 1.0, name: one.shares["c1"]})
            for one in doses
        )
    )
    measured = Results(tuple(Measurement(one.name, "1", name, 1.0) for one in doses))
    assert drawn(tmp_path, analyse(renamed, measured)).startswith(SIGNATURE)


def test_many_metrics_still_fit_on_the_canvas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mixer.ablation.chart._MOST_DOTS", 300)
    assert max(size_of(drawn(tmp_path, example(("accuracy", "win_rate"))))) <= 300


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        chart(Analysis(()), tmp_path / "effects.png")


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(
        InputError, match=r"charts need matplotlib: pip install 'mixer-data\[charts\]'"
    ):
        chart(example(), tmp_path / "effects.png")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the chart cannot be written: No such file"):
        chart(example(), tmp_path / "none" / "effects.png")


def test_heavy_libraries_load_only_when_they_are_needed() -> None:
    code = (
        "import sys, mixer.ablation.analyse, mixer.ablation.chart, mixer.ablation.text;"
        "print(sorted({'scipy', 'matplotlib', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
