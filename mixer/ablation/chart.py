"""One PNG of an analysis: effects with intervals (a forest plot), dose curves beneath.

Drawn on matplotlib's own canvas: no display, no state shared with the caller, the same bytes for
the same analysis.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mixer.ablation.findings import Analysis, Study
from mixer.ablation.results import DOSE, SIMPLEX
from mixer.ablation.text import MEANINGS
from mixer.errors import InputError, OutputError

_COLUMN_INCHES = 7.0
_LINE_INCHES = 0.3
_FRAME_INCHES = 1.0
_CURVE_INCHES = 2.8
_DOTS_PER_INCH = 120
# The canvas takes fewer than 2^16 dots a side.
_MOST_DOTS = 60_000
# Names are the user's: a $ in them is no formula.
_PLAIN: dict[str, Any] = {"parse_math": False}


def chart(analysis: Analysis, path: Path) -> None:
    """A column for each metric, a panel for each design; InputError without matplotlib."""
    metrics = list(dict.fromkeys(study.metric for study in analysis.studies))
    drawn = [study for study in analysis.studies if study.findings.estimates]
    places = list(dict.fromkeys(study.place for study in drawn))
    curves = any(study.findings.curves for study in analysis.studies)
    if not places and not curves:
        raise InputError("nothing to draw: no design has an effect yet")
    heights = [_height([one for one in drawn if one.place == place]) for place in places]
    heights += [_CURVE_INCHES] if curves else []
    figure, panels = _panels(len(metrics), heights)
    by_place = {(study.metric, study.place): study for study in drawn}
    for column, metric in enumerate(metrics):
        for row, place in enumerate(places):
            _forest(panels[row][column], by_place.get((metric, place)))
        if curves:
            _curves(panels[-1][column], [one for one in analysis.studies if one.metric == metric])
    _save(figure, path)


def _panels(columns: int, heights: Sequence[float]) -> tuple[Any, Any]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("charts need matplotlib: pip install 'mixer-data[charts]'") from error
    size = (_COLUMN_INCHES * columns, sum(heights))
    dots = min(_DOTS_PER_INCH, _MOST_DOTS / max(size))
    figure = Figure(figsize=size, dpi=dots, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(heights), columns, squeeze=False, height_ratios=list(heights))
    return figure, panels


def _height(studies: Sequence[Study]) -> float:
    lines = max(len(study.findings.estimates) for study in studies)
    return _FRAME_INCHES + _LINE_INCHES * lines


def _forest(panel: Any, study: Study | None) -> None:
    if study is None:
        panel.set_axis_off()
        return
    estimates = study.findings.estimates
    for line, one in enumerate(estimates):
        if one.low is not None and one.high is not None:
            panel.plot([one.low, one.high], [line, line], color="tab:blue", linewidth=1.5)
        panel.plot([one.value], [line], "o", color="tab:blue", markersize=5)
    if study.design != SIMPLEX:
        panel.axvline(0, color="0.5", linewidth=0.8)
    panel.set_yticks(range(len(estimates)), [one.name for one in estimates], **_PLAIN)
    panel.set_ylim(len(estimates) - 0.5, -0.5)
    word, meaning = MEANINGS[study.design]
    panel.set_title(f"{study.metric}: {study.place}", fontsize=10, **_PLAIN)
    panel.set_xlabel(f"{word}: {meaning}", fontsize=8)


def _curves(panel: Any, studies: Sequence[Study]) -> None:
    curves = {
        f"{curve.component} ({study.feedback_as})" if study.feedback_as else curve.component: curve
        for study in studies
        for curve in study.findings.curves
    }
    if not curves:
        panel.set_axis_off()
        return
    for curve in curves.values():
        shares = [point.share for point in curve.points]
        panel.plot(shares, [point.mean for point in curve.points], "o-", markersize=4)
    panel.set_title(f"{studies[0].metric}: {DOSE}", fontsize=10, **_PLAIN)
    panel.set_xlabel("share; mean of all runs", fontsize=8)
    _legend(panel, list(curves))


def _legend(panel: Any, names: Sequence[str]) -> None:
    # matplotlib leaves out a label that starts with an underscore: names are set afterwards.
    legend = panel.legend(panel.lines, [str(i) for i in range(len(names))], fontsize=8)
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
        text.set_parse_math(False)


def _save(figure: Any, path: Path) -> None:
    try:
        with warnings.catch_warnings():
            # A letter that the font lacks becomes a box; the chart is still worth having.
            warnings.simplefilter("ignore", UserWarning)
            figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise OutputError(f"{path}: the chart cannot be written: {error.strerror}") from error
