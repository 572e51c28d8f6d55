"""What an analysis says: estimates with their intervals, per metric and design."""

from __future__ import annotations

import msgspec


class Estimate(msgspec.Struct, frozen=True):
    """One number and its 95 % interval; `low` and `high` are None where nothing measures noise."""

    name: str
    value: float
    low: float | None
    high: float | None
    degrees_of_freedom: int


class DosePoint(msgspec.Struct, frozen=True):
    """The mean of all runs at one share (0-1) of a component."""

    share: float
    mean: float
    runs: int


class DoseCurve(msgspec.Struct, frozen=True):
    """Points in order of the share."""

    component: str
    points: tuple[DosePoint, ...]


class Mixture(msgspec.Struct, frozen=True):
    """Shares in the order of the prediction's components; `predicted` bears the mixture's name."""

    shares: tuple[float, ...]
    predicted: Estimate


class Prediction(msgspec.Struct, frozen=True):
    """Where the regression on shares puts the highest and the lowest metric.

    Which of the two is best depends on the metric (accuracy or loss). `predicted_r_squared` is of
    members left out one at a time; None where it is not defined.
    """

    components: tuple[str, ...]
    predicted_r_squared: float | None
    highest_tried: Mixture
    lowest_tried: Mixture
    highest_within_range: Mixture
    lowest_within_range: Mixture


class Findings(msgspec.Struct, frozen=True):
    """What one design says of one metric; `notes` say why estimates are missing."""

    estimates: tuple[Estimate, ...] = ()
    notes: tuple[str, ...] = ()
    curves: tuple[DoseCurve, ...] = ()
    prediction: Prediction | None = None


class Study(msgspec.Struct, frozen=True):
    """One metric in one design: members with a value, their runs, and the findings.

    Where members use feedback in several ways, each way is a study of its own.
    """

    metric: str
    design: str
    members: int
    runs: int
    findings: Findings
    feedback_as: str = ""

    @property
    def place(self) -> str:
        """The design, and how its members use feedback where others use it otherwise."""
        return (
            f"{self.design} (feedback as {self.feedback_as})" if self.feedback_as else self.design
        )


class Analysis(msgspec.Struct, frozen=True):
    """All studies, metric by metric in the order of the results.

    Each interval covers its own number in 95 of 100 repetitions; all of a table together do so
    less often, so one effect of many that excludes zero is weak evidence.
    """

    studies: tuple[Study, ...]
    notes: tuple[str, ...] = ()
