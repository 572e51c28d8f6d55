"""Effects as a picture (PNG) and as bars of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mixer.ablation.effects import Effect
from mixer.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR_CHARACTERS = 31


def bars(effects: list[Effect]) -> list[str]:
    """One bar an effect, `---o---`, all on one scale with `|` at zero."""
    ends = [end for e in effects for end in (e.estimate, e.low, e.high) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    width = (high - low) or 1.0

    def place(value: float) -> int:
        return round((value - low) / width * (_BAR_CHARACTERS - 1))

    return [_bar(effect, place) for effect in effects]


def _bar(effect: Effect, place: Callable[[float], int]) -> str:
    line = [" "] * _BAR_CHARACTERS
    if effect.low is not None and effect.high is not None:
        for at in range(place(effect.low), place(effect.high) + 1):
            line[at] = "-"
    line[place(0.0)] = "|"
    line[place(effect.estimate)] = "o"
    return "".join(line)


def draw(effects: list[Effect], path: Path) -> None:
    """A panel a metric, an interval an effect; InputError without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("charts need matplotlib: pip install 'mixer-data[charts]'") from error
    metrics = list(dict.fromkeys(effect.metric for effect in effects))
    counts = [sum(effect.metric == metric for effect in effects) for metric in metrics]
    figure = Figure(figsize=(8, 1.2 * len(metrics) + 0.35 * sum(counts)), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(metrics), 1, squeeze=False, height_ratios=counts)[:, 0]
    for panel, metric in zip(panels, metrics, strict=True):
        _panel(panel, metric, [effect for effect in effects if effect.metric == metric])
    # Without the version of matplotlib in it, the same results give the same bytes.
    figure.savefig(path, format="png", dpi=120, metadata={"Software": None})


def _panel(panel: Axes, metric: str, effects: list[Effect]) -> None:
    for row, effect in enumerate(effects):
        if effect.low is not None and effect.high is not None:
            panel.plot([effect.low, effect.high], [row, row], color="tab:blue", linewidth=2)
        panel.plot([effect.estimate], [row], "o", color="tab:blue")
    panel.axvline(0.0, color="grey", linewidth=1)
    labels = [f"{effect.term}  ({effect.design.replace('_', ' ')})" for effect in effects]
    panel.set_yticks(range(len(effects)), labels)
    panel.invert_yaxis()
    panel.set_xlabel(f"effect on {metric}, 95 % intervals")
