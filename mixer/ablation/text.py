"""An analysis as tables of text: (title, header, rows), with intervals drawn on a common scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mixer.ablation.findings import Analysis, DoseCurve, Estimate, Prediction, Study
from mixer.ablation.results import (
    DOSE,
    FACTORIAL,
    FEEDBACK_AS,
    LEAVE_ONE_OUT,
    ONE_AT_A_TIME,
    SIMPLEX,
)

DRAWING_COLUMNS = 41
_DIGITS = 4
_MOST_DECIMALS = 12
MEANINGS = {
    LEAVE_ONE_OUT: ("effect", "reference less the mixture without the component"),
    ONE_AT_A_TIME: ("effect", "the component alone less the mean of the others alone"),
    FACTORIAL: ("effect", "the component in less the component out"),
    DOSE: ("slope", "change per +0.10 of share"),
    FEEDBACK_AS: ("effect", "preference pairs less their chosen answers alone"),
    SIMPLEX: ("coefficient", "the line's value at this component alone"),
}


class Table(NamedTuple):
    """What mixer.report.tables.print_table prints."""

    title: str
    header: list[str]
    rows: list[list[str]]


class _Scale(NamedTuple):
    low: float
    high: float
    decimals: int

    def column(self, value: float) -> int:
        width = self.high - self.low
        where = (value - self.low) / width if width > 0 else 0.5
        return round(where * (DRAWING_COLUMNS - 1))

    def number(self, value: float | None) -> str:
        return "-" if value is None else f"{value:+.{self.decimals}f}"


def as_text(analysis: Analysis) -> list[Table]:
    """Tables in the order of the studies; notes come last."""
    tables = [table for study in analysis.studies for table in _of_study(study)]
    notes = _notes(analysis)
    return [*tables, Table("notes", ["of", "note"], notes)] if notes else tables


def _of_study(study: Study) -> Iterable[Table]:
    found = study.findings
    if found.estimates:
        yield _effects(study)
    if found.curves:
        yield _doses(study, found.curves)
    if found.prediction:
        yield _predictions(study, found.prediction)


def _effects(study: Study) -> Table:
    word, meaning = MEANINGS[study.design]
    estimates = study.findings.estimates
    scale = _scale(_ends(estimates), with_zero=study.design != SIMPLEX)
    rows = [
        [one.name, *_aligned(one, scale), str(one.degrees_of_freedom), _drawing(one, scale)]
        for one in estimates
    ]
    title = f"{study.metric}, {study.place}: {meaning}"
    header = ["component", word, "low", "high", "df", _drawing_header(scale)]
    return Table(f"{title} ({study.runs:,} runs of {study.members:,} members)", header, rows)


def _aligned(one: Estimate, scale: _Scale) -> list[str]:
    width = max(len(scale.number(end)) for end in (scale.low, scale.high))
    return [scale.number(number).rjust(width) for number in (one.value, one.low, one.high)]


def _doses(study: Study, curves: Sequence[DoseCurve]) -> Table:
    scale = _scale([point.mean for curve in curves for point in curve.points], with_zero=False)
    rows = [
        [
            curve.component,
            f"{point.share:.2%}",
            scale.number(point.mean),
            str(point.runs),
            _drawing(Estimate("", point.mean, None, None, 0), scale),
        ]
        for curve in curves
        for point in curve.points
    ]
    header = ["component", "share", "mean", "runs", _drawing_header(scale, "mean")]
    return Table(f"{study.metric}, {study.place}: mean at each share", header, rows)


def _predictions(study: Study, prediction: Prediction) -> Table:
    chosen = {
        "highest tried": prediction.highest_tried,
        "lowest tried": prediction.lowest_tried,
        "highest within the range tried": prediction.highest_within_range,
        "lowest within the range tried": prediction.lowest_within_range,
    }
    scale = _scale(_ends([one.predicted for one in chosen.values()]), with_zero=False)
    rows = [
        [
            f"{words} ({one.predicted.name})" if one.predicted.name else words,
            *_aligned(one.predicted, scale),
            *(f"{share:.1%}" for share in one.shares),
        ]
        for words, one in chosen.items()
    ]
    score = prediction.predicted_r_squared
    quality = "not defined" if score is None else f"{score:.2f}"
    title = f"{study.metric}, {study.place}: predicted by the shares (leave-one-out R2 {quality})"
    return Table(title, ["mixture", "predicted", "low", "high", *prediction.components], rows)


def _notes(analysis: Analysis) -> list[list[str]]:
    """Equal notes of several metrics stand once."""
    metrics: dict[tuple[str, str], list[str]] = {}
    for study in analysis.studies:
        for note in study.findings.notes:
            metrics.setdefault((study.place, note), []).append(study.metric)
    rows = [[f"{design} ({', '.join(of)})", note] for (design, note), of in metrics.items()]
    return [["results", note] for note in analysis.notes] + rows


def _ends(estimates: Iterable[Estimate]) -> list[float]:
    numbers = (number for one in estimates for number in (one.value, one.low, one.high))
    return [number for number in numbers if number is not None]


def _scale(numbers: list[float], with_zero: bool) -> _Scale:
    ends = [*numbers, 0.0] if with_zero else numbers
    largest = max(map(abs, ends))
    before_point = math.floor(math.log10(largest)) + 1 if largest > 0 else 1
    return _Scale(min(ends), max(ends), min(max(_DIGITS - before_point, 0), _MOST_DECIMALS))


def _drawing_header(scale: _Scale, what: str = "95 % interval") -> str:
    return f"{what}, {scale.number(scale.low)} to {scale.number(scale.high)}"


def _drawing(one: Estimate, scale: _Scale) -> str:
    """|----o----| where there is an interval, o alone where there is none, : at zero."""
    cells = [" "] * DRAWING_COLUMNS
    if scale.low <= 0 <= scale.high:
        cells[scale.column(0)] = ":"
    if one.low is not None and one.high is not None:
        low, high = scale.column(one.low), scale.column(one.high)
        cells[low : high + 1] = "-" * (high + 1 - low)
        cells[low] = cells[high] = "|"
    cells[scale.column(one.value)] = "o"
    return "".join(cells)
